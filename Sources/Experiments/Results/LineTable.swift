import Basics
import Synchronization

/// Lines `name<tab>cell<tab>…`, sorted by name, in which a name is found without reading the rest.
///
/// An arm has thousands of metrics and a table shows a few of them: a sweep of hundreds of arms is
/// shown in an instant only if what is not shown is not parsed.
package struct LineTable: Sendable {
  private let file: MappedFile

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) {
    file = try MappedFile(path)
    guard file.bytes.isEmpty || file.bytes.last == Self.lineFeed else {
      throw Diagnostic("`\(path)` is cut short")
    }
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
    let start = lowerBound(wanted)
    guard start < file.bytes.count, self.name(start).elementsEqual(wanted) else { return nil }
    return Array(cells(start).dropFirst())
  }

  /// The names that begin with `prefix`, sorted.
  package func names(startingWith prefix: String) -> [String] {
    let wanted = Array(prefix.utf8)
    var names: [String] = []
    var start = lowerBound(wanted)
    while start < file.bytes.count, name(start).starts(with: wanted) {
      names.append(String(decoding: name(start), as: UTF8.self))
      start = line(start).endIndex + 1
    }
    return names
  }

  /// Where the lines called `wanted` begin; all lines where nothing is wanted.
  private func starts(_ wanted: [String]) -> [Int] {
    guard wanted.isEmpty else {
      return wanted.compactMap { name in
        let name = Array(name.utf8)
        let start = lowerBound(name)
        return start < file.bytes.count && self.name(start).elementsEqual(name) ? start : nil
      }
    }
    var starts: [Int] = []
    var start = 0
    while start < file.bytes.count {
      starts.append(start)
      start = line(start).endIndex + 1
    }
    return starts
  }

  /// Calls `body` with the name and the cells behind it of the lines called `wanted`, as bytes; of all
  /// lines where nothing is wanted.
  package func forEachLine(
    _ wanted: [String], _ body: (_ name: ArraySlice<UInt8>, _ cells: [ArraySlice<UInt8>]) -> Void
  ) {
    for start in starts(wanted) {
      let cells = Array(line(start)).split(separator: Self.tab, omittingEmptySubsequences: false)
      body(cells[0], Array(cells.dropFirst()))
    }
  }

  /// Appends lines to `csv`, after a first cell that all have.
  ///
  /// Bytes are copied as they are wherever no cell needs quotes: a table of a sweep is megabytes.
  ///
  /// - Parameters:
  ///   - wanted: the names of the lines; all where there are none.
  ///   - rest: what stands behind the cells of a line with this name.
  package func append(
    to csv: inout [UInt8], first: String, _ wanted: [String],
    rest: (_ name: Slice<UnsafeRawBufferPointer>) -> [UInt8]
  ) {
    let opening = Array(CSVWriter(header: [first]).bytes.dropLast())
    for start in starts(wanted) {
      let line = line(start)
      csv += opening
      csv.append(UInt8(ascii: ","))
      let from = csv.count
      csv += UnsafeRawBufferPointer(rebasing: line)
      var isPlain = true
      csv.withUnsafeMutableBufferPointer { bytes in
        for place in from..<bytes.count {
          let byte = bytes[place]
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") { isPlain = false }
          if byte == Self.tab { bytes[place] = UInt8(ascii: ",") }
        }
      }
      if !isPlain {
        csv.removeLast(csv.count - from)
        csv += CSVWriter(header: cells(start)).bytes.dropLast()
      }
      csv += rest(name(start))
      csv.append(Self.lineFeed)
    }
  }

  /// Where the first line begins whose name is not before `wanted`.
  private func lowerBound(_ wanted: [UInt8]) -> Int {
    // Both are beginnings of lines, or the end.
    var (low, high) = (0, file.bytes.count)
    while low < high {
      let middle = (low + high) / 2
      let start = file.bytes[low..<middle].lastIndex(of: Self.lineFeed).map { $0 + 1 } ?? low
      if name(start).lexicographicallyPrecedes(wanted) {
        low = line(start).endIndex + 1
      } else {
        high = start
      }
    }
    return low
  }

  /// The line that begins at `start`, without its end.
  private func line(_ start: Int) -> Slice<UnsafeRawBufferPointer> {
    file.bytes[start...].prefix { $0 != Self.lineFeed }
  }

  private func name(_ start: Int) -> Slice<UnsafeRawBufferPointer> {
    file.bytes[start...].prefix { $0 != Self.tab && $0 != Self.lineFeed }
  }

  private func cells(_ start: Int) -> [String] {
    line(start).split(separator: Self.tab, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static let (tab, lineFeed) = (UInt8(ascii: "\t"), UInt8(ascii: "\n"))
}

/// The metrics of an arm over its seeds: `metrics.tsv`.
package struct MetricTable: Sendable {
  private let lines: LineTable
  /// What was asked for: a table asks for the same metrics again for its cells, its notes and its front.
  private let known = Known()

  private final class Known: Sendable {
    let metrics = Mutex<[String: MetricSummary?]>([:])
  }

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) { lines = try LineTable(path: path) }

  /// Writes `metrics`: name, ``MetricSummary/keys``, n, undefined, withheld.
  package static func write(
    _ metrics: [(name: String, summary: MetricSummary)], to path: String
  ) throws(Diagnostic) {
    try LineTable.write(
      metrics.map { name, metric in
        (
          name,
          metric.numbers.map { $0.map { "\($0)" } ?? "" }
            + [String(metric.n), metric.undefined ?? "", metric.withheld ?? ""]
        )
      }, to: path)
  }

  /// The metric called `name`.
  package subscript(name: String) -> MetricSummary? {
    known.metrics.withLock { known in
      if let metric = known[name] { return metric }
      let metric = read(name)
      known[name] = .some(metric)
      return metric
    }
  }

  private func read(_ name: String) -> MetricSummary? {
    let count = MetricSummary.keys.count
    guard let cells = lines[name], cells.count == count + 3 else { return nil }
    let rest = cells[count...].map { $0.isEmpty ? nil : $0 }
    return MetricSummary(
      numbers: cells[..<count].map { Double($0) }, n: rest[0].flatMap { Int($0) } ?? 0,
      undefined: rest[1], withheld: rest[2])
  }

  /// The names that begin with `prefix`, sorted.
  package func names(startingWith prefix: String = "") -> [String] {
    lines.names(startingWith: prefix)
  }

  /// The columns of ``append(to:arm:)``.
  package static let columns =
    ["arm", "metric"] + MetricSummary.keys + ["n", "undefined", "withheld"]

  /// Appends a line of CSV for each of the metrics called `wanted`, all where there are none, with
  /// `rest` behind it.
  package func append(
    to csv: inout [UInt8], arm: String, _ wanted: [String],
    rest: (_ name: Slice<UnsafeRawBufferPointer>) -> [UInt8]
  ) {
    lines.append(to: &csv, first: arm, wanted, rest: rest)
  }

  /// Calls `body` with name and cells, ``columns`` without the arm, of the metrics called `wanted`, all
  /// where there are none, as they are written.
  package func forEachLine(
    _ wanted: [String], _ body: (_ name: ArraySlice<UInt8>, _ cells: [ArraySlice<UInt8>]) -> Void
  ) {
    lines.forEachLine(wanted, body)
  }
}

/// An arm minus the arm that it is compared with, by metric: `comparison.tsv`.
package struct ComparisonTable: Sendable {
  private let lines: LineTable

  /// The table in the file at `path`.
  package init(path: String) throws(Diagnostic) { lines = try LineTable(path: path) }

  /// Writes `differences`: name, difference, low, high, p-value, verdict.
  package static func write(
    _ differences: [(name: String, difference: DifferenceSummary)], to path: String
  ) throws(Diagnostic) {
    try LineTable.write(
      differences.map { name, found in
        (
          name,
          [found.difference, found.low, found.high, found.pValue].map { $0.map { "\($0)" } ?? "" }
            + [found.verdict]
        )
      }, to: path)
  }

  /// The difference in the metric called `name`.
  package subscript(name: String) -> DifferenceSummary? {
    lines[name].flatMap(Self.difference)
  }

  /// All differences by name.
  package var all: [String: DifferenceSummary] {
    var found: [String: DifferenceSummary] = [:]
    lines.forEachLine([]) { name, cells in
      found[String(decoding: name, as: UTF8.self)] = Self.difference(
        cells.map { String(decoding: $0, as: UTF8.self) })
    }
    return found
  }

  private static func difference(_ cells: [String]) -> DifferenceSummary? {
    guard cells.count == 5 else { return nil }
    return DifferenceSummary(
      difference: Double(cells[0]), low: Double(cells[1]), high: Double(cells[2]),
      pValue: Double(cells[3]), verdict: cells[4])
  }
}
