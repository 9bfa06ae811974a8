import Basics

/// Lines `name<tab>cell<tab>…`, sorted by name, in which a name is found without reading the rest.
///
/// An arm has thousands of metrics and a table shows a few of them: a sweep of hundreds of arms is
/// shown in an instant only if what is not shown is not parsed.
package struct LineTable: Sendable {
  private let file: MappedFile
  /// Where each line begins, and the end of the last.
  private let starts: [Int]

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) {
    file = try MappedFile(path)
    var starts = [0]
    for (index, byte) in file.bytes.enumerated() where byte == Self.lineFeed {
      starts.append(index + 1)
    }
    guard starts.last == file.bytes.count else {
      throw Diagnostic("`\(path)` is cut short")
    }
    self.starts = starts
  }

  /// Writes `rows`, whatever their order.
  package static func write(
    _ rows: [(name: String, cells: [String])], to path: String
  ) throws(Diagnostic) {
    let lines = rows.map { row in
      (
        name: Array(row.name.utf8),
        line: ([row.name] + row.cells).map(oneWord).joined(separator: "\t")
      )
    }
    let sorted = lines.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    try Files.write(sorted.map { $0.line + "\n" }.joined(), to: path)
  }

  /// The text with blanks for what ends a cell or a line.
  private static func oneWord(_ text: String) -> String {
    String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
  }

  /// The cells of the line called `name`.
  package subscript(name: String) -> [String]? {
    let wanted = Array(name.utf8)
    let index = lowerBound(wanted)
    guard index < count, self.name(index).elementsEqual(wanted) else { return nil }
    return Array(cells(index).dropFirst())
  }

  /// The names that begin with `prefix`, sorted.
  package func names(startingWith prefix: String) -> [String] {
    let wanted = Array(prefix.utf8)
    var names: [String] = []
    var index = lowerBound(wanted)
    while index < count, self.name(index).starts(with: wanted) {
      names.append(String(decoding: self.name(index), as: UTF8.self))
      index += 1
    }
    return names
  }

  /// Appends each line to `csv`, after a first cell that all have.
  ///
  /// Bytes are copied as they are wherever no cell needs quotes: a table of a sweep is megabytes.
  package func append(to csv: inout [UInt8], first: String) {
    let start = Array(CSVWriter(header: [first]).bytes.dropLast())
    for index in 0..<count {
      csv += start
      csv.append(UInt8(ascii: ","))
      let from = csv.count
      csv += UnsafeRawBufferPointer(rebasing: line(index))
      var isPlain = true
      csv.withUnsafeMutableBufferPointer { bytes in
        for place in from..<bytes.count {
          let byte = bytes[place]
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") { isPlain = false }
          if byte == Self.tab { bytes[place] = UInt8(ascii: ",") }
        }
      }
      if isPlain {
        csv.append(Self.lineFeed)
      } else {
        csv.removeLast(csv.count - from)
        csv += CSVWriter(header: cells(index)).bytes
      }
    }
  }

  /// How many lines there are.
  package var count: Int { starts.count - 1 }

  private func lowerBound(_ wanted: [UInt8]) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if name(middle).lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func line(_ index: Int) -> Slice<UnsafeRawBufferPointer> {
    file.bytes[starts[index]..<starts[index + 1] - 1]
  }

  private func name(_ index: Int) -> Slice<UnsafeRawBufferPointer> {
    line(index).prefix { $0 != Self.tab }
  }

  private func cells(_ index: Int) -> [String] {
    line(index).split(separator: Self.tab, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static let (tab, lineFeed) = (UInt8(ascii: "\t"), UInt8(ascii: "\n"))
}

/// The metrics of an arm over its seeds: `metrics.tsv`.
package struct MetricTable: Sendable {
  private let lines: LineTable

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) { lines = try LineTable(path: path) }

  /// Writes `metrics`: name, mean, sd, low, high, n, undefined, withheld.
  package static func write(
    _ metrics: [(name: String, summary: MetricSummary)], to path: String
  ) throws(Diagnostic) {
    try LineTable.write(
      metrics.map { name, metric in
        (
          name,
          [
            text(metric.mean), text(metric.sd), text(metric.low), text(metric.high),
            String(metric.n), metric.undefined ?? "", metric.withheld ?? "",
          ]
        )
      }, to: path)
  }

  /// The metric called `name`.
  package subscript(name: String) -> MetricSummary? {
    guard let cells = lines[name], cells.count == 7 else { return nil }
    return MetricSummary(
      mean: Double(cells[0]), sd: Double(cells[1]), low: Double(cells[2]), high: Double(cells[3]),
      n: Int(cells[4]) ?? 0, undefined: cells[5].isEmpty ? nil : cells[5],
      withheld: cells[6].isEmpty ? nil : cells[6])
  }

  /// The names that begin with `prefix`, sorted.
  package func names(startingWith prefix: String = "") -> [String] {
    lines.names(startingWith: prefix)
  }

  /// The columns of ``append(to:arm:)``.
  package static let columns = [
    "arm", "metric", "mean", "sd", "low", "high", "n", "undefined", "withheld",
  ]

  /// Appends a line of CSV for each metric.
  package func append(to csv: inout [UInt8], arm: String) {
    lines.append(to: &csv, first: arm)
  }

  private static func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}

/// An arm minus the arm that it is compared with, by metric: `comparison.tsv`.
package struct ComparisonTable: Sendable {
  private let lines: LineTable

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) { lines = try LineTable(path: path) }

  /// Writes `differences`: name, difference, low, high, verdict.
  package static func write(
    _ differences: [(name: String, difference: DifferenceSummary)], to path: String
  ) throws(Diagnostic) {
    try LineTable.write(
      differences.map { name, found in
        (
          name,
          [found.difference, found.low, found.high].map { $0.map { "\($0)" } ?? "" }
            + [found.verdict]
        )
      }, to: path)
  }

  /// The difference in the metric called `name`.
  package subscript(name: String) -> DifferenceSummary? {
    guard let cells = lines[name], cells.count == 4 else { return nil }
    return DifferenceSummary(
      difference: Double(cells[0]), low: Double(cells[1]), high: Double(cells[2]),
      verdict: cells[3])
  }

  /// The names, sorted.
  package var names: [String] { lines.names(startingWith: "") }
}
