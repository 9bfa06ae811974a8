import Basics

/// MIMIC-CXR-JPG with its four tables and the labels of the test set, and MIMIC-IV 2 with patients and
/// admissions; one patient in fifty says two races.
struct MIMICPages: PhantomPages {
  let encoding = PhantomEncoding.jpeg(quality: 92)
  private let seed: Int

  init(_ options: PhantomOptions) { seed = options.seed }

  private static let root = PhantomLayout.mimic.root
  private static let demographics = "\(PhantomLayout.mimic.demographics ?? "")/hosp"
  /// The columns of the labels: by name, as the owners order them.
  private static let findings = PhantomFinding.all.map(\.name).sorted()

  var tables: [(path: String, header: [String])] {
    let name = "\(Self.root)/mimic-cxr-2.0.0"
    return [
      (
        "\(name)-metadata.csv",
        [
          "dicom_id", "subject_id", "study_id", "PerformedProcedureStepDescription",
          "ViewPosition", "Rows", "Columns", "StudyDate", "StudyTime",
          "ProcedureCodeSequence_CodeMeaning", "ViewCodeSequence_CodeMeaning",
          "PatientOrientationCodeSequence_CodeMeaning",
        ]
      ),
      ("\(name)-split.csv", ["dicom_id", "study_id", "subject_id", "split"]),
      ("\(name)-chexpert.csv", ["subject_id", "study_id"] + Self.findings),
      ("\(name)-negbio.csv", ["subject_id", "study_id"] + Self.findings),
      (
        "\(Self.root)/mimic-cxr-2.1.0-test-set-labeled.csv",
        ["study_id"] + Self.findings.map { $0 == "Lung Opacity" ? "Airspace Opacity" : $0 }
      ),
      (
        "\(Self.demographics)/patients.csv",
        ["subject_id", "gender", "anchor_age", "anchor_year", "anchor_year_group", "dod"]
      ),
      (
        "\(Self.demographics)/admissions.csv",
        [
          "subject_id", "hadm_id", "admittime", "dischtime", "deathtime", "admission_type",
          "admit_provider_id", "admission_location", "discharge_location", "insurance",
          "language", "marital_status", "race", "edregtime", "edouttime", "hospital_expire_flag",
        ]
      ),
      PhantomTruthTable.table,
    ]
  }

  func page(of patient: PhantomPatient, numbered number: Int, in subset: Subset) -> PhantomPage {
    var page = PhantomPage(tables: tables.count)
    var draw = RandomStream(patient.stream + "/mimic", seed: seed)
    let subject = String(10_000_000 + number)
    let year = 2110 + draw.below(80)
    let first = patient.studies.first?.age ?? 0
    page.append(
      [
        subject, patient.sex == "Female" ? "F" : "M", String(first), String(year), "2014 - 2016",
        "",
      ], to: 5)
    admit(subject, patient, year, &draw, &page)
    let split = subset == .valid ? "test" : number.isMultiple(of: 20) ? "validate" : "train"
    for (index, study) in patient.studies.enumerated() {
      // No study of one patient has the number of another's.
      let id = String(50_000_000 + 100 * number + index)
      let byName = Dictionary(
        uniqueKeysWithValues: zip(PhantomFinding.all.map(\.name), study.labels))
      let labels = Self.findings.map { byName[$0] ?? .blank }
      if split == "test" {
        page.append([id] + labels.map { $0.cell() }, to: 4)
      }
      for table in [2, 3] {
        page.append([subject, id] + labels.map { $0.cell(".0") }, to: table)
      }
      let day = 1 + draw.below(28)
      let date = "\(year + study.age - first)\(10 + draw.below(3))\(day < 10 ? "0" : "")\(day)"
      for (view, shown) in study.views.enumerated() {
        let hex = Array(Digest(of: "\(subject)/\(id)/\(view)").hex)
        let image = stride(from: 0, to: 40, by: 8).map { String(hex[$0..<$0 + 8]) }
          .joined(separator: "-")
        // A few have no view.
        let position =
          draw.uniform() < 0.01 ? "" : shown.isLateral ? "LATERAL" : shown.projection
        page.append(
          [
            image, subject, id, "CHEST (PA AND LAT)", position, "3056", "2544", date,
            "213014.531", "CHEST (PA AND LAT)", "postero-anterior", "Erect",
          ], to: 0)
        page.append([image, id, subject, split], to: 1)
        page.append(PhantomTruthTable.row(image, subject, study), to: 7)
        page.pictures.append(
          (
            "\(Self.root)/files/p\(subject.prefix(2))/p\(subject)/s\(id)/\(image).jpg", index, view
          ))
      }
    }
    return page
  }

  /// One to three admissions; the texts of the race differ, its group seldom does.
  private func admit(
    _ subject: String, _ patient: PhantomPatient, _ year: Int, _ draw: inout RandomStream,
    _ page: inout PhantomPage
  ) {
    let texts = Self.races[patient.group("race")] ?? ["UNKNOWN", "UNABLE TO OBTAIN"]
    let insurance = ["Medicare", "Medicaid", "Private", "Other", ""][draw.below(5)]
    let isContradicted = draw.uniform() < 0.02
    let count = isContradicted ? 3 : 1 + draw.below(3)
    for index in 0..<count {
      let other = isContradicted && index == 1
      let race = other ? "MULTIPLE RACE/ETHNICITY" : texts[draw.below(texts.count)]
      let time = "\(year)-0\(1 + index)-06 22:23:00"
      page.append(
        [
          subject, "\(subject)\(index)", time, time, "", "URGENT", "P874LG",
          "TRANSFER FROM HOSPITAL", "HOME", insurance, "ENGLISH", "WIDOWED", race, "", "", "0",
        ], to: 6)
    }
  }

  private static let races = [
    "White": ["WHITE", "WHITE - RUSSIAN", "WHITE - OTHER EUROPEAN"],
    "Black": ["BLACK/AFRICAN AMERICAN", "BLACK/CAPE VERDEAN"],
    "Asian": ["ASIAN", "ASIAN - CHINESE", "ASIAN - SOUTH EAST ASIAN"],
    "Hispanic": ["HISPANIC OR LATINO", "HISPANIC/LATINO - DOMINICAN"],
    "Native American": ["AMERICAN INDIAN/ALASKA NATIVE"],
    "Pacific Islander": ["NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER"],
    "Other": ["OTHER", "PORTUGUESE"],
  ]
}
