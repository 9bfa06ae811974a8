import Basics
import Catalogue
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

/// What is known of the network in a checkpoint, from its file or told by a person; `nil` where
/// nothing says it.
package struct NetworkFacts: Sendable {
  package var arch: String?
  package var channels: Int?
  package var size: Int?
  package var findings: [String]?
  package var heads: [Head]?
  /// The head of all findings, in place of `heads`.
  package var head: Head?
  /// The normalisation that the file names.
  private var mean: [Float]?
  private var deviation: [Float]?

  /// Nothing.
  package init() {}

  /// What the safetensors file at `path` says of itself.
  ///
  /// - Throws: where the file cannot be read or is no safetensors file. Its tensors are looked at
  ///   by whoever loads them.
  package init(path: String) throws(Diagnostic) {
    let file = try MappedFile(path)
    let foreign = Diagnostic(
      "`\(path)` is no safetensors file", hint: "a training writes `model.safetensors`")
    guard file.bytes.count >= 8 else { throw foreign }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(file.bytes.count - 8), length <= 100_000_000 else { throw foreign }
    let text = Data(UnsafeRawBufferPointer(rebasing: file.bytes[8..<8 + Int(length)]))
    guard let header = try? JSONDecoder().decode(Header.self, from: text) else { throw foreign }
    let metadata = header.metadata ?? [:]
    arch = metadata["arch"]
    channels = metadata["channels"].flatMap { Int($0) }
    size = metadata["size"].flatMap { Int($0) }
    findings = TrainedNetwork.list(metadata["findings"], of: String.self)
    heads = TrainedNetwork.list(metadata["heads"], of: Head.self)
    mean = TrainedNetwork.list(metadata["mean"], of: Float.self)
    deviation = TrainedNetwork.list(metadata["std"], of: Float.self)
  }

  private struct Header: Decodable {
    let metadata: [String: String]?
    enum CodingKeys: String, CodingKey { case metadata = "__metadata__" }
  }

  /// These facts where `others` says nothing.
  package func overridden(by others: NetworkFacts) -> NetworkFacts {
    var facts = self
    facts.arch = others.arch ?? arch
    facts.channels = others.channels ?? channels
    facts.size = others.size ?? size
    // Heads belong to their findings.
    if others.findings != nil, others.findings != findings { facts.heads = nil }
    facts.findings = others.findings ?? findings
    facts.heads = others.heads ?? facts.heads
    facts.head = others.head ?? head
    return facts
  }

  /// The network, once all is known.
  ///
  /// - Throws: everything that is missing, and everything that cannot be.
  package func network(of path: String) throws(Diagnostics) -> TrainedNetwork {
    var wrong: [Diagnostic] = []
    let missing = [
      (arch == nil, "arch"), (findings == nil, "findings"), (size == nil, "size"),
      (channels == nil, "channels"),
    ].filter(\.0).map(\.1)
    if !missing.isEmpty {
      wrong.append(
        Diagnostic(
          "`\(path)` does not say its \(missing.joined(separator: ", "))",
          hint: "add \(missing.map { "`--\($0)`" }.joined(separator: " "))"))
    }
    if let arch {
      if let row = Catalogue.find(arch) {
        if let size, size > 2048 || !row.takes(size: size) {
          wrong.append(Diagnostic("`\(arch)` takes pictures of \(row.sizes), not \(size)"))
        }
        if let channels, !row.channels.contains(channels) {
          wrong.append(
            Diagnostic(
              "`\(arch)` takes \(row.channels.lowerBound) to \(row.channels.upperBound) channels,"
                + " not \(channels)"))
        }
      } else {
        let near = nearestName(to: arch, among: Catalogue.names)
        wrong.append(
          Diagnostic(
            "unknown arch `\(arch)`",
            hint: near.map { "did you mean `\($0)`?" }
              ?? "the architectures are \(Catalogue.names.quotedList)"))
      }
    }
    wrong += namesProblems
    if let channels, mean != nil || deviation != nil {
      let ours = PictureNormalization(channels: channels)
      if mean != ours.mean || deviation != ours.deviation {
        wrong.append(
          Diagnostic(
            "`\(path)` was trained on pictures with another normalisation",
            hint: "with \(channels) channels the mean is \(ours.mean) and the deviation "
              + "\(ours.deviation)"))
      }
    }
    guard wrong.isEmpty, let arch, let channels, let size, let findings else {
      throw Diagnostics(wrong)
    }
    return TrainedNetwork(
      arch: arch, channels: channels, size: size, findings: findings,
      heads: head.map { head in findings.map { _ in head } } ?? heads
        ?? findings.map { _ in .sigmoid })
  }

  private var namesProblems: [Diagnostic] {
    guard let findings else { return [] }
    var wrong: [Diagnostic] = []
    if findings.isEmpty || findings.contains("") {
      wrong.append(Diagnostic("a finding has no name"))
    }
    if Set(findings).count < findings.count { wrong.append(Diagnostic("a finding is named twice")) }
    for finding in findings where LabelsSection.reservedNames.contains(finding) {
      wrong.append(
        Diagnostic("`\(finding)` names a column of every table and cannot be a finding"))
    }
    if let heads, heads.count != findings.count {
      wrong.append(
        Diagnostic("\(findings.count) findings cannot have \(heads.count) heads"))
    }
    return wrong
  }
}
