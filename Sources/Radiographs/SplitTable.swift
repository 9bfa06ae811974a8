import Basics

/// A table that says which subset pictures are in, whoever wrote it.
///
/// It has a column `subset` or `split` (``Subset/init(foreign:)``, empty for none) and, as key, the
/// first it has of `image`, `path`, `patient` and `index` (the row of the cohort's source table, from
/// 0; a first column without a name, as pandas writes it, counts as one), in capitals or not. Of several
/// sources a column `source` says which one is meant.
struct SplitTable {
  let csv: CSV
  let key: SplitKey
  /// The subset of each row; `nil` where the picture is in none.
  let subsets: [Subset?]
  /// What each row names.
  let names: [String]
  /// The source of each row, where the table has such a column.
  private let sources: [String]?

  /// Reads the table at `path`.
  ///
  /// - Throws: when a column is missing, and all names that are no subset.
  init(path: String) throws(Diagnostics) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    guard let subset = csv.column(like: "subset") ?? csv.column(like: "split") else {
      throw Self.missing("subset` or `split", csv)
    }
    let found = SplitKey.allCases.lazy.compactMap { key in
      csv.column(like: key.rawValue).map { (key, $0) }
    }
    guard let (key, column) = found.first ?? csv.unnamedColumn.map({ (.index, $0) }) else {
      throw Self.missing("image`, `path`, `patient` or `index", csv)
    }
    var wrong = DiagnosticList()
    subsets = (0..<csv.rowCount).map { row in
      let name = csv[row, subset]
      let known = Subset(foreign: name)
      if known == nil, !name.isEmpty { wrong.add(unknownSubset(name, csv.place(row))) }
      return known
    }
    try wrong.throwIfAny()
    names = (0..<csv.rowCount).map { row in
      let cell = csv[row, column]
      // pandas writes whole numbers with a fraction where a column has gaps.
      guard key == .index, let number = Double(cell).flatMap(Int.init(exactly:)) else {
        return cell
      }
      return String(number)
    }
    sources = csv.column(like: Cohort.sourceAttribute).map { column in
      (0..<csv.rowCount).map { csv[$0, column] }
    }
    (self.csv, self.key) = (csv, key)
  }

  /// The cells of the column called `name`, in capitals or not; `nil` where there is none.
  func cells(_ name: String) -> [String]? {
    csv.column(like: name).map { column in (0..<csv.rowCount).map { csv[$0, column] } }
  }

  /// The pictures of `cohort` that each row names; none where it has no such picture.
  ///
  /// - Throws: all names that may be those of several pictures, and when no row names one.
  func rows(in cohort: Cohort) throws(Diagnostics) -> [[Int]] {
    var pictures = PictureNames(cohort, key, hasSources: sources != nil)
    var wrong = DiagnosticList()
    var found: [[Int]] = []
    for (row, name) in names.enumerated() {
      do throws(Diagnostic) {
        found.append(try pictures.rows(of: name, source: sources?[row], at: csv.place(row)))
      } catch {
        wrong.add(error)
      }
    }
    try wrong.throwIfAny()
    guard found.contains(where: { !$0.isEmpty }) else {
      throw Diagnostics([
        Diagnostic("no \(key) of `\(csv.file)` is in the cohort", hint: pictures.hint)
      ])
    }
    return found
  }

  private static func missing(_ names: String, _ csv: CSV) -> Diagnostics {
    Diagnostics([
      Diagnostic(
        "no column `\(names)`", at: Place(file: csv.file, line: 1),
        hint: "the columns are \(csv.header.quotedFew(20))")
    ])
  }
}

/// What a foreign table names pictures by, the surest first.
enum SplitKey: String, CaseIterable {
  case image, path, patient, index
}

extension Subset {
  /// The subset by any of the names that data sets give it.
  init?(foreign name: String) {
    switch name.lowercased() {
    case "train": self = .train
    case "valid", "validate", "validation", "val": self = .valid
    case "test": self = .test
    default: return nil
    }
  }
}

extension CSV {
  /// The column called `name`, else one that is so in capitals.
  fileprivate func column(like name: String) -> Int? {
    column(name) ?? header.firstIndex { $0.lowercased() == name }
  }

  /// The column in which pandas writes the numbers of rows, under the name it reads it back with.
  fileprivate var unnamedColumn: Int? {
    header.first.flatMap { ["", "Unnamed: 0"].contains($0) ? 0 : nil }
  }
}
