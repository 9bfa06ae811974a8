import Basics

/// MIMIC-CXR-JPG 2.0 and 2.1 (Johnson et al., 2019) as PhysioNet ships it.
///
/// The root holds `mimic-cxr-2.0.0-metadata.csv`, `…-split.csv`, `…-chexpert.csv` or `…-negbio.csv`
/// (each may be `.csv.gz`), and the pictures in `files/p10/p10000032/s50414267/<dicom_id>.jpg`. Labels
/// are those of a study. Where `mimic-cxr-2.1.0-test-set-labeled.csv` is there, its studies have the
/// labels that a radiologist gave them, and `label_source` says so.
///
/// The demographics are the folder of MIMIC-IV, with `hosp/` (2.0 and later, column `race`) or
/// `core/` (1.0, column `ethnicity`).
enum MIMICReader: CohortReader {
  static let name = "mimic-cxr"
  static let readsDemographics = true
  static let labelers = ["chexpert", "negbio"]

  private static let releases = ["2.1.0", "2.0.0"]
  private static let metadata = ["dicom_id", "subject_id", "study_id", "ViewPosition", "StudyDate"]
  private static let splitColumns = ["dicom_id", "split"]
  private static let attributes = ["view", "study_date", CohortDraft.subsetColumn, "label_source"]
  private static let ofPatients = ["sex", "age", "race", "insurance"]
  /// The findings of ``CheXpertReader``; the radiologist's table says `Airspace Opacity`.
  private static let otherNames = ["Lung Opacity": "Airspace Opacity"]

  private static func names(_ kind: String) -> [String] {
    releases.map { "mimic-cxr-\($0)-\(kind).csv" }
  }

  /// The tables below a root, of which the last may be absent.
  private struct Tables {
    var metadata, split, labels: String
    var radiologist: String?

    init(_ source: CohortSource, _ root: String) throws(Diagnostics) {
      metadata = try MIMICReader.table(names("metadata"), source, root: root)
      var others = source
      others.table = nil
      split = try MIMICReader.table(names("split"), others, root: root)
      labels = try MIMICReader.table(
        names(source.labeler ?? labelers[0]), others, root: root)
      radiologist = optional(names("test-set-labeled"), root: root)
    }

    var all: [String] { [metadata, split, labels] + (radiologist.map { [$0] } ?? []) }
  }

  static func tables(_ source: CohortSource, root: String) throws(Diagnostics) -> [String] {
    try Tables(source, root).all
  }

  static func demographics(_ path: String) throws(Diagnostics) -> [String] {
    let folders = ["hosp", "core", ""].map { Files.join(path, $0) }
    let found = ["admissions.csv", "patients.csv"].map { name in
      folders.lazy.compactMap { optional([name], root: $0) }.first
    }
    guard let admissions = found[0], let patients = found[1] else {
      throw Diagnostics([
        Diagnostic(
          "`\(path)` holds no `admissions.csv` and `patients.csv`",
          hint: "the demographics are the folder of MIMIC-IV, with `hosp/` or `core/` in it")
      ])
    }
    return [admissions, patients]
  }

  static func inspect(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortHeader {
    let tables = try Tables(source, root)
    var wrong = missing(metadata, in: try header(tables.metadata))
    wrong += missing(splitColumns, in: try header(tables.split))
    wrong += missing(["study_id"] + CheXpertReader.findings, in: try header(tables.labels))
    if let path = tables.radiologist { wrong += missing(["study_id"], in: try header(path)) }
    var known = attributes
    if let path = source.demographics {
      let paths = try demographics(path)
      let admissions = try header(paths[0])
      wrong += missing(["subject_id", "insurance"], in: admissions)
      if raceColumn(admissions) == nil { wrong += missing(["race"], in: admissions) }
      wrong += missing(
        ["subject_id", "gender", "anchor_age", "anchor_year"], in: try header(paths[1]))
      known += ofPatients
    }
    return CohortHeader(findings: CheXpertReader.findings, attributes: known, wrong: wrong)
  }

  private static func raceColumn(_ csv: CSV) -> String? {
    ["race", "ethnicity"].first { csv.column($0) != nil }
  }

  static func draft(_ source: CohortSource, root: String) throws(Diagnostics) -> CohortDraft {
    let tables = try Tables(source, root)
    let csv = try csv(tables.metadata)
    var draft = CohortDraft(csv, folders: [""], source)
    draft.images = csv.cells("dicom_id")
    draft.patients = csv.cells("subject_id")
    draft.studies = csv.cells("study_id")
    draft.paths = draft.images.indices.map { row in
      let patient = draft.patients[row]
      return "files/p\(patient.prefix(2))/p\(patient)/s\(draft.studies[row])/"
        + "\(draft.images[row]).jpg"
    }
    draft.addView(csv.cells("ViewPosition"))
    let dates = csv.cells("StudyDate")
    draft.addAttribute("study_date", dates)
    try addSubsets(tables.split, to: &draft)
    try addLabels(tables, source, to: &draft)
    if let path = source.demographics {
      try addPatients(try demographics(path), dates, source.contradictions, to: &draft)
    }
    return draft
  }

  private static func addSubsets(
    _ path: String, to draft: inout CohortDraft
  ) throws(Diagnostics) {
    let csv = try csv(path)
    let rows = RowIndex(csv, by: "dicom_id", of: ["split"], to: &draft)
    let subsets = csv.cells("split").enumerated().map { row, name in
      if let subset = Subset(foreign: name) { return subset.rawValue }
      draft.wrong.add(unknownSubset(name, csv.place(row)))
      return ""
    }
    draft.addSubsets(draft.images.map { rows[$0].map { subsets[$0] } }, without: "not in `\(path)`")
  }

  private static func addLabels(
    _ tables: Tables, _ source: CohortSource, to draft: inout CohortDraft
  ) throws(Diagnostics) {
    let labels = try csv(tables.labels)
    let radiologist = try tables.radiologist.map { path throws(Diagnostics) in try csv(path) }
    func rows(_ csv: CSV?) -> [Int?] {
      guard let csv else { return draft.studies.map { _ in nil } }
      let names = CheXpertReader.findings + otherNames.values
      let known = RowIndex(csv, by: "study_id", of: names, to: &draft)
      return draft.studies.map { known[$0] }
    }
    let (own, better) = (rows(labels), rows(radiologist))
    for finding in CheXpertReader.findings {
      let column = labels.column(finding)
      let other = radiologist.flatMap { csv in
        csv.column(finding) ?? otherNames[finding].flatMap(csv.column)
      }
      draft.addFinding(
        finding,
        draft.images.indices.map { row in
          if let csv = radiologist, let line = better[row] {
            return other.map { csv[line, $0] } ?? ""
          }
          guard let line = own[row], let column else { return "" }
          return labels[line, column]
        })
    }
    let labeler = source.labeler ?? labelers[0]
    draft.addAttribute(
      "label_source",
      draft.images.indices.map {
        better[$0] != nil ? "radiologist" : own[$0] != nil ? labeler : ""
      })
    let without = Set(
      draft.images.indices.filter { own[$0] == nil && better[$0] == nil }.map { draft.studies[$0] })
    if !without.isEmpty {
      draft.remarks.append(
        "\(counted(without.count, "study", "has", "have")) no labels, which are blank: "
          + "`\(labels.file)` lacks them")
    }
    let read = Set(draft.images.indices.filter { better[$0] != nil }.map { draft.studies[$0] })
    if !read.isEmpty {
      draft.remarks.append("the labels of \(counted(read.count, "study")) are a radiologist's")
    }
  }

  /// Sex and age from `patients`, race and insurance from `admissions`.
  private static func addPatients(
    _ paths: [String], _ dates: [String], _ policy: ContradictionPolicy,
    to draft: inout CohortDraft
  ) throws(Diagnostics) {
    let patients = try csv(paths[1])
    let known = RowIndex(
      patients, by: "subject_id", of: ["gender", "anchor_age", "anchor_year"], to: &draft)
    let rows = draft.patients.map { known[$0] }
    draft.noteAbsent { known[$0] != nil }
    let genders = patients.cells("gender")
    draft.addSex(rows.map { $0.map { genders[$0] } ?? "" })
    let (ages, years) = (patients.cells("anchor_age"), patients.cells("anchor_year"))
    var unborn = 0
    draft.addAge(
      rows.enumerated().map { row, line in
        guard let line else { return "" }
        guard let age = Int(ages[line]), let year = Int(years[line]),
          let study = Int(dates[row].prefix(4)), dates[row].count == 8,
          (0...200).contains(age), (0...9999).contains(year)
        else {
          draft.wrong.add(
            "no age follows from the study's date `\(dates[row])`, the anchor's age "
              + "`\(ages[line])` and year `\(years[line])`", at: draft.place(row))
          return ""
        }
        // Dates are shifted for each patient; a year before the birth is an error of entry.
        if age + study < year { unborn += 1 }
        return age + study < year ? "" : String(age + study - year)
      })
    draft.noteMissingAges(unborn, "the study lies before the birth")
    let admissions = try csv(paths[0])
    let subjects = admissions.cells("subject_id")
    func texts(_ column: String) -> [String: [String]] {
      let cells = admissions.cells(column)
      let wanted = Set(draft.patients)
      var texts: [String: [String]] = [:]
      for (row, subject) in subjects.enumerated() where wanted.contains(subject) {
        texts[subject, default: []].append(cells[row])
      }
      return texts
    }
    draft.addPatientGroups(
      "race", texts(raceColumn(admissions) ?? "race"), GroupTables.mimicRace, policy)
    draft.addPatientGroups("insurance", texts("insurance"), GroupTables.mimicInsurance, policy)
  }
}
