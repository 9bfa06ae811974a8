import Basics
import Foundation

/// CheXpert Plus (Chambon et al., 2024): the pictures of CheXpert with demographics in the main table,
/// and labels from parts of the reports.
///
/// The root holds `df_chexpert_plus_240401.csv`, the labels as a JSON object a line
/// (`findings_fixed.json`, `impression_fixed.json`, `report_fixed.json`, in the root or in
/// `chexbert_labels/`), and the pictures below it, in `PNG/` or in chunks `PNG/chunk_0/` and so on. The
/// suffix on disk may differ from the table's. The text of the reports is not taken over.
enum CheXpertPlusReader: CohortReader {
  static let name = "chexpert-plus"
  static let labelers = ["report", "findings", "impression"]

  private static let required = [
    "path_to_image", "frontal_lateral", "ap_pa", "deid_patient_id", "age", "sex", "race",
    "ethnicity", "insurance_type", "split",
  ]
  private static let attributes = [
    "sex", "age", "view", CohortDraft.sideColumn, CohortDraft.subsetColumn, "race", "ethnicity",
    "insurance",
  ]

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    let main = try table(["df_chexpert_plus_240401.csv"], source, root: root)
    let name = "\(source.labeler ?? labelers[0])_fixed.json"
    guard let labels = optional([name, "chexbert_labels/" + name], root: root) else {
      throw Diagnostics([Diagnostic("`\(root)` holds no labels `\(name)`")])
    }
    return [main, labels]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    CohortHeader(
      findings: CheXpertReader.findings, attributes: attributes,
      wrong: missing(required, in: try header(try tables(source, root: root)[0])))
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let tables = try tables(source, root: root)
    let csv = try csv(tables[0])
    var draft = CohortDraft(csv, folders: folders(root), source)
    let sides = csv.cells("frontal_lateral")
    draft.patients = csv.cells("deid_patient_id")
    for (row, path) in csv.cells("path_to_image").enumerated() {
      let key = CheXpertReader.key(path)
      if key == nil {
        draft.wrong.add("`\(path)` is no path of CheXpert", at: draft.place(row))
      }
      draft.images.append(key ?? "row \(row)")
      draft.paths.append(key ?? path)
      let parts = path.split(separator: "/")
      draft.studies[row] = parts.count > 1 ? String(parts[parts.count - 2]) : ""
    }
    draft.addSex(csv.cells("sex"))
    draft.addAge(csv.cells("age"))
    draft.addView(zip(sides, csv.cells("ap_pa")).map { $0 == "Lateral" ? $0 : $1 })
    draft.addAttribute(CohortDraft.sideColumn, sides)
    let subsets = csv.cells("split").enumerated().map { row, name in
      if let subset = Subset(foreign: name) { return subset.rawValue }
      if !name.isEmpty { draft.wrong.add(unknownSubset(name, draft.place(row))) }
      return ""
    }
    draft.addAttribute(CohortDraft.subsetColumn, subsets)
    draft.addGroups("race", csv.cells("race"), GroupTables.chexpertRace)
    draft.addGroups("ethnicity", csv.cells("ethnicity"), GroupTables.chexpertEthnicity)
    draft.addGroups("insurance", csv.cells("insurance_type"), GroupTables.chexpertInsurance)
    try addLabels(tables[1], to: &draft)
    return draft
  }

  /// Where the pictures may lie: the root, `PNG/`, and the chunks in either.
  private static func folders(_ root: String) -> [String] {
    ["", "PNG"].flatMap { folder in
      let entries = (try? Files.entries(of: Files.join(root, folder))) ?? []
      let chunks = entries.filter { $0.isFolder && $0.name.contains("chunk") }.map(\.name).sorted()
      return [folder] + chunks.map { Files.join(folder, $0) }
    }
  }

  private static func addLabels(
    _ path: String, to draft: inout CohortDraft
  ) throws(Diagnostics) {
    let bytes = try several { () throws(Diagnostic) in try Files.readMaybeCompressed(path) }
    var labels: [(picture: String, cells: [String], line: Int)] = []
    var wrong = DiagnosticList()
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      guard line.contains(where: { $0 > 32 }) else { continue }
      guard
        let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let image = (object["path_to_image"] as? String).flatMap(CheXpertReader.key)
      else {
        wrong.add(
          "the line is no object with a `path_to_image` of CheXpert",
          at: Place(file: path, line: index + 1))
        continue
      }
      let cells = CheXpertReader.findings.map { finding in
        switch object[finding] {
        case let number as NSNumber: "\(number.doubleValue)"
        case nil, is NSNull: ""
        case let other?: "\(other)"
        }
      }
      labels.append((stem(image), cells, index + 1))
    }
    try wrong.throwIfAny()
    let index = RowIndex(
      labels.map(\.picture), by: "path_to_image", of: CheXpertReader.findings, to: &draft,
      place: { Place(file: path, line: labels[$0].line) }, cells: { labels[$0].cells })
    let rows = draft.images.map { index[stem($0)].map { labels[$0].cells } }
    for (index, finding) in CheXpertReader.findings.enumerated() {
      draft.addFinding(finding, rows.map { $0?[index] ?? "" })
    }
    let without = rows.count { $0 == nil }
    if without > 0 {
      draft.remarks.append(
        "\(counted(without, "picture", "has", "have")) no labels, which are blank: `\(path)` "
          + "lacks them")
    }
  }

  private static func stem(_ path: String) -> String {
    path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
  }
}
