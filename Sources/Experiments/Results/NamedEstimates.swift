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

  /// What the means over findings are not over, and why, by name.
  private var lacking: [String: [String: String]] = [:]

  /// Adds an estimate; a name is used once.
  package mutating func add(_ name: String, _ estimate: Estimate) {
    entries.append((name, estimate))
  }

  /// Adds a mean over findings, which says what it is not over.
  package mutating func add(_ name: String, _ mean: FindingsMean) {
    add(name, mean.mean)
    guard mean.mean.point.value != nil, !mean.undefined.isEmpty else { return }
    lacking[name] = Dictionary(mean.undefined.map { ($0.finding, $0.reason) }) { first, _ in first }
  }

  /// Adds the metric called `name` of a subset at a unit, `prefix`, of each finding: alone under its
  /// name; with several findings their mean, those over the lists of `means`, and each one's.
  package mutating func add(
    _ prefix: String, _ name: String, _ estimates: [Estimate], findings: [String],
    means: [String: [String]]
  ) {
    let named = zip(findings, estimates).map { (finding: $0, estimate: $1) }
    if let only = estimates.first, estimates.count == 1 {
      add("\(prefix).\(name)", only)
    } else {
      add("\(prefix).\(name)", FindingsMean(named))
      for (finding, estimate) in named { add("\(prefix).\(finding).\(name)", estimate) }
    }
    for (list, chosen) in means.sorted(by: { $0.key < $1.key }) {
      add("\(prefix).mean.\(list).\(name)", FindingsMean(named, over: chosen))
    }
  }

  /// The estimate called `name`.
  package subscript(name: String) -> Estimate? {
    entries.first { $0.name == name }?.estimate
  }

  private static let minusRest = "minus_rest."
  private static let minusMedian = "minus_median."
  private static let rankingGap = "xauc_gap."

  /// The name of what `group` has more than all other groups of `attribute` together:
  /// `minus_rest.sex.F.auroc`.
  package static func differenceName(
    _ attribute: String, _ group: String, _ statistic: String
  ) -> String { "\(minusRest)\(attribute).\(group).\(statistic)" }

  /// The name of what `group` has more than the median group of `attribute`.
  package static func medianDifferenceName(
    _ attribute: String, _ group: String, _ statistic: String
  ) -> String { "\(minusMedian)\(attribute).\(group).\(statistic)" }

  /// The name of how the positives of `first` rank above the negatives of `second`, less the other
  /// way round: `xauc_gap.sex.F over M`.
  package static func rankingGapName(
    _ attribute: String, _ first: String, _ second: String
  ) -> String { "\(rankingGap)\(attribute).\(first) over \(second)" }

  /// Gives differences from the rest, from the median and between rankings intervals that hold for all
  /// groups of an attribute at once (max-t, ``simultaneous(_:level:)``).
  package mutating func makeDifferencesSimultaneous(_ attributes: [String]) {
    var families: [String: [Int]] = [:]
    for (index, entry) in entries.enumerated() {
      guard let family = Self.family(entry.name, attributes) else { continue }
      families[family, default: []].append(index)
    }
    for members in families.values {
      for (index, estimate) in zip(members, simultaneous(members.map { entries[$0].estimate })) {
        entries[index].estimate = estimate
      }
    }
  }

  /// What differences share that are looked at together: all but the group.
  private static func family(_ name: String, _ attributes: [String]) -> String? {
    for kind in [minusRest, minusMedian, rankingGap] {
      guard let range = name.range(of: kind), let dot = name.lastIndex(of: "."),
        range.upperBound < dot,
        let attribute = attributes.first(where: { name[range.upperBound...].hasPrefix($0 + ".") })
      else { continue }
      let statistic = kind == rankingGap ? "" : name[dot...]
      return "\(name[..<range.upperBound])\n\(attribute)\(statistic)"
    }
    return nil
  }

  /// The estimates whose names begin with `prefix`.
  package func startingWith(_ prefix: String) -> NamedEstimates {
    var found = NamedEstimates()
    found.entries = entries.filter { $0.name.hasPrefix(prefix) }
    return found
  }

  /// The numbers without their replicates.
  package var records: [String: EstimateRecord] {
    Dictionary(
      entries.map { ($0.name, EstimateRecord($0.estimate, without: lacking[$0.name])) }
    ) { first, _ in first }
  }

  /// Writes the replicates: a line of JSON with names and numbers, then float32, little-endian, name by
  /// name; behind the replicates of a name its jackknife, where the intervals are made with one.
  package func writeReplicates(to path: String) throws {
    let count = entries.map(\.estimate.replicates.count).max() ?? 0
    let kept = entries.filter { $0.estimate.replicates.count == count && count > 0 }
    let lots = kept.map(\.estimate.jackknife.count)
    let header = ReplicatesHeader(
      names: kept.map(\.name), replicates: count,
      jackknife: lots.allSatisfy { $0 == 0 } ? nil : lots)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes = Array(try encoder.encode(header))
    bytes.append(UInt8(ascii: "\n"))
    bytes.reserveCapacity(bytes.count + 4 * (count * kept.count + lots.reduce(0, +)))
    for (_, estimate) in kept {
      for value in estimate.replicates + estimate.jackknife {
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
      let widths = header.widths(of: file.bytes.count - end - 1)
    else { throw foreign }
    var known: [String: [Double]] = [:]
    var start = end + 1
    for (name, width) in zip(header.names, widths) {
      defer { start += 4 * width }
      guard records[name] != nil else { continue }
      let numbers = (0..<width).map { position in
        let bits = file.bytes.loadUnaligned(
          fromByteOffset: start + 4 * position, as: UInt32.self)
        return Double(Float(bitPattern: UInt32(littleEndian: bits)))
      }
      known[name] = numbers
    }
    for (name, record) in records.sorted(by: { $0.key < $1.key }) {
      let numbers = known[name] ?? []
      add(
        name,
        record.estimate(
          replicates: Array(numbers.prefix(header.replicates)),
          jackknife: Array(numbers.dropFirst(header.replicates))))
      lacking[name] = record.without
    }
  }
}

private struct ReplicatesHeader: Codable {
  let names: [String]
  let replicates: Int
  /// For each name how many lots of patients are left out in turn; absent where none are.
  let jackknife: [Int]?

  /// How many numbers each name has in a body of `bytes`; `nil` where it is none of these.
  func widths(of bytes: Int) -> [Int]? {
    let lots = jackknife ?? names.map { _ in 0 }
    let limit = bytes / 4
    guard lots.count == names.count, (0...limit).contains(names.isEmpty ? 0 : replicates),
      lots.allSatisfy((0...limit).contains)
    else { return nil }
    let widths = lots.map { replicates + $0 }
    return 4 * widths.reduce(0, +) == bytes ? widths : nil
  }
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
  /// Of a mean over findings: those that it is not over, and why.
  package var without: [String: String]?

  enum CodingKeys: String, CodingKey {
    case value, low, high, undefined, withheld, without
    case undefinedReplicates = "undefined_replicates"
  }

  /// The record of `estimate`.
  package init(_ estimate: Estimate, without: [String: String]? = nil) {
    self.without = without
    value = estimate.point.value
    low = estimate.low
    high = estimate.high
    undefined = estimate.point.reason
    withheld = estimate.withheld
    undefinedReplicates = estimate.undefinedReplicates == 0 ? nil : estimate.undefinedReplicates
  }

  func estimate(replicates: [Double], jackknife: [Double]) -> Estimate {
    let estimate = Estimate(
      point: value.map { .value($0) } ?? .undefined(undefined ?? "not measured"),
      replicates: replicates)
    return jackknife.isEmpty ? estimate : estimate.accelerated(jackknife: jackknife)
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
