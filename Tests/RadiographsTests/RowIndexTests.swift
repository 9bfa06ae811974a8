import Basics
import Testing

@testable import Radiographs

@Suite struct RowIndexTests {
  private static let labels = CheXpertReader.findings.sorted()

  /// MIMIC with two pictures of a study, and MIMIC-IV.
  private func dataSet(
    split: String = "", labels: String = "", patients: String = "", year: Int = 2178
  ) throws -> TemporaryFolder {
    let root = try TemporaryFolder()
    try root.write(
      "dicom_id,subject_id,study_id,ViewPosition,StudyDate\na,10,50,PA,21800506\n"
        + "b,10,50,PA,21800506\n",
      to: "mimic-cxr-2.0.0-metadata.csv")
    try root.write(
      "dicom_id,study_id,subject_id,split\na,50,10,train\n" + split,
      to: "mimic-cxr-2.0.0-split.csv")
    let blanks = String(repeating: ",", count: Self.labels.count - 1)
    try root.write(
      "subject_id,study_id,\(Self.labels.joined(separator: ","))\n10,50,1.0\(blanks)\n"
        + labels.replacing("…", with: blanks),
      to: "mimic-cxr-2.0.0-chexpert.csv")
    try root.write(
      "subject_id,gender,anchor_age,anchor_year\n10,F,52,\(year)\n" + patients,
      to: "hosp/patients.csv")
    try root.write("subject_id,insurance,race\n10,Medicaid,WHITE\n", to: "hosp/admissions.csv")
    return root
  }

  private func read(_ root: TemporaryFolder) throws -> (cohort: Cohort, notes: CohortNotes) {
    try CohortSource(source: "mimic-cxr", demographics: root.path).read(
      root: root.path, findingPictures: false)
  }

  /// Nobody knows which of two rows holds: each table says so with the key and both lines.
  @Test func `rows that contradict each other are refused`() throws {
    let root = try dataSet(
      split: "b,50,10,test\na,50,10,test\n", labels: "10,50,0.0…\n", patients: "10,M,52,2178\n")
    let said = failure { try read(root) }.split(separator: "\n").map(String.init).sorted()
    #expect(
      said == [
        "\(root.file("hosp/patients.csv")):3: `gender` of `subject_id` `10` is `M` here and `F` in "
          + "line 2",
        "\(root.file("mimic-cxr-2.0.0-chexpert.csv")):3: `Atelectasis` of `study_id` `50` is `0.0` "
          + "here and `1.0` in line 2",
        "\(root.file("mimic-cxr-2.0.0-split.csv")):4: `split` of `dicom_id` `a` is `test` here and "
          + "`train` in line 2",
      ])
  }

  /// A row that says the same again does no harm and is counted, as are pictures without a subset.
  @Test func `rows that repeat each other are counted`() throws {
    let root = try dataSet(split: "a,50,10,train\n", labels: "10,50,1…\n")
    let (cohort, notes) = try read(root)
    #expect(try cohort.attribute("official_subset") == ["train", ""])
    #expect(
      notes.remarks == [
        "1 row repeats what `\(root.file("mimic-cxr-2.0.0-split.csv"))` says before",
        "1 picture of the table is not in `\(root.file("mimic-cxr-2.0.0-split.csv"))`",
        "1 row repeats what `\(root.file("mimic-cxr-2.0.0-chexpert.csv"))` says before",
      ])
  }

  /// An anchor four centuries off makes no newborn of a patient.
  @Test func `a study before the birth has no age`() throws {
    let (cohort, notes) = try read(dataSet(year: 2578))
    #expect(try cohort.attribute("age") == ["", ""])
    #expect(notes.remarks.contains("2 ages are missing: the study lies before the birth"))
    #expect(try read(dataSet(year: 1778)).notes.implausibleAges == 2)
  }

  /// The labels of CheXpert Plus are lines of their own.
  @Test func `a picture with two lines of labels is refused`() throws {
    let root = try TemporaryFolder()
    let path = "train/patient00001/study1/view1_frontal"
    try root.write(
      "path_to_image,frontal_lateral,ap_pa,deid_patient_id,age,sex,race,ethnicity,insurance_type,"
        + "split\n\(path).jpg,Frontal,AP,patient00001,60,Female,White,Unknown,Medicare,train\n",
      to: "df_chexpert_plus_240401.csv")
    func said(_ label: String) throws -> String {
      let labels = try root.write(
        "{\"path_to_image\": \"\(path).jpg\", \"Edema\": 1}\n"
          + "{\"path_to_image\": \"\(path).png\", \"Edema\": \(label)}\n",
        to: "report_fixed.json")
      return failure {
        let source = CohortSource(source: "chexpert-plus")
        let remarks = try source.read(root: root.path, findingPictures: false).notes.remarks
        #expect(remarks == ["1 row repeats what `\(labels)` says before"])
      }
    }
    #expect(
      try said("0.0")
        == "\(root.file("report_fixed.json")):2: `Edema` of `path_to_image` `\(path)` is `0.0` here "
        + "and `1.0` in line 1")
    #expect(try said("1.0") == "")
  }
}
