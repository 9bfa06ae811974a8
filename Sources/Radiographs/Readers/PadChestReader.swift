import Basics

/// PadChest (Bustos et al., Medical Image Analysis 2020) as BIMCV ships it.
///
/// The root holds `PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv`, and the 16-bit pictures in
/// `images/<ImageDir>/`, `<ImageDir>/` or `images/`. A picture without labels, or with one that says
/// that nothing can be seen, is left out; what the 193 labels are here says ``PadChestLabels``.
enum PadChestReader: CohortReader {
  static let name = "padchest"

  static let findings = PadChestLabels.findings
  private static let table = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"
  private static let required = [
    "ImageID", "ImageDir", "StudyDate_DICOM", "StudyID", "PatientID", "PatientBirth",
    "PatientSex_DICOM", "Projection", "Labels",
  ]
  /// Columns that are carried along where they are there, and what they are called here.
  private static let others = [
    ("method_projection", "MethodProjection"), ("pediatric", "Pediatric"),
    ("manufacturer", "Manufacturer_DICOM"), ("method_label", "MethodLabel"),
  ]

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    [try table([table], source, root: root)]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    let csv = try header(try tables(source, root: root)[0])
    let known = others.filter { csv.column($0.1) != nil }.map(\.0)
    return CohortHeader(
      findings: findings, attributes: ["sex", "age", "view"] + known,
      wrong: missing(required, in: csv))
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let csv = try csv(try tables(source, root: root)[0])
    var draft = CohortDraft(csv, folders: ["images", ""], source)
    draft.images = csv.cells("ImageID")
    // `0.0` where a program took the folder for a number.
    draft.paths = zip(csv.cells("ImageDir"), draft.images).map { folder, image in
      "\(folder.hasSuffix(".0") ? String(folder.dropLast(2)) : folder)/\(image)"
    }
    draft.patients = csv.cells("PatientID")
    draft.studies = csv.cells("StudyID")
    draft.addSex(csv.cells("PatientSex_DICOM").map { $0.lowercased() == "nan" ? "" : $0 })
    addAge(csv, to: &draft)
    draft.addView(csv.cells("Projection"))
    for (name, column) in others where csv.column(column) != nil {
      draft.addAttribute(name, csv.cells(column))
    }
    let kept = addFindings(csv, to: &draft)
    draft.select(kept)
    return draft
  }

  static func isPathology(_ finding: String) -> Bool { !PadChestLabels.asides.contains(finding) }

  /// The age in the year of the study.
  private static func addAge(_ csv: CSV, to draft: inout CohortDraft) {
    var (unborn, unknown) = (0, 0)
    let ages = zip(csv.cells("StudyDate_DICOM"), csv.cells("PatientBirth")).map { date, birth in
      guard let year = Double(birth), let study = Int(date.prefix(4)), year.isFinite,
        (1800...9999).contains(year)
      else {
        unknown += 1
        return ""
      }
      let age = study - Int(year)
      if age < 0 { unborn += 1 }
      return age < 0 ? "" : String(age)
    }
    draft.addAge(ages)
    draft.noteMissingAges(unknown, "the year of birth or of the study is not known")
    draft.noteMissingAges(unborn, "the study lies before the birth")
  }

  /// Adds a column for each finding, and one for the pathologies that are none; returns the rows that
  /// have labels.
  private static func addFindings(_ csv: CSV, to draft: inout CohortDraft) -> [Int] {
    let index = Dictionary(uniqueKeysWithValues: findings.enumerated().map { ($1, $0) })
    var columns = findings.map { _ in [String](repeating: "0", count: csv.rowCount) }
    var pathologies = [String](repeating: "", count: csv.rowCount)
    var kept: [Int] = []
    var others: [String: Int] = [:]
    var leftOut = [Int](repeating: 0, count: PadChestLabels.excluding.count + 1)
    for (row, cell) in csv.cells("Labels").enumerated() {
      guard let labels = list(cell) else {
        draft.wrong.add(
          "`\(cell)` is no list of labels", at: draft.place(row),
          hint: "a list is `['normal', 'pacemaker']`")
        continue
      }
      if let reason = PadChestLabels.excluding.firstIndex(where: labels.contains) {
        leftOut[reason + 1] += 1
        continue
      }
      guard !labels.isEmpty else {
        leftOut[0] += 1
        continue
      }
      kept.append(row)
      for label in Set(labels) {
        if let column = index[label] {
          columns[column][row] = "1"
        } else {
          others[label, default: 0] += 1
          if isPathology(label) { pathologies[row] = "1" }
        }
      }
    }
    for (name, cells) in zip(findings, columns) { draft.addFinding(name, cells) }
    if pathologies.contains("1") {
      draft.columns.append(
        Cohort.Column(Cohort.otherPathologies, .pathology, pathologies))
    }
    if !others.isEmpty {
      let order = others.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      draft.remarks.append(
        "\(counted(others.count, "label", "is no finding", "are no findings")) here: "
          + order.map(\.key).quotedFew())
    }
    let reasons = ["without labels"] + PadChestLabels.excluding.map { "labelled `\($0)`" }
    for (count, reason) in zip(leftOut, reasons) where count > 0 {
      draft.remarks.append(
        "\(counted(count, "picture")) \(reason) \(count == 1 ? "is" : "are") left out")
    }
    return kept
  }

  /// The texts of a list as Python writes it, `['pleural effusion', ' loc basal']`, without the
  /// blanks around them; `nil` for what is none.
  static func list(_ cell: String) -> [String]? {
    let text = trimmed(cell)
    if text.isEmpty || text == "nan" { return [] }
    guard text.hasPrefix("["), text.hasSuffix("]"), text.count > 1 else { return nil }
    var items: [String] = []
    var rest = text.dropFirst().dropLast()
    while true {
      // Between the items there is nothing else.
      rest = rest.drop { $0 == "," || $0.isWhitespace }
      guard let quote = rest.first else { return items }
      let item = rest.dropFirst()
      guard quote == "'" || quote == "\"", let end = item.firstIndex(of: quote) else { return nil }
      let name = trimmed(String(item[..<end]))
      if !name.isEmpty { items.append(name) }
      rest = item[item.index(after: end)...]
    }
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
