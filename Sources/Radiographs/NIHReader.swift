import Basics

/// NIH ChestX-ray14 (Wang et al., CVPR 2017) as the NIH Clinical Center ships it.
///
/// The root holds `Data_Entry_2017_v2020.csv` or the older `Data_Entry_2017.csv`, and the pictures
/// in `images/`, beside the table, or in `images_001/images/` to `images_012/images/`.
enum NIHReader: CohortReader {
  static let name = "nih"

  /// The 14 findings in the order of the paper, then the label of pictures without any.
  static let findings = [
    "Atelectasis", "Cardiomegaly", "Effusion", "Infiltration", "Mass", "Nodule", "Pneumonia",
    "Pneumothorax", "Consolidation", "Edema", "Emphysema", "Fibrosis", "Pleural_Thickening",
    "Hernia", noFinding,
  ]
  private static let noFinding = "No Finding"
  private static let required = [
    "Image Index", "Finding Labels", "Patient ID", "Patient Age", "Patient Gender",
    "View Position",
  ]
  private static let folders =
    ["images", ""]
    + (1...12).map { number in "images_0\(number < 10 ? "0" : "")\(number)/images" }

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    [try table(["Data_Entry_2017_v2020.csv", "Data_Entry_2017.csv"], source, root: root)]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    let csv = try header(try tables(source, root: root)[0])
    var wrong: [Diagnostic] = []
    if !source.columns.isEmpty {
      wrong.append(Diagnostic("the columns of `nih` have fixed names, so `columns` must be empty"))
    }
    for name in required {
      do { _ = try csv.requiredColumn(name) } catch { wrong.append(error) }
    }
    return CohortHeader(
      findings: findings, attributes: ["sex", "age", "view"] + others(csv), wrong: wrong)
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let table = try tables(source, root: root)[0]
    let header = try inspect(source, root: root)
    guard header.wrong.isEmpty else { throw Diagnostics(header.wrong) }
    let csv = try several { () throws(Diagnostic) in try CSV(path: table) }
    func cells(_ name: String) -> [String] {
      guard let column = csv.column(name) else { return [] }
      return (0..<csv.rowCount).map { csv[$0, column] }
    }
    var draft = CohortDraft(table: table, folders: folders)
    draft.images = cells("Image Index")
    draft.paths = draft.images
    draft.patients = cells("Patient ID")
    draft.studies = Array(repeating: "", count: csv.rowCount)
    draft.rows = Array(0..<csv.rowCount)
    draft.lines = draft.rows.map(csv.line)
    draft.addSex(cells("Patient Gender"))
    draft.addAge(cells("Patient Age"))
    draft.addView(cells("View Position"))
    for name in others(csv) { draft.columns.append(Cohort.Column(name, .attribute, cells(name))) }
    addFindings(cells("Finding Labels"), to: &draft)
    return draft
  }

  /// The columns that have no meaning here and are carried along. Brackets in the header hold
  /// commas (`OriginalImage[Width,Height]`), so that some names are halves; the older table ends
  /// in a column without a name.
  private static func others(_ csv: CSV) -> [String] {
    csv.header.filter { !$0.isEmpty && !required.contains($0) }
  }

  private static func addFindings(_ cells: [String], to draft: inout CohortDraft) {
    var columns = findings.map { _ in [String](repeating: "0", count: cells.count) }
    for (row, cell) in cells.enumerated() {
      for name in cell.split(separator: "|", omittingEmptySubsequences: false) {
        if let index = findings.firstIndex(where: { $0 == name }) {
          columns[index][row] = "1"
        } else {
          let near = nearestName(to: String(name), among: findings)
          draft.wrong.add(
            "unknown finding `\(name)`", at: draft.place(row),
            hint: near.map { "did you mean `\($0)`?" })
        }
      }
    }
    for (name, cells) in zip(findings, columns) {
      draft.columns.append(Cohort.Column(name, .finding, cells))
    }
  }
}
