import Foundation

/// What one has to know of a network to use its checkpoint.
package struct TrainedNetwork: Hashable, Sendable {
  /// A name of the catalogue.
  package var arch: String
  /// Input channels, 1 to 3.
  package var channels: Int
  /// Width and height of the pictures in pixels.
  package var size: Int
  /// What it scores, in the order of its outputs.
  package var findings: [String]
  /// The head of each finding.
  package var heads: [Head]

  /// A network.
  package init(arch: String, channels: Int, size: Int, findings: [String], heads: [Head]) {
    self.arch = arch
    self.channels = channels
    self.size = size
    self.findings = findings
    self.heads = heads
  }

  /// What the checkpoint says of itself in the metadata of a safetensors file: whole numbers as
  /// text, lists as JSON.
  package var metadata: [String: String] {
    let normalization = PictureNormalization(channels: channels)
    return [
      "format": "pt", "arch": arch, "channels": "\(channels)", "size": "\(size)",
      "findings": Self.json(findings), "heads": Self.json(heads.map(\.rawValue)),
      "mean": Self.json(normalization.mean), "std": Self.json(normalization.deviation),
    ]
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

/// How pixels from 0 to 1 become what a network sees: (x − mean) / deviation, channel by channel.
package struct PictureNormalization: Hashable, Sendable {
  package let mean: [Float]
  package let deviation: [Float]

  /// One and two channels have mean 0.5 and deviation 0.5, three those of ImageNet.
  package init(channels: Int) {
    let isColour = channels == 3
    mean = isColour ? [0.485, 0.456, 0.406] : Array(repeating: 0.5, count: channels)
    deviation = isColour ? [0.229, 0.224, 0.225] : Array(repeating: 0.5, count: channels)
  }
}
