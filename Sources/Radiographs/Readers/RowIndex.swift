import Basics

/// The row of each key of a table that says more about the pictures of another.
///
/// A row that says of a key what an earlier one says is counted in the remarks; one that says
/// something else is an error, since nothing tells which of them holds.
struct RowIndex {
  private var rows: [String: Int] = [:]

  /// The rows of `csv` by its column `key`; `columns` are what is read of it.
  init(_ csv: CSV, by key: String, of columns: [String], to draft: inout CohortDraft) {
    let known = columns.filter { csv.column($0) != nil }
    let places = known.compactMap(csv.column)
    self.init(
      csv.cells(key), by: key, of: known, to: &draft, place: csv.place,
      cells: { row in places.map { csv[row, $0] } })
  }

  /// The rows with `keys`, whose `columns` have `cells`.
  init(
    _ keys: [String], by name: String, of columns: [String], to draft: inout CohortDraft,
    place: (Int) -> Place, cells: (Int) -> [String]
  ) {
    var repeated = 0
    for (row, key) in keys.enumerated() {
      guard let first = rows[key] else {
        rows[key] = row
        continue
      }
      let (here, there) = (cells(row), cells(first))
      guard let column = columns.indices.first(where: { !Self.agree(here[$0], there[$0]) }) else {
        repeated += 1
        continue
      }
      draft.wrong.add(
        "`\(columns[column])` of `\(name)` `\(key)` is \(Self.text(here[column])) here and "
          + "\(Self.text(there[column])) in line \(place(first).line)", at: place(row))
    }
    if repeated > 0 {
      draft.remarks.append(
        "\(counted(repeated, "row", "repeats", "repeat")) what `\(place(0).file)` says before")
    }
  }

  /// The row of `key`; `nil` where there is none.
  subscript(key: String) -> Int? { rows[key] }

  private static func text(_ cell: String) -> String { cell.isEmpty ? "empty" : "`\(cell)`" }

  /// Whether two cells say the same: `1` and `1.0` do.
  private static func agree(_ a: String, _ b: String) -> Bool {
    if a == b { return true }
    guard let label = RawLabel(a) else { return false }
    return label == RawLabel(b)
  }
}
