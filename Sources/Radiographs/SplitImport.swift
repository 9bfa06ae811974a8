import Basics

/// Splits that somebody else made.
extension Split {
  /// Takes the split that somebody else's table says (``SplitTable``).
  ///
  /// Pictures it does not name are in no subset; rows that name no picture of the cohort are counted,
  /// since a cohort may be a choice of a data set.
  ///
  /// - Throws: when a column is missing, a subset is none, no row fits, one fits several pictures, train
  ///   is empty, or patients are in two subsets, listing some.
  /// - Returns: the split and the number of rows that fit no picture.
  public static func reading(
    table path: String, cohort: Cohort
  ) throws(Diagnostics) -> (split: Split, strangeRows: Int) {
    let table = try SplitTable(path: path)
    let rows = try table.rows(in: cohort)
    var subsets: [Subset?] = Array(repeating: nil, count: cohort.count)
    var wrong = DiagnosticList()
    var first: [Int: Int] = [:]
    for (row, named) in rows.enumerated() {
      for index in named {
        // What is in no subset in one row must not be in one by another, either.
        if let other = first[index], table.subsets[other] != table.subsets[row] {
          func said(_ row: Int) -> String { table.subsets[row].map { "in `\($0)`" } ?? "in none" }
          wrong.add(
            "\(table.key) `\(table.names[row])` is \(said(other)) (line \(table.csv.line(other))) "
              + "and \(said(row))", at: table.csv.place(row))
        }
        if first[index] == nil { first[index] = row }
        subsets[index] = table.subsets[row]
      }
    }
    try wrong.throwIfAny()
    try check(subsets, cohort, of: "`\(path)`")
    guard subsets.contains(.train) else {
      throw Diagnostics([Diagnostic("`\(path)` puts no picture of the cohort in `train`")])
    }
    return (Split(cohort, subsets: subsets), rows.count(where: \.isEmpty))
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
}
