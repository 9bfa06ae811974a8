import Basics
import Radiographs

/// Finds out what the tables of another program say, and in which columns.
struct TableReader {
  private let options: ScoringOptions

  /// A table that was read.
  struct Read {
    let path: String
    let layout: TableLayout
    let table: KeyedTable

    /// The digest of the keys, and of the subset of each where the table says it.
    var cases: Digest {
      let subset = table.csv.column(ScoreTable.subsetColumn)
      let lines = table.keys.enumerated().map { row, key in
        "\(key)\t\(subset.map { table.csv[row, $0] } ?? "")\n"
      }
      return Digest(of: Array(lines.sorted().joined().utf8))
    }

    /// Whether most of what a column says are labels; the rest are mistakes then.
    func isLabel(_ name: String) -> Bool {
      guard let column = table.csv.column(name) else { return false }
      var (labels, others) = (0, 0)
      for row in 0..<table.csv.rowCount {
        switch RawLabel(table.csv[row, column]) {
        case .blank?: break
        case nil: others += 1
        default: labels += 1
        }
      }
      return labels > others
    }
  }

  /// Where thresholds come from.
  enum Thresholds {
    /// A table of them.
    case given(path: String)
    /// Scores to fit them on.
    case fitted(path: String, TableLayout)
  }

  init(_ options: ScoringOptions) { self.options = options }

  /// The table at `path`; one with a row for each finding has a column `finding`, and one for what it
  /// says that is called like one of `values`, unless a person named them.
  func read(_ path: String, _ values: [String]) throws(Diagnostics) -> Read {
    let csv = try open(path)
    func column(_ names: [String]) -> String? {
      if let named = names.lazy.compactMap({ options.columns[$0] }).first { return named }
      return csv.header.first { names.contains($0.lowercased()) }
    }
    guard let key = options.key ?? csv.column("image").map({ _ in "image" }) else {
      throw Diagnostics([
        Diagnostic(
          "`\(path)` has no column `image`",
          hint: "say with `--key` in which column the cases are named; the columns are "
            + csv.header.prefix(20).quotedList)
      ])
    }
    let (finding, value) = (column(["finding"]), column(values))
    let layout =
      finding != nil && value != nil
      ? TableLayout(key: key, finding: finding, value: value) : TableLayout(key: key)
    return Read(path: path, layout: layout, table: try KeyedTable(path: path, layout))
  }

  /// What the table at `path` says of thresholds.
  func thresholds(_ path: String) throws(Diagnostics) -> Thresholds {
    let csv = try open(path)
    if csv.column("finding") != nil, csv.column("threshold") != nil { return .given(path: path) }
    let read = try read(path, ["score", "probability", "prob"])
    return .fitted(path: path, read.layout)
  }

  /// Which columns of the labels hold what: as a person said, and `Sex` for `sex`.
  func columns(of labels: KeyedTable) -> [String: String] {
    var columns = options.columns.filter { !["finding", "score", "label"].contains($0.key) }
    columns["patient"] = options.patient ?? columns["patient"]
    columns["study"] = options.study ?? columns["study"]
    for name in ["sex", "age", "view"] where columns[name] == nil && labels.csv.column(name) == nil
    {
      let same = labels.csv.header.filter { $0.lowercased() == name }
      if same.count == 1 { columns[name] = same[0] }
    }
    let isPerStudy = options.settings.contains {
      $0.path == ["eval", "per"] && $0.value.text == "study"
    }
    if isPerStudy, columns["study"] == nil, labels.csv.column("study") == nil {
      // Each row is a study then.
      columns["study"] = options.key ?? "image"
    }
    return columns
  }

  private func open(_ path: String) throws(Diagnostics) -> CSV {
    do throws(Diagnostic) {
      guard Files.exists(path), !Files.isFolder(path) else {
        throw Diagnostic("there is no file `\(path)`")
      }
      return try CSV(path: path)
    } catch {
      throw Diagnostics([error])
    }
  }
}
