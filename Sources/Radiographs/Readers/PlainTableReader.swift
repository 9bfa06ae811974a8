import Basics

/// Any table with a row per picture; a map says which column holds what.
///
/// Columns without a meaning are carried along and may be used as findings or attributes.
enum PlainTableReader: CohortReader {
  static let name = "csv"
  static let takesColumns = true

  private static let keys = ["image", "path", "patient", "study", "sex", "age", "view"]

  /// Which column holds what, and what is wrong with the header.
  private struct Mapping {
    var columns: [String: Int] = [:]
    var others: [(name: String, column: Int, role: Cohort.Role)] = []
    var wrong: [Diagnostic] = []

    init(_ csv: CSV, _ source: CohortSource) {
      for key in source.columns.keys.sorted() where !keys.contains(key) {
        let near = nearestName(to: key, among: keys)
        wrong.append(
          Diagnostic(
            "`columns` has an unknown key `\(key)`",
            hint: near.map { "did you mean `\($0)`?" } ?? "the keys are \(keys.quotedList)"))
      }
      for key in keys {
        guard let name = source.columns[key] else {
          columns[key] = csv.column(key)
          continue
        }
        do { columns[key] = try csv.requiredColumn(name) } catch { wrong.append(error) }
      }
      if columns["image"] == nil, columns["path"] == nil, wrong.isEmpty {
        wrong.append(missing("image` or `path", csv))
      }
      if columns["patient"] == nil, source.columns["patient"] == nil {
        wrong.append(missing("patient", csv))
      }
      let used = Set(columns.values)
      for (index, name) in csv.header.enumerated() where !name.isEmpty && !used.contains(index) {
        // The attribute of this name comes from another column, so this one can only be a finding.
        let taken = ["sex", "age", "view"].contains(name) && columns[name] != nil
        others.append((name, index, taken ? .finding : .either))
      }
    }

    private func missing(_ names: String, _ csv: CSV) -> Diagnostic {
      Diagnostic(
        "no column `\(names)`", at: Place(file: csv.file, line: 1),
        hint: "say with `columns` which one it is: the columns are \(csv.header.quotedFew(20))")
    }
  }

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    [try table(["metadata.csv"], source, root: root)]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    inspect(try header(try tables(source, root: root)[0]), source)
  }

  /// What the header of `csv` promises.
  static func inspect(_ csv: CSV, _ source: CohortSource) -> CohortHeader {
    let mapping = Mapping(csv, source)
    let known = ["sex", "age", "view"].filter { mapping.columns[$0] != nil }
    return CohortHeader(
      findings: mapping.others.map(\.name),
      attributes: known + mapping.others.filter { $0.role == .either }.map(\.name),
      wrong: mapping.wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let table = try tables(source, root: root)[0]
    return try draft(try csv(table), source)
  }

  /// The rows of `csv`.
  static func draft(_ csv: CSV, _ source: CohortSource) throws(Diagnostics) -> CohortDraft {
    let mapping = Mapping(csv, source)
    guard mapping.wrong.isEmpty else { throw Diagnostics(mapping.wrong) }
    func cells(_ column: Int) -> [String] { (0..<csv.rowCount).map { csv[$0, column] } }
    func cells(_ key: String) -> [String]? { mapping.columns[key].map { cells($0) } }
    let empty = Array(repeating: "", count: csv.rowCount)
    var draft = CohortDraft(csv, folders: [""], source)
    draft.images = cells("image") ?? cells("path") ?? empty
    draft.paths = cells("path") ?? draft.images
    draft.patients = cells("patient") ?? empty
    draft.studies = cells("study") ?? empty
    for (row, path) in draft.paths.enumerated() where path.isEmpty {
      draft.wrong.add("the row names no picture", at: draft.place(row))
    }
    if let sexes = cells("sex") { draft.addSex(sexes) }
    if let ages = cells("age") { draft.addAge(ages) }
    if let views = cells("view") { draft.addView(views) }
    for (name, column, role) in mapping.others {
      // What may be a finding keeps its cells, unless a person said what they stand for.
      draft.addAttribute(name, cells(column))
      draft.columns[draft.columns.count - 1].role = role
    }
    return draft
  }
}
