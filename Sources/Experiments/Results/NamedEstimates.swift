import Basics
import Foundation
import Metrics

/// Estimates by name (`test.auroc`, `test.worst_group.sex.auroc`): what a stage measured.
///
/// The numbers go into a JSON file that a person can read, the replicates into a binary file beside
/// it, so that differences can be paired later.
package struct NamedEstimates: Sendable {
  /// The estimates, in the order measured.
  package private(set) var entries: [(name: String, estimate: Estimate)] = []

  /// None.
  package init() {}

  /// Adds an estimate; a name is used once.
  package mutating func add(_ name: String, _ estimate: Estimate) {
    entries.append((name, estimate))
  }

  /// The estimate called `name`.
  package subscript(name: String) -> Estimate? {
    entries.first { $0.name == name }?.estimate
  }

  private static let minusRest = "minus_rest."

  /// The name of what `group` has more than all other groups of `attribute` together:
  /// `minus_rest.sex.F.auroc`.
  package static func differenceName(
    _ attribute: String, _ group: String, _ statistic: String
  ) -> String { "\(minusRest)\(attribute).\(group).\(statistic)" }

  /// Gives differences from the rest intervals that hold for all groups of an attribute at once
  /// (max-t, ``simultaneous(_:level:)``).
  package mutating func makeDifferencesSimultaneous(_ attributes: [String]) {
    var families: [String: [Int]] = [:]
    for (index, entry) in entries.enumerated() {
      guard let range = entry.name.range(of: Self.minusRest),
        let dot = entry.name.lastIndex(of: "."), range.upperBound < dot,
        let attribute = attributes.first(where: {
          entry.name[range.upperBound...].hasPrefix($0 + ".")
        })
      else { continue }
      let statistic = entry.name[dot...]
      families["\(entry.name[..<range.lowerBound])\n\(attribute)\(statistic)", default: []]
        .append(index)
    }
    for members in families.values {
      for (index, estimate) in zip(members, simultaneous(members.map { entries[$0].estimate })) {
        entries[index].estimate = estimate
      }
    }
  }

  /// The estimates whose names begin with `prefix`.
  package func startingWith(_ prefix: String) -> NamedEstimates {
    var found = NamedEstimates()
    found.entries = entries.filter { $0.name.hasPrefix(prefix) }
    return found
  }

  /// The numbers without their replicates.
  package var records: [String: EstimateRecord] {
    Dictionary(entries.map { ($0.name, EstimateRecord($0.estimate)) }) { first, _ in first }
  }

  /// Writes the replicates: a line of JSON with names and number, then float32, little-endian,
  /// name by name.
  package func writeReplicates(to path: String) throws {
    let count = entries.map(\.estimate.replicates.count).max() ?? 0
    let kept = entries.filter { $0.estimate.replicates.count == count && count > 0 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = Array(
      try encoder.encode(ReplicatesHeader(names: kept.map(\.name), replicates: count)))
    bytes.append(UInt8(ascii: "\n"))
    bytes.reserveCapacity(bytes.count + 4 * count * kept.count)
    for (_, estimate) in kept {
      for value in estimate.replicates {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    try Files.write(bytes, to: path)
  }

  /// The estimates of `records` with the replicates in the file at `path`.
  ///
  /// - Throws: for a file that is no file of replicates, or is cut short.
  package init(_ records: [String: EstimateRecord], replicates path: String) throws {
    let file = try MappedFile(path)
    let foreign = Diagnostic("`\(path)` holds no replicates")
    guard let end = file.bytes.firstIndex(of: UInt8(ascii: "\n")),
      let header = try? JSONDecoder().decode(ReplicatesHeader.self, from: Data(file.bytes[..<end])),
      file.bytes.count - end - 1 == 4 * header.replicates * header.names.count
    else { throw foreign }
    var known: [String: [Double]] = [:]
    for (index, name) in header.names.enumerated() where records[name] != nil {
      let start = end + 1 + 4 * index * header.replicates
      known[name] = (0..<header.replicates).map { replicate in
        let bits = file.bytes.loadUnaligned(
          fromByteOffset: start + 4 * replicate, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    }
    for (name, record) in records.sorted(by: { $0.key < $1.key }) {
      add(name, record.estimate(replicates: known[name] ?? []))
    }
  }
}

private struct ReplicatesHeader: Codable {
  let names: [String]
  let replicates: Int
}

/// An estimate as it stands in `metrics.json` and `fairness.json`.
package struct EstimateRecord: Codable, Sendable {
  /// The number; absent where it is undefined.
  package var value: Double?
  /// The interval of the patient bootstrap, 95 %.
  package var low: Double?
  package var high: Double?
  /// Why there is no number.
  package var undefined: String?
  /// Why there is no interval.
  package var withheld: String?
  /// In how many replicates the number is undefined; absent where in none.
  package var undefinedReplicates: Int?

  enum CodingKeys: String, CodingKey {
    case value, low, high, undefined, withheld
    case undefinedReplicates = "undefined_replicates"
  }

  /// The record of `estimate`.
  package init(_ estimate: Estimate) {
    value = estimate.point.value
    low = estimate.low
    high = estimate.high
    undefined = estimate.point.reason
    withheld = estimate.withheld
    undefinedReplicates = estimate.undefinedReplicates == 0 ? nil : estimate.undefinedReplicates
  }

  func estimate(replicates: [Double]) -> Estimate {
    Estimate(
      point: value.map { .value($0) } ?? .undefined(undefined ?? "not measured"),
      replicates: replicates)
  }
}

/// Reads and writes the JSON files of results: sorted keys, two spaces.
package enum ResultFile {
  /// Writes `document` to `path`.
  package static func write(_ document: some Encodable, to path: String) throws {
    try Files.write(try text(document), to: path)
  }

  /// The text of `document`.
  package static func text(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }

  /// Reads the document at `path`.
  package static func read<Document: Decodable>(_ type: Document.Type, _ path: String) throws
    -> Document
  {
    let bytes = try Files.read(path)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw Diagnostic("`\(path)` is not what it should be: \(error)")
    }
  }
}
