import Basics

/// Splits that somebody else made.
extension Split {
  /// Takes the split that somebody else's table says.
  ///
  /// The table has a column `subset` or `split` (`train`; `valid`, `validate`, `validation` or
  /// `val`; `test`) and, as key, the first it has of `image`, `path`, `patient` and `index` (the
  /// row of the cohort's source table, from 0). Pictures it does not name are in no subset; rows
  /// that name no picture of the cohort are counted, since a cohort may be a choice of a data set.
  ///
  /// - Throws: when a column is missing, a subset is none, no row fits, train is empty, or patients
  ///   are in two subsets, listing some.
  /// - Returns: the split and the number of rows that fit no picture.
  public static func reading(
    table path: String, cohort: Cohort
  ) throws(Diagnostics) -> (split: Split, strangeRows: Int) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    guard let subset = csv.column("subset") ?? csv.column("split") else {
      throw missing("subset` or `split", csv)
    }
    guard let key = SplitKey.allCases.first(where: { csv.column($0.rawValue) != nil }),
      let column = csv.column(key.rawValue)
    else { throw missing("image`, `path`, `patient` or `index", csv) }
    let rows = key.rows(cohort)
    var subsets: [Subset?] = Array(repeating: nil, count: cohort.count)
    var (wrong, strange) = (DiagnosticList(), 0)
    var lines: [Int: Int] = [:]
    for row in 0..<csv.rowCount {
      let (cell, name) = (csv[row, column], csv[row, subset])
      guard let known = Subset(foreign: name) else {
        wrong.add(unknownSubset(name, csv.place(row)))
        continue
      }
      guard let named = rows[cell] else {
        strange += 1
        continue
      }
      for index in named {
        if let other = subsets[index], other != known {
          wrong.add(
            "\(key) `\(cell)` is in `\(other)` (line \(lines[index] ?? 0)) and `\(known)`",
            at: csv.place(row))
        }
        subsets[index] = known
        lines[index] = csv.line(row)
      }
    }
    try wrong.throwIfAny()
    guard strange < csv.rowCount else {
      throw Diagnostics([
        Diagnostic("no \(key) of `\(path)` is in the cohort", hint: key.hint(cohort))
      ])
    }
    try check(subsets, cohort, of: "`\(path)`")
    guard subsets.contains(.train) else {
      throw Diagnostics([Diagnostic("`\(path)` puts no picture of the cohort in `train`")])
    }
    return (Split(cohort, subsets: subsets), strange)
  }

  /// Refuses subsets that share patients.
  ///
  /// - Parameter source: whose subsets they are.
  static func check(
    _ subsets: [Subset?], _ cohort: Cohort, of source: String
  ) throws(Diagnostics) {
    var joining = PatientSubsets()
    var leaking: Set<String> = []
    for (row, subset) in subsets.enumerated() {
      if let subset, joining.add(cohort.patients[row], subset) != nil {
        leaking.insert(cohort.patients[row])
      }
    }
    guard !leaking.isEmpty else { return }
    throw Diagnostics([
      Diagnostic(
        "\(source) puts pictures of one patient in two subsets, for \(leaking.count) patients: "
          + leaking.sorted().quotedFew(),
        hint: "a model tested on patients it was trained on is not tested")
    ])
  }

  private static func missing(_ names: String, _ csv: CSV) -> Diagnostics {
    Diagnostics([
      Diagnostic(
        "no column `\(names)`", at: Place(file: csv.file, line: 1),
        hint: "the columns are \(csv.header.quotedFew(20))")
    ])
  }
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

/// What a foreign table names pictures by, the surest first.
enum SplitKey: String, CaseIterable {
  case image, path, patient, index

  /// The rows of `cohort` under each key.
  func rows(_ cohort: Cohort) -> [String: [Int]] {
    let keys =
      switch self {
      case .image: cohort.images
      case .path: cohort.paths
      case .patient: cohort.patients
      case .index: cohort.rows.map { String($0) }
      }
    return Dictionary(grouping: keys.indices) { keys[$0] }
  }

  func hint(_ cohort: Cohort) -> String? {
    rows(cohort).keys.min().map { "the cohort has `\($0)`" }
  }
}
