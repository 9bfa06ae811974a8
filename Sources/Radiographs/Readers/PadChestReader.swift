import Basics

/// PadChest (Bustos et al., Medical Image Analysis 2020) as BIMCV ships it.
///
/// The root holds `PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv`, and the 16-bit pictures in
/// `images/<ImageDir>/`, `<ImageDir>/` or `images/`. A picture whose labels are none, `exclude` or
/// unreadable text is left out; of the 193 labels, ``PadChestReader/findings`` are findings here.
enum PadChestReader: CohortReader {
  static let name = "padchest"

  /// The labels that are findings, as the table spells them.
  static let findings = [
    "normal", "COPD signs", "air trapping", "alveolar pattern", "aortic atheromatosis",
    "aortic elongation", "apical pleural thickening", "atelectasis", "atypical pneumonia",
    "bronchiectasis", "bronchovascular markings", "bullas", "calcified densities",
    "calcified granuloma", "cardiomegaly", "cavitation", "central venous catheter",
    "chest drain tube", "chronic changes", "consolidation", "costophrenic angle blunting",
    "emphysema", "endotracheal tube", "fibrotic band", "flattened diaphragm", "fracture",
    "granuloma", "ground glass pattern", "heart insufficiency", "hemidiaphragm elevation",
    "hiatal hernia", "hilar congestion", "hilar enlargement", "hyperinflated lung",
    "hypoexpansion", "increased density", "infiltrates", "interstitial pattern", "kerley lines",
    "kyphosis", "laminar atelectasis", "lobar atelectasis", "mass", "mediastinal enlargement",
    "metal", "multiple nodules", "NSG tube", "nodule", "pacemaker", "pleural effusion",
    "pleural thickening", "pneumonia", "pneumothorax", "pseudonodule", "pulmonary edema",
    "pulmonary fibrosis", "pulmonary mass", "reticular interstitial pattern", "rib fracture",
    "scoliosis", "sternotomy", "subcutaneous emphysema", "superior mediastinal enlargement",
    "supra aortic elongation", "suture material", "tracheostomy tube", "tuberculosis",
    "tuberculosis sequelae", "unchanged", "vascular hilar enlargement",
    "vertebral degenerative changes", "volume loss",
  ]
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
    let leftOut = csv.rowCount - kept.count
    if leftOut > 0 {
      draft.remarks.append(
        "\(counted(leftOut, "picture")) without labels, or labelled `exclude`, are left out")
      draft.select(kept)
    }
    return draft
  }

  /// The age in the year of the study.
  private static func addAge(_ csv: CSV, to draft: inout CohortDraft) {
    let ages = zip(csv.cells("StudyDate_DICOM"), csv.cells("PatientBirth")).map { date, birth in
      guard let year = Double(birth), let study = Int(date.prefix(4)), year.isFinite,
        (1800...9999).contains(year)
      else { return "" }
      let age = study - Int(year)
      return age < 0 ? "" : String(age)
    }
    draft.addAge(ages)
  }

  /// Adds a column for each finding, and returns the rows that have labels.
  private static func addFindings(_ csv: CSV, to draft: inout CohortDraft) -> [Int] {
    let index = Dictionary(uniqueKeysWithValues: findings.enumerated().map { ($1, $0) })
    var columns = findings.map { _ in [String](repeating: "0", count: csv.rowCount) }
    var kept: [Int] = []
    var others: [String: Int] = [:]
    for (row, cell) in csv.cells("Labels").enumerated() {
      guard let labels = list(cell), !labels.isEmpty, !labels.contains("exclude") else { continue }
      kept.append(row)
      for label in Set(labels) {
        if let column = index[label] {
          columns[column][row] = "1"
        } else {
          others[label, default: 0] += 1
        }
      }
    }
    for (name, cells) in zip(findings, columns) { draft.addFinding(name, cells) }
    if !others.isEmpty {
      let order = others.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      draft.remarks.append(
        "\(others.count) labels are no findings here: "
          + order.map(\.key).quotedFew())
    }
    return kept
  }

  /// The texts of a list as Python writes it, `['pleural effusion', ' loc basal']`, without the
  /// blanks around them; `nil` for what is none.
  static func list(_ cell: String) -> [String]? {
    let text = trimmed(cell)
    if text.isEmpty || text == "nan" { return [] }
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    var items: [String] = []
    var rest = text.dropFirst().dropLast()
    while let quote = rest.first(where: { $0 == "'" || $0 == "\"" }),
      let start = rest.firstIndex(of: quote)
    {
      let item = rest[rest.index(after: start)...]
      guard let end = item.firstIndex(of: quote) else { return nil }
      let name = trimmed(String(item[..<end]))
      if !name.isEmpty { items.append(name) }
      rest = item[item.index(after: end)...]
    }
    return items
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
