import Basics

/// The scores of another program: `predictions.csv` with other names.
public struct ScoreTable: Sendable {
  /// The key of each case; each occurs once.
  public let keys: [String]
  /// The scores as they are written, `[finding][case]`; every one a finite number.
  public let cells: [[String]]
  /// The subset of each case, where a column `subset` says it.
  public let subsets: [Subset]?
  /// How many scores of each finding are not from 0 to 1, and so no probabilities.
  public let outside: [Int]

  /// The column that says which subset a case is in.
  public static let subsetColumn = "subset"

  /// Reads the table at `path`.
  ///
  /// - Throws: for missing columns, keys that occur twice, scores that are no finite numbers (counted
  ///   by finding), and unknown subsets.
  public init(path: String, _ layout: TableLayout, findings: [String]) throws(Diagnostics) {
    let table = try KeyedTable(path: path, layout)
    let csv = table.csv
    var wrong = DiagnosticList()
    var columns: [Int] = []
    for finding in findings {
      do throws(Diagnostic) {
        columns.append(try csv.requiredColumn(finding))
      } catch {
        wrong.add(error)
      }
    }
    try wrong.throwIfAny()
    var outside = Array(repeating: 0, count: findings.count)
    var cells: [[String]] = []
    for (finding, column) in columns.enumerated() {
      let column = (0..<csv.rowCount).map { csv[$0, column].trimmed }
      var strange: [Int] = []
      for (row, cell) in column.enumerated() {
        guard let score = Double(cell), score.isFinite else {
          strange.append(row)
          continue
        }
        if !(0...1).contains(score) { outside[finding] += 1 }
      }
      if let first = strange.first {
        wrong.add(
          "\(strange.count) of \(column.count) scores of `\(findings[finding])` are no numbers: the "
            + "first is `\(column[first])`", at: table.place(first))
      }
      cells.append(column)
    }
    var subsets: [Subset]?
    if let column = csv.column(Self.subsetColumn) {
      subsets = (0..<csv.rowCount).map { row in
        if let subset = Self.subset(csv[row, column]) { return subset }
        wrong.add(
          "unknown subset `\(csv[row, column])`", at: table.place(row),
          hint: "the subsets are `train`, `valid` and `test`")
        return .test
      }
    }
    try wrong.throwIfAny()
    (keys, self.cells, self.subsets, self.outside) = (table.keys, cells, subsets, outside)
  }

  private static func subset(_ text: String) -> Subset? {
    switch text.lowercased() {
    case "train", "training": .train
    case "valid", "val", "validation": .valid
    case "test": .test
    default: nil
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
