import Basics

/// How a table that another program wrote says what it says.
public struct TableLayout: Codable, Hashable, Sendable {
  /// The column of the keys, by which the rows of several tables belong together.
  public var key: String
  /// Where a row is one finding of a key: the column that names it, and that of its score or label.
  /// Absent where each finding has a column.
  public var finding, value: String?

  /// A layout.
  public init(key: String, finding: String? = nil, value: String? = nil) {
    self.key = key
    self.finding = finding
    self.value = value
  }
}

/// A table with one row for each key, as it is or made of one with a row for each key and finding.
public struct KeyedTable: Sendable {
  /// The table with a column for each finding.
  public let csv: CSV
  /// The key of each row; each occurs once.
  public let keys: [String]
  /// The line of the file where each row begins.
  public let lines: [Int]
  /// The columns beside the key: in a table with a row for each finding, the findings are last.
  public let columns: [String]
  /// The columns that may be findings.
  public let findings: [String]

  /// Reads the table at `path`.
  ///
  /// - Throws: for missing columns, rows without a key, a key (or a key and finding) that occurs twice,
  ///   and what differs between the rows of a key.
  public init(path: String, _ layout: TableLayout) throws(Diagnostics) {
    let raw = try several { () throws(Diagnostic) in try CSV(path: path) }
    let (csv, lines, names) = try Self.wide(raw, layout)
    let key = try several { () throws(Diagnostic) in try csv.requiredColumn(layout.key) }
    let keys = (0..<csv.rowCount).map { csv[$0, key] }
    var wrong = DiagnosticList()
    var first: [String: Int] = [:]
    for (row, key) in keys.enumerated() {
      let place = Place(file: path, line: lines[row])
      if key.isEmpty { wrong.add("the row has no `\(layout.key)`", at: place) }
      if let earlier = first.updateValue(row, forKey: key), !key.isEmpty {
        wrong.add(
          "`\(key)` occurs a second time (first in line \(lines[earlier]))", at: place,
          hint: "`\(layout.key)` must be a key: one row each")
      }
    }
    try wrong.throwIfAny()
    (self.csv, self.keys, self.lines) = (csv, keys, lines)
    columns = csv.header.filter { !$0.isEmpty && $0 != layout.key }
    findings = names ?? columns
  }

  /// The table with a column for each finding, the line of each row, and the findings where they were
  /// in rows.
  private static func wide(
    _ csv: CSV, _ layout: TableLayout
  ) throws(Diagnostics) -> (CSV, [Int], [String]?) {
    guard let finding = layout.finding, let value = layout.value else {
      return (csv, (0..<csv.rowCount).map(csv.line), nil)
    }
    let places = try several { () throws(Diagnostic) in
      try (
        csv.requiredColumn(layout.key), csv.requiredColumn(finding), csv.requiredColumn(value)
      )
    }
    let others = csv.header.indices.filter { ![places.0, places.1, places.2].contains($0) }
    var rows: [(head: Int, cells: [Int: String])] = []
    var rowOf: [String: Int] = [:]
    var names: [String] = []
    var columnOf: [String: Int] = [:]
    var wrong = DiagnosticList()
    for row in 0..<csv.rowCount {
      let (key, name) = (csv[row, places.0], csv[row, places.1])
      if name.isEmpty { wrong.add("the row has no `\(finding)`", at: csv.place(row)) }
      let column = columnOf[name] ?? names.count
      if column == names.count {
        columnOf[name] = column
        names.append(name)
      }
      let place = rowOf[key] ?? rows.count
      if place == rows.count {
        rowOf[key] = place
        rows.append((row, [:]))
      }
      if rows[place].cells.updateValue(csv[row, places.2], forKey: column) != nil {
        wrong.add("`\(name)` of `\(key)` occurs a second time", at: csv.place(row))
      }
      for other in others where csv[row, other] != csv[rows[place].head, other] {
        wrong.add(
          "`\(csv.header[other])` of `\(key)` is `\(csv[row, other])` here and "
            + "`\(csv[rows[place].head, other])` in line \(csv.line(rows[place].head))",
          at: csv.place(row))
      }
    }
    for name in names where csv.header.indices.contains(where: { csv.header[$0] == name }) {
      wrong.add("`\(name)` is a finding and a column", at: Place(file: csv.file, line: 1))
    }
    try wrong.throwIfAny()
    var writer = CSVWriter(header: [layout.key] + others.map { csv.header[$0] } + names)
    for (head, cells) in rows {
      writer.append(
        [csv[head, places.0]] + others.map { csv[head, $0] }
          + names.indices.map { cells[$0] ?? "" })
    }
    let made = writer.bytes
    let table = try several { () throws(Diagnostic) in try CSV(made, file: csv.file) }
    return (table, rows.map { csv.line($0.head) }, names)
  }

  /// The place of a row, for an error about it.
  public func place(_ row: Int) -> Place { Place(file: csv.file, line: lines[row]) }
}
