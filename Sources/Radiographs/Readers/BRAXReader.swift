import Basics

/// BRAX (Reis et al., Scientific Data 2022) with its PNG pictures.
///
/// The root holds `master_spreadsheet_update.csv` or `master_spreadsheet.csv`; the column `PngPath`
/// says where each picture lies (`images/id_…/Study_…/Series_…/image-….png`), which is its key. Ages
/// are groups of five years, given by their first year; `85 or more` is 85.
enum BRAXReader: CohortReader {
  static let name = "brax"

  private static let required = [
    "PngPath", "PatientID", "PatientSex", "PatientAge", "AccessionNumber", "ViewPosition",
  ]
  private static let manufacturer = "Manufacturer"

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    let names = ["master_spreadsheet_update.csv", "master_spreadsheet.csv"]
    return [try table(names, source, root: root)]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    let csv = try header(try tables(source, root: root)[0])
    let known = csv.column(manufacturer) == nil ? [] : ["manufacturer"]
    return CohortHeader(
      findings: CheXpertReader.findings, attributes: ["sex", "age", "view"] + known,
      wrong: missing(required + CheXpertReader.findings, in: csv))
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let csv = try csv(try tables(source, root: root)[0])
    var draft = CohortDraft(csv, folders: ["", "Anonymized_DICOMs"], source)
    draft.images = csv.cells("PngPath")
    draft.paths = draft.images
    draft.patients = csv.cells("PatientID")
    draft.studies = csv.cells("AccessionNumber")
    draft.addSex(csv.cells("PatientSex"))
    draft.addAge(
      csv.cells("PatientAge").map { cell in
        guard let space = cell.firstIndex(of: " ") else { return cell }
        return cell[space...].hasSuffix("or more") ? String(cell[..<space]) : cell
      })
    draft.addView(csv.cells("ViewPosition"))
    if csv.column(manufacturer) != nil {
      draft.addAttribute("manufacturer", csv.cells(manufacturer))
    }
    for name in CheXpertReader.findings { draft.addFinding(name, csv.cells(name)) }
    return draft
  }
}
