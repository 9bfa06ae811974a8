import Catalogue
import Foundation
import Radiographs

/// What one has to know of a network to use its checkpoint.
package struct TrainedNetwork: Hashable, Sendable {
  /// The network, as `NetworkChoice.arch` has it.
  package var arch: String
  /// Input channels, 1 to 3.
  package var channels: Int
  /// The square that pictures become.
  package var form: PictureForm
  /// What it scores, in the order of its outputs.
  package var findings: [String]
  /// The head of each finding.
  package var heads: [Head]
  /// How its pictures are normalised, where the number of channels does not say it.
  package var normalize: PictureNormalization?

  /// A network.
  package init(
    arch: String, channels: Int, form: PictureForm, findings: [String], heads: [Head],
    normalize: PictureNormalization? = nil
  ) {
    self.normalize = normalize
    self.arch = arch
    self.channels = channels
    self.form = form
    self.findings = findings
    self.heads = heads
  }

  /// What the checkpoint says of itself in the metadata of a safetensors file: whole numbers as
  /// text, lists as JSON.
  package var metadata: [String: String] {
    let normalization = normalize ?? PictureNormalization(channels: channels)
    var metadata = [
      "format": "pt", "arch": arch, "channels": "\(channels)", "size": "\(form.size)",
      "findings": Self.json(findings), "heads": Self.json(heads.map(\.rawValue)),
      "mean": Self.json(normalization.mean), "std": Self.json(normalization.deviation),
    ]
    // What is usual need not be said.
    if form.fit != .square { metadata["fit"] = form.fit.rawValue }
    if form.filter != .bilinear { metadata["filter"] = form.filter.rawValue }
    if form.bits != 8 { metadata["bits"] = "\(form.bits)" }
    if let decode = form.decode { metadata["decode"] = decode.rawValue }
    if form.equalize { metadata["equalize"] = "true" }
    return metadata
  }

  private static func json(_ list: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return (try? encoder.encode(list)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
  }

  static func list<Item: Decodable>(_ text: String?, of type: Item.Type) -> [Item]? {
    text.flatMap { try? JSONDecoder().decode([Item].self, from: Data($0.utf8)) }
  }
}

/// `images.normalize`: by which values pixels are normalised.
package enum NormalizationChoice: Codable, Hashable, Sendable {
  case fixed(PictureNormalization)
  /// By mean and deviation of the pictures that a training sees, which its checkpoint then names.
  case training

  package init(from decoder: any Decoder) throws {
    let word = try? decoder.singleValueContainer().decode(String.self)
    self =
      word == "training" ? .training : .fixed(try PictureNormalization(from: decoder))
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .fixed(let normalization): try normalization.encode(to: encoder)
    case .training:
      var container = encoder.singleValueContainer()
      try container.encode("training")
    }
  }

  /// The values, where they are not measured by a training.
  package var fixed: PictureNormalization? {
    if case .fixed(let normalization) = self { normalization } else { nil }
  }
}

/// How pixels from 0 to 1 become what a network sees: (x − mean) / deviation, channel by channel.
package struct PictureNormalization: Codable, Hashable, Sendable {
  package let mean: [Double]
  package let deviation: [Double]

  enum CodingKeys: String, CodingKey {
    case mean
    case deviation = "std"
  }

  /// A value of each for each channel.
  package init(mean: [Double], deviation: [Double]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// One mean and deviation for all channels, to six places; no deviation is below 0.001.
  package init(gray: (mean: Double, deviation: Double), channels: Int) {
    func values(_ value: Double) -> [Double] {
      Array(repeating: (value * 1e6).rounded() / 1e6, count: channels)
    }
    self.init(mean: values(gray.mean), deviation: values(max(1e-3, gray.deviation)))
  }

  /// One and two channels have mean 0.5 and deviation 0.5, three those of ImageNet.
  package init(channels: Int) {
    self.init(channels == 3 ? .imageNet : .symmetric, channels: channels)
  }

  /// `scale` for three channels; for fewer its means over the colours.
  init(_ scale: PixelScale, channels: Int) {
    self.init(mean: scale.mean, deviation: scale.deviation, channels: channels)
  }

  /// A value of each for `channels`, from as many or from those of three colours.
  init(mean: [Double], deviation: [Double], channels: Int) {
    func values(_ colours: [Double]) -> [Double] {
      if channels == colours.count { return colours }
      let mean = colours.reduce(0, +) / Double(max(1, colours.count))
      return Array(repeating: (mean * 1e6).rounded() / 1e6, count: channels)
    }
    self.init(mean: values(mean), deviation: values(deviation))
  }
}
