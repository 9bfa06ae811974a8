import Basics
import Testing

@testable import Radiographs

@Suite struct ReaderTests {
  // MARK: PadChest

  private let padchest =
    ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,"
    + "ViewPosition_DICOM,Projection,MethodProjection,Pediatric,Modality_DICOM,Manufacturer_DICOM,"
    + "ReportID,Report,MethodLabel,Labels,Localizations,LabelsLocalizationsBySentence,labelCUIS,"
    + "LocalizationsCUIS\n"

  private func row(
    _ image: String, folder: String = "0", birth: String = "1930.0", sex: String = "M",
    labels: String
  ) -> String {
    "0,\(image).png,\(folder),20140915,s-\(image),p-\(image),\(birth),\(sex),X,PA,Manual,No,CR,"
      + "Philips,1,,Physician,\"\(labels)\",[],,,\n"
  }

  /// Labels are a list as Python writes it, with stray blanks; ages follow from the year of birth;
  /// excluded pictures and those without labels are left out and counted.
  @Test func `PadChest is read`() throws {
    let root = try TemporaryFolder()
    try root.write(
      padchest
        + row("a", labels: "['pleural effusion', ' cardiomegaly ', 'loc basal']")
        + row("b", folder: "12.0", birth: "", sex: "", labels: "['normal']")
        + row("c", labels: "['exclude']") + row("d", labels: "[]") + row("e", labels: "nan")
        + row("f", labels: "['suboptimal study', 'normal']"),
      to: "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv")
    try root.write("x", to: "images/0/a.png")
    try root.write("x", to: "12/b.png")
    let (cohort, notes) = try CohortSource(source: "padchest").read(root: root.path)
    #expect(cohort.images == ["a.png", "b.png"])
    #expect(cohort.paths == ["images/0/a.png", "12/b.png"])
    #expect(cohort.studies == ["s-a.png", "s-b.png"].map { String($0.dropLast(4)) })
    #expect(try cohort.attribute("age") == ["84", ""])
    #expect(try cohort.attribute("sex") == ["M", ""])
    #expect(try cohort.attribute("manufacturer") == ["Philips", "Philips"])
    #expect(try cohort.labels(of: "pleural effusion") == [.positive, .negative])
    #expect(try cohort.labels(of: "cardiomegaly") == [.positive, .negative])
    #expect(try cohort.labels(of: "normal") == [.negative, .positive])
    #expect(
      notes.remarks == [
        "1 age is missing: the year of birth or of the study is not known",
        "1 label is no finding here: `loc basal`", "2 pictures without labels are left out",
        "1 picture labelled `exclude` is left out",
        "1 picture labelled `suboptimal study` is left out",
      ])
    #expect(PadChestReader.list("[\"heart's\", 'x']") == ["heart's", "x"])
    for text in ["['open", "['open']']", "x", "[", "[normal]", "['a' b]"] {
      #expect(PadChestReader.list(text) == nil, "\(text)")
    }
  }

  /// A list that cannot be read is no picture without labels, and each is named; an age that does not
  /// follow from the years is counted with the reason.
  @Test func `what is wrong in PadChest is told`() throws {
    let root = try TemporaryFolder()
    let name = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"
    let table = try root.write(
      padchest + row("a", labels: "['normal'") + row("b", labels: "['normal']")
        + row("c", labels: "normal"), to: name)
    let source = CohortSource(source: "padchest")
    #expect(
      failure { try source.read(root: root.path, findingPictures: false) }
        == "\(table):2: `['normal'` is no list of labels\n\(table):4: `normal` is no list of labels"
    )
    try root.write(padchest + row("a", birth: "2015", labels: "['normal']"), to: name)
    let (cohort, notes) = try source.read(root: root.path, findingPictures: false)
    #expect(try cohort.attribute("age") == [""])
    #expect(notes.remarks == ["1 age is missing: the study lies before the birth"])
  }

  // MARK: BRAX

  private let brax =
    "DicomPath,PngPath,PatientID,PatientSex,PatientAge,AccessionNumber,StudyDate,"
    + CheXpertReader.findings.joined(separator: ",") + ",ViewPosition,Rows,Columns,Manufacturer\n"

  /// Ages come in groups of five years, sexes include others.
  @Test func `BRAX is read`() throws {
    let root = try TemporaryFolder()
    let picture = "images/id_1/Study_2/Series_3/image-4.png"
    try root.write(
      brax
        + "d,\(picture),id_1,O,85 or more,acc1,2008,,,1,,,,,-1,,,0,,,1,AP,1,1,2\n"
        + "d,images/x.png,id_2,F,30,acc2,2008,1,,,,,,,,,,,,,,LLD,1,1,1\n",
      to: "master_spreadsheet_update.csv")
    try root.write("x", to: picture)
    try root.write("x", to: "images/x.png")
    let (cohort, _) = try CohortSource(source: "brax").read(root: root.path)
    #expect(cohort.images == [picture, "images/x.png"] && cohort.studies == ["acc1", "acc2"])
    #expect(try cohort.attribute("sex") == ["O", "F"])
    #expect(try cohort.attribute("age") == ["85", "30"])
    #expect(try cohort.attribute("view") == ["AP", "LLD"])
    #expect(try cohort.attribute("manufacturer") == ["2", "1"])
    #expect(try cohort.labels(of: "Pneumonia") == [.uncertain, .blank])
    try root.write(brax.replacing("PngPath", with: "Png"), to: "master_spreadsheet_update.csv")
    #expect(
      failure { try CohortSource(source: "brax").read(root: root.path) }
        .hasSuffix("no column `PngPath`"))
  }

  // MARK: Folders

  /// The classes are the findings, the first folder the subset; who the patient is a pattern says.
  @Test func `a folder of pictures is read`() throws {
    let root = try TemporaryFolder()
    for path in [
      "train/NORMAL/IM-1.jpeg", "train/PNEUMONIA/person7_virus_1.jpeg",
      "val/PNEUMONIA/person7_virus_2.jpeg", "test/NORMAL/notes.txt", ".cache/x.png",
    ] { try root.write("x", to: path) }
    var source = CohortSource(source: "folder")
    let (cohort, notes) = try source.read(root: root.path)
    #expect(
      cohort.images == [
        "train/NORMAL/IM-1.jpeg", "train/PNEUMONIA/person7_virus_1.jpeg",
        "val/PNEUMONIA/person7_virus_2.jpeg",
      ])
    #expect(cohort.findings == ["NORMAL", "PNEUMONIA"] && cohort.patients == cohort.images)
    #expect(try cohort.attribute("official_subset") == ["train", "train", "valid"])
    #expect(try cohort.labels(of: "PNEUMONIA") == [.negative, .positive, .positive])
    #expect(
      notes.remarks == [
        "1 folder holds no picture: `test/NORMAL`",
        "nothing says whose pictures they are: each counts as a patient",
      ])
    source.patientPattern = "(person[0-9]+)_"
    let known = try source.read(root: root.path)
    #expect(known.cohort.patients.suffix(2) == ["person7", "person7"])
    #expect(known.notes.remarks.last?.hasPrefix("1 picture fits no patient of ") == true)
    for pattern in ["(", "person"] {
      source.patientPattern = pattern
      #expect(source.inspect(root: root.path).wrong.count == 1, "\(pattern)")
    }
    let empty = try TemporaryFolder()
    #expect(
      failure { try CohortSource(source: "folder").read(root: empty.path) }
        == "`\(empty.path)` holds no folder for a class")
  }

  /// Without folders for subsets the classes are the folders themselves.
  @Test func `classes may stand at the top`() throws {
    let root = try TemporaryFolder()
    for path in ["A/1.png", "B/2.png", "B/3.png"] { try root.write("x", to: path) }
    let source = CohortSource(source: "folder", onBadImage: .fail)
    let cohort = try source.read(root: root.path).cohort
    #expect(cohort.images == ["A/1.png", "B/2.png", "B/3.png"])
    #expect(cohort.attributes.isEmpty)
  }

  // MARK: CheXpert Plus

  private let plus =
    "path_to_image,path_to_dcm,frontal_lateral,ap_pa,deid_patient_id,patient_report_date_order,"
    + "report,age,sex,race,ethnicity,interpreter_needed,insurance_type,recent_bmi,deceased,split\n"

  /// Labels lie apart, a JSON object a line; pictures lie in chunks under another suffix.
  @Test func `CheXpert Plus is read`() throws {
    let root = try TemporaryFolder()
    let path = "train/patient00001/study1/view1_frontal"
    try root.write(
      plus
        + "\(path).jpg,x.dcm,Frontal,AP,patient00001,1,\"two\nlines\",60.0,Female,"
        + "\"White, non-Hispanic\",Not Hispanic,No,Medicare,20,No,train\n",
      to: "df_chexpert_plus_240401.csv")
    let labels = "{\"path_to_image\": \"\(path).jpg\", \"Edema\": -1.0, \"Fracture\": null,"
    try root.write(labels + " \"Pneumonia\": 1.0}\n", to: "chexbert_labels/report_fixed.json")
    try root.write(labels + " \"Pneumonia\": 0.0}\n", to: "impression_fixed.json")
    try root.write("x", to: "PNG/chunk_3/\(path).png")
    var source = CohortSource(source: "chexpert-plus")
    let (cohort, notes) = try source.read(root: root.path)
    #expect(cohort.images == [path + ".jpg"] && cohort.paths == ["PNG/chunk_3/\(path).png"])
    #expect(cohort.patients == ["patient00001"] && cohort.studies == ["study1"])
    #expect(try cohort.attribute("age") == ["60"])
    #expect(try cohort.attribute("race") == ["White"])
    #expect(try cohort.attribute("ethnicity") == ["Non-Hispanic"])
    #expect(try cohort.attribute("insurance") == ["Medicare"])
    #expect(try cohort.attribute("official_subset") == ["train"])
    #expect(try cohort.labels(of: "Edema") == [.uncertain])
    #expect(try cohort.labels(of: "Pneumonia") == [.positive])
    #expect(try cohort.labels(of: "Fracture") == [.blank] && notes.sentences.isEmpty)
    #expect(!cohort.attributes.contains("report"))
    source.labeler = "impression"
    #expect(try source.read(root: root.path).cohort.labels(of: "Pneumonia") == [.negative])
    try root.write("not json\n", to: "impression_fixed.json")
    #expect(
      failure { try source.read(root: root.path) }
        == "\(root.file("impression_fixed.json")):1: the line is no object with a `path_to_image` "
        + "of CheXpert")
  }

  // MARK: Names

  /// Findings get the names of another data set; a name given twice or to nothing is refused.
  @Test func `findings are renamed`() throws {
    let root = try TemporaryFolder()
    for path in ["A/1.png", "B/2.png"] { try root.write("x", to: path) }
    var source = CohortSource(source: "folder")
    source.rename = ["A": "Atelectasis"]
    #expect(try source.read(root: root.path).cohort.findings == ["Atelectasis", "B"])
    source.rename = ["A": "B"]
    #expect(
      source.inspect(root: root.path).wrong.map(\.message)
        == ["`rename` gives two findings the name `B`"])
    source.rename = ["C": "X"]
    #expect(
      source.inspect(root: root.path).wrong.map(\.message)
        == ["`rename` names `C`, which is no finding"])
  }

  // MARK: Several sources

  /// Keys, patients and paths say whose they are; findings are those that all have, and what one
  /// source never says of a patient is missing.
  @Test func `sources are joined`() throws {
    let root = try TemporaryFolder()
    try root.write("image,patient,sex,Edema,Mass\na,1,F,1,0\n", to: "one/metadata.csv")
    try root.write("image,patient,age,Edema\na,1,50,0\nb,2,60,\n", to: "two/metadata.csv")
    for path in ["one/a.png", "two/a.png", "two/b.png"] { try root.write("x", to: path) }
    func part(_ name: String) throws -> (name: String, cohort: Cohort) {
      (name, try CohortSource(source: "csv").read(root: root.file(name)).cohort)
    }
    let joined = try Cohort(joining: [part("two"), part("one")], root: root.path)
    #expect(joined.images == ["one/a", "two/a", "two/b"])
    #expect(joined.paths == ["one/a.png", "two/a.png", "two/b.png"])
    #expect(joined.patients == ["one/1", "two/1", "two/2"])
    #expect(joined.findings == ["Edema"])
    #expect(try joined.attribute("source") == ["one", "two", "two"])
    #expect(try joined.attribute("sex") == ["F", "", ""])
    #expect(try joined.attribute("age") == ["", "50", "60"])
    #expect(try joined.labels(of: "Edema") == [.positive, .negative, .blank])
    #expect(joined.place(2) == Place(file: root.file("two/metadata.csv"), line: 3))
    let file = root.file("cohort.csv")
    try joined.write(to: file)
    #expect(try Cohort(path: file, table: joined.table) == joined)
  }
}
