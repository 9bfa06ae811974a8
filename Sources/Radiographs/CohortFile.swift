import Basics

/// The cohort as a table: `image,path,patient,study,row,line`, `table` where there are several, then
/// the other columns, each named `<role>:<name>` (`attribute:sex`, `finding:Edema`, `either:source`), so that an attribute and a
/// finding of one name never collide.
extension Cohort {
  private static let fixed = ["image", "path", "patient", "study", "row", "line"]

  private static let tableColumn = "table"

  /// Writes the table to `path`.
  public func write(to path: String) throws(Diagnostic) {
    let head = Self.fixed + (tableNames.isEmpty ? [] : [Self.tableColumn])
    var writer = CSVWriter(header: head + columns.map { "\($0.role.rawValue):\($0.name)" })
    for row in images.indices {
      let head = [
        images[row], paths[row], patients[row], studies[row], String(rows[row]), String(lines[row]),
      ]
      let table = tableNames.isEmpty ? [] : [tableNames[row]]
      writer.append(head + table + columns.map { $0.cells[row] })
    }
    try writer.write(to: path)
  }

  /// Reads the table at `path`.
  ///
  /// - Parameter table: the source table as errors name it; without it they name `path`, at the
  ///   line of the source table.
  public init(path: String, table: String? = nil) throws(Diagnostics) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    let positions = try several { () throws(Diagnostic) in
      var positions: [Int] = []
      for name in Self.fixed { positions.append(try csv.requiredColumn(name)) }
      return positions
    }
    func column(_ position: Int) -> [String] {
      (0..<csv.rowCount).map { csv[$0, position] }
    }
    var wrong = DiagnosticList()
    func numbers(_ position: Int) -> [Int] {
      (0..<csv.rowCount).map { row in
        if let number = Int(csv[row, position]), number >= 0 { return number }
        wrong.add("`\(csv[row, position])` is no row number", at: csv.place(row))
        return 0
      }
    }
    var columns: [Column] = []
    for (index, name) in csv.header.enumerated()
    where !positions.contains(index) && name != Self.tableColumn {
      let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let role = Role(rawValue: String(parts[0])) else {
        wrong.add("column `\(name)` does not say its role", at: Place(file: path, line: 1))
        continue
      }
      columns.append(Column(String(parts[1]), role, column(index)))
    }
    let (rows, lines) = (numbers(positions[4]), numbers(positions[5]))
    try wrong.throwIfAny()
    try self.init(
      images: column(positions[0]), paths: column(positions[1]), patients: column(positions[2]),
      studies: column(positions[3]), rows: rows, lines: lines, columns: columns,
      table: table ?? path, tableNames: csv.column(Self.tableColumn).map(column) ?? [])
  }
}
