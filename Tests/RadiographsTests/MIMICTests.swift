import Basics
import Testing

@testable import Radiographs

@Suite struct MIMICTests {
  private static let labels =
    "Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,"
    + "Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices"

  /// Three pictures of two patients, with the tables of MIMIC-IV in `folder` and races in `column`.
  private func dataSet(
    folder: String = "hosp", column: String = "race"
  ) throws -> TemporaryFolder {
    let root = try TemporaryFolder()
    try root.write(
      "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,"
        + "StudyDate,StudyTime,ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,"
        + "PatientOrientationCodeSequence_CodeMeaning\n"
        + "b-1,10000032,50414267,CHEST,PA,1,1,21800506,1,,,\n"
        + "a-2,10000032,50414267,CHEST,LATERAL,1,1,21800506,1,,,\n"
        + "c-3,11000033,50500000,CHEST,,1,1,21490101,1,,,\n",
      to: "jpg/mimic-cxr-2.0.0-metadata.csv")
    try root.write(
      "dicom_id,study_id,subject_id,split\nb-1,50414267,10000032,train\n"
        + "a-2,50414267,10000032,train\nc-3,50500000,11000033,validate\n",
      to: "jpg/mimic-cxr-2.0.0-split.csv")
    try root.write(
      "subject_id,study_id,\(Self.labels)\n10000032,50414267,1.0,,,-1.0,,,,0.0,,,,,,\n",
      to: "jpg/mimic-cxr-2.0.0-chexpert.csv")
    try root.write(
      "subject_id,study_id,\(Self.labels)\n10000032,50414267,0.0,,,1.0,,,,,,,,,,\n",
      to: "jpg/mimic-cxr-2.0.0-negbio.csv")
    for (image, study, patient) in [
      ("b-1", "50414267", "10000032"), ("a-2", "50414267", "10000032"),
      ("c-3", "50500000", "11000033"),
    ] {
      try root.write("x", to: "jpg/files/p\(patient.prefix(2))/p\(patient)/s\(study)/\(image).jpg")
    }
    try root.write(
      "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod\n"
        + "10000032,F,52,2178,2014 - 2016,\n",
      to: "iv/\(folder)/patients.csv")
    try root.write(
      "subject_id,hadm_id,insurance,\(column)\n10000032,1,Medicaid,WHITE\n"
        + "10000032,2,Medicaid,WHITE - RUSSIAN\n10000032,3,Medicaid,UNKNOWN\n"
        + "11000033,4,Barter,ASIAN\n",
      to: "iv/\(folder)/admissions.csv")
    return root
  }

  private func source(_ root: TemporaryFolder) -> CohortSource {
    CohortSource(source: "mimic-cxr", demographics: root.file("iv"))
  }

  /// Labels by study, the official split, race and insurance from the admissions, sex and age from the
  /// patients; both versions of MIMIC-IV.
  @Test(arguments: [("hosp", "race"), ("core", "ethnicity")])
  func `tables are joined`(folder: String, column: String) throws {
    let root = try dataSet(folder: folder, column: column)
    let (cohort, notes) = try source(root).read(root: root.file("jpg"))
    #expect(cohort.images == ["a-2", "b-1", "c-3"])
    #expect(cohort.paths[0] == "files/p10/p10000032/s50414267/a-2.jpg")
    #expect(cohort.patients == ["10000032", "10000032", "11000033"])
    #expect(cohort.studies == ["50414267", "50414267", "50500000"])
    #expect(try cohort.attribute("view") == ["LATERAL", "PA", ""])
    #expect(try cohort.attribute("official_subset") == ["train", "train", "valid"])
    #expect(try cohort.attribute("label_source") == ["chexpert", "chexpert", ""])
    #expect(try cohort.attribute("sex") == ["F", "F", ""])
    #expect(try cohort.attribute("age") == ["54", "54", ""])
    #expect(try cohort.attribute("race") == ["White", "White", "Asian"])
    #expect(try cohort.attribute("insurance") == ["Medicaid", "Medicaid", ""])
    #expect(try cohort.labels(of: "Edema") == [.uncertain, .uncertain, .blank])
    #expect(try cohort.labels(of: "Lung Opacity") == [.negative, .negative, .blank])
    #expect(
      notes.sentences == [
        "1 study has no labels, which are blank: `\(root.file("jpg"))/"
          + "mimic-cxr-2.0.0-chexpert.csv` lacks them",
        "1 patient has no demographics", "`Barter` is no known insurance (1 patient)",
      ])
    #expect(try source(root).demographicTables().count == 2)
    #expect(try source(root).tables(root: root.file("jpg")).count == 3)
  }

  /// The labeller is chosen by name; a radiologist's labels of the test set come before either, and
  /// say `Airspace Opacity`.
  @Test func `labels are those that were asked for`() throws {
    let root = try dataSet()
    var source = CohortSource(source: "mimic-cxr")
    source.labeler = "negbio"
    let jpg = root.file("jpg")
    #expect(try source.read(root: jpg).cohort.labels(of: "Edema")[0] == .positive)
    try root.write(
      "study_id,Airspace Opacity,Edema\n50500000,1,-1\n",
      to: "jpg/mimic-cxr-2.1.0-test-set-labeled.csv")
    let cohort = try source.read(root: jpg).cohort
    #expect(try cohort.labels(of: "Lung Opacity") == [.blank, .blank, .positive])
    #expect(try cohort.labels(of: "Edema") == [.positive, .positive, .uncertain])
    #expect(try cohort.attribute("label_source") == ["negbio", "negbio", "radiologist"])
    source.labeler = "negbo"
    #expect(failure { try source.read(root: jpg) } == "`negbo` made no labels of `mimic-cxr`")
  }

  /// A patient of several races: missing, the first or the most frequent; how many is said.
  @Test(arguments: [
    (ContradictionPolicy.dropInconsistent, ""), (.first, "Black"), (.mostFrequent, "Hispanic"),
  ])
  func `contradictions follow a policy`(policy: ContradictionPolicy, race: String) throws {
    let root = try dataSet()
    try root.write(
      "subject_id,hadm_id,insurance,race\n10000032,0,,UNABLE TO OBTAIN\n"
        + "10000032,1,,BLACK/AFRICAN AMERICAN\n10000032,2,,HISPANIC/LATINO - CUBAN\n"
        + "10000032,3,,HISPANIC OR LATINO\n",
      to: "iv/hosp/admissions.csv")
    var source = source(root)
    source.contradictions = policy
    let (cohort, notes) = try source.read(root: root.file("jpg"))
    #expect(try cohort.attribute("race") == [race, race, ""])
    #expect(notes.remarks.contains { $0.hasPrefix("1 patient with two values of `race`: ") })
  }

  /// A person's words about texts come before the tables; what no row has, and names that are no
  /// attribute, are said.
  @Test func `a person can map texts otherwise`() throws {
    let root = try dataSet()
    var source = source(root)
    source.groups = [
      "race": ["ASIAN": "AAPI", "KLINGON": "Other"], "insurance": ["Barter": "Other"],
      "view": ["": "AP"],
    ]
    let (cohort, notes) = try source.read(root: root.file("jpg"))
    #expect(try cohort.attribute("race") == ["White", "White", "AAPI"])
    #expect(try cohort.attribute("insurance")[2] == "Other")
    #expect(try cohort.attribute("view")[2] == "AP")
    #expect(notes.unmapped.isEmpty)
    #expect(notes.remarks.contains("`groups.race` names `KLINGON`, which no row has"))
    source.groups = ["rase": [:]]
    let wrong = source.inspect(root: root.file("jpg")).wrong
    #expect(wrong.first?.hint == "did you mean `race`?")
  }

  /// What is missing or no subset is told at its place.
  @Test func `what is wrong is told`() throws {
    let root = try dataSet()
    let split = try root.write(
      "dicom_id,study_id,subject_id,split\nb-1,50414267,10000032,training\n",
      to: "jpg/mimic-cxr-2.0.0-split.csv")
    #expect(
      failure { try CohortSource(source: "mimic-cxr").read(root: root.file("jpg")) }
        == "\(split):2: `training` is no subset")
    try root.write("subject_id,study_id,Edema\n", to: "jpg/mimic-cxr-2.0.0-chexpert.csv")
    #expect(
      CohortSource(source: "mimic-cxr").inspect(root: root.file("jpg")).wrong.count == 13)
    #expect(
      failure {
        try CohortSource(source: "mimic-cxr", demographics: root.file("jpg"))
          .read(root: root.file("jpg"))
      } == "`\(root.file("jpg"))` holds no `admissions.csv` and `patients.csv`")
  }
}
