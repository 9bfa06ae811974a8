import Basics
import Testing

@testable import Radiographs

@Suite struct CheXpertTests {
  private let header =
    "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,"
    + "Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,"
    + "Pleural Effusion,Pleural Other,Fracture,Support Devices\n"
  private let small = "CheXpert-v1.0-small/"

  private func row(
    _ path: String, sex: String = "Female", age: String = "68", side: String = "Frontal",
    view: String = "AP", edema: String = "-1.0"
  ) -> String {
    "\(path),\(sex),\(age),\(side),\(view),,,1.0,,,\(edema),,,,0.0,,,,1.0\n"
  }

  private let frontal = "train/patient00001/study1/view1_frontal.jpg"
  private let lateral = "train/patient00001/study1/view2_lateral.jpg"
  private let other = "train/patient00002/study2/view1_frontal.jpg"
  private let official = "valid/patient64541/study1/view1_frontal.jpg"

  /// A data set of four pictures of three patients in `folder` below the root.
  private func dataSet(_ folder: String, release: String? = nil) throws -> TemporaryFolder {
    let root = try TemporaryFolder()
    let prefix = release ?? small
    try root.write(
      header + row(prefix + frontal) + row(prefix + lateral, side: "Lateral", view: "")
        + row(prefix + other, sex: "Male", age: "0", view: "LL", edema: ""),
      to: Files.join(folder, "train.csv"))
    try root.write(
      header + row(prefix + official, sex: "Unknown", age: "90", view: "PA", edema: "1.0"),
      to: Files.join(folder, "valid.csv"))
    for picture in [frontal, lateral, other, official] {
      try root.write("x", to: Files.join(folder, picture))
    }
    return root
  }

  /// Both releases are read from their folder and from the one above it, whatever their folder is
  /// called, and their pictures have the same keys.
  @Test(arguments: [
    ("", "CheXpert-v1.0-small/"), ("CheXpert-v1.0-small", "CheXpert-v1.0-small/"),
    ("CheXpert-v1.0", "CheXpert-v1.0/"), ("", "CheXpert-v1.0/"), ("", ""),
  ])
  func `the root is the data set or the folder above it`(
    folder: String, release: String
  ) throws {
    let root = try dataSet(folder, release: release)
    let source = CohortSource(source: "chexpert")
    let (cohort, notes) = try source.read(root: root.path)
    #expect(cohort.images == [frontal, lateral, other, official])
    #expect(cohort.paths == cohort.images.map { Files.join(folder, $0) })
    #expect(cohort.patients == ["patient00001", "patient00001", "patient00002", "patient64541"])
    #expect(cohort.studies == ["study1", "study1", "study2", "study1"])
    #expect(notes.rows == 4)
    #expect(
      try source.tables(root: root.path)
        == ["train.csv", "valid.csv"].map { root.file(Files.join(folder, $0)) })
    let promised = try source.read(root: root.path, findingPictures: false).cohort
    #expect(promised.paths == cohort.paths)
  }

  /// Sex, age and view are in the product's spelling, labels are the raw cells, and rows count
  /// through both tables while lines are those of each.
  @Test func `attributes and labels are those of the tables`() throws {
    let root = try dataSet("")
    let (cohort, _) = try CohortSource(source: "chexpert").read(root: root.path)
    #expect(try cohort.attribute("sex") == ["F", "F", "M", ""])
    #expect(try cohort.attribute("age") == ["68", "68", "0", "90"])
    #expect(try cohort.attribute("view") == ["AP", "LATERAL", "LL", "PA"])
    #expect(
      try cohort.attribute("frontal_lateral") == ["Frontal", "Lateral", "Frontal", "Frontal"])
    #expect(try cohort.attribute("official_subset") == ["train", "train", "train", "valid"])
    #expect(try cohort.labels(of: "Edema") == [.uncertain, .uncertain, .blank, .positive])
    #expect(try cohort.labels(of: "Pneumothorax").allSatisfy { $0 == .negative })
    #expect(cohort.findings.count == 14 && cohort.rows == [0, 1, 2, 3])
    #expect(cohort.lines == [2, 3, 4, 2])
    #expect(cohort.place(3) == Place(file: root.file("valid.csv"), line: 2))
    let file = root.file("cohort.csv")
    try cohort.write(to: file)
    #expect(try Cohort(path: file, table: cohort.table) == cohort)
  }

  /// What the table calls frontal is frontal, though its projection is `LL`; a projection can be
  /// asked for too.
  @Test(arguments: [
    ("frontal", [0, 2, 3]), ("lateral", [1]), ("AP", [0]), ("pa", [3]), ("LL", [2]),
  ])
  func `views are chosen`(view: String, rows: [Int]) throws {
    let root = try dataSet("")
    let (cohort, notes) = try CohortSource(source: "chexpert", views: [view]).read(root: root.path)
    #expect(cohort.rows == rows && notes.otherViews == 4 - rows.count)
  }

  /// A demonstration needs no more than `valid/` and `valid.csv`.
  @Test func `one table is enough`() throws {
    let root = try TemporaryFolder()
    try root.write(header + row(small + official), to: "valid.csv")
    try root.write("x", to: official)
    let (cohort, _) = try CohortSource(source: "chexpert").read(root: root.path)
    #expect(cohort.images == [official] && cohort.tableNames.isEmpty)
  }

  /// Other label files name the findings in another order; a table that is named is the only one.
  @Test func `labels go by the names of their columns`() throws {
    let root = try dataSet("CheXpert-v1.0", release: "CheXpert-v1.0/")
    let columns = header.dropLast().split(separator: ",").map(String.init)
    let order = columns.prefix(5) + columns.dropFirst(6) + [columns[5]]
    let table = try root.write(
      order.joined(separator: ",") + "\nCheXpert-v1.0/\(frontal),Male,40,Frontal,PA"
        + ",,,,,0.0,,,,,,,,,1.0\n",
      to: "labels/train_cheXbert.csv")
    let source = CohortSource(source: "chexpert", table: table)
    let (cohort, _) = try source.read(root: root.path)
    #expect(cohort.images == [frontal] && cohort.paths == ["CheXpert-v1.0/" + frontal])
    #expect(try cohort.labels(of: "No Finding") == [.positive])
    #expect(try cohort.labels(of: "Edema") == [.negative])
    #expect(try source.tables(root: root.path) == [table])
  }

  /// Every fault is told with the table and the line it stands on.
  @Test func `what is wrong is told with its table`() throws {
    let root = try dataSet("")
    try root.write(
      header + row("patient64541/view1.jpg") + row(small + official, side: "Frontl")
        + row(small + "valid/patient64542/study1/view1_frontal.jpg", sex: "X", age: "old"),
      to: "valid.csv")
    let valid = root.file("valid.csv")
    let said = failure { try CohortSource(source: "chexpert").read(root: root.path) }
    #expect(
      said.split(separator: "\n").map(String.init) == [
        "\(valid):2: `patient64541/view1.jpg` is no path of CheXpert", "\(valid):4: `X` is no sex",
        "\(valid):4: `old` is no age", "\(valid):3: `Frontl` is neither `Frontal` nor `Lateral`",
        "\(valid):2: `\(root.path)` holds no picture `patient64541/view1.jpg`",
        "\(valid):4: `\(root.path)` holds no picture "
          + "`valid/patient64542/study1/view1_frontal.jpg`",
      ])
    // Labels are checked by those who use them, and here, where the table must be mended anyway.
    try root.write(header + row(small + official, age: "old", edema: "2.0"), to: "valid.csv")
    #expect(
      failure { try CohortSource(source: "chexpert").read(root: root.path) }
        == "\(valid):2: `old` is no age\n\(valid):2: `2.0` is no label of `Edema`: a label is 1, 0, -1 "
        + "or empty")
    try root.write(header + row(small + official, edema: "yes"), to: "valid.csv")
    let (cohort, _) = try CohortSource(source: "chexpert").read(root: root.path)
    #expect(failure { try cohort.labels(of: "Edema") }.hasPrefix("\(valid):2: `yes` is no label"))
  }

  /// A data set whose table lacks a column is known all the same, so that its reader can name it; a
  /// table of other columns is another's.
  @Test func `a damaged table is recognised`() throws {
    let root = try dataSet("")
    try root.write(header.replacing("AP/PA", with: "View") + row(small + official), to: "valid.csv")
    let found = CohortSource.recognised(root: root.path, table: nil, columns: [:])
    #expect(found?.source.source == "chexpert")
    #expect(
      found?.source.inspect(root: root.path).wrong.map(\.message) == ["no column `AP/PA`"])
    let other = try TemporaryFolder()
    try other.write("image,label\n", to: "train.csv")
    #expect(CohortSource.recognised(root: other.path, table: nil, columns: [:]) == nil)
  }

  /// A picture that is listed and missing is an error, or left out by name.
  @Test func `missing pictures can be skipped`() throws {
    let root = try dataSet("")
    let gone = "train/patient00003/study1/view1_frontal.jpg"
    try root.write(header + row(small + frontal) + row(small + gone), to: "train.csv")
    let said = failure { try CohortSource(source: "chexpert").read(root: root.path) }
    #expect(said == "\(root.file("train.csv")):3: `\(root.path)` holds no picture `\(gone)`")
    let skipping = CohortSource(source: "chexpert", onBadImage: .skip)
    let (cohort, notes) = try skipping.read(root: root.path)
    #expect(cohort.images == [frontal, official] && notes.missingPictures == [gone])
  }

  /// Race and ethnicity come from an explicit table; texts it does not know are counted.
  @Test func `demographics are joined by patient`() throws {
    let root = try dataSet("")
    let table = try root.write(
      "PATIENT,GENDER,AGE_AT_CXR,PRIMARY_RACE,ETHNICITY\n"
        + "patient00001,Female,68,\"White, non-Hispanic\",Non-Hispanic/Non-Latino\n"
        + "patient00002,Male,0,Martian,Unknown\n"
        + "patient09999,Male,20,\"White, Hispanic\",Hispanic/Latino\n",
      to: "demo.csv")
    let source = CohortSource(source: "chexpert", demographics: table)
    let (cohort, notes) = try source.read(root: root.path)
    #expect(try cohort.attribute("race") == ["White", "White", "", ""])
    #expect(try cohort.attribute("ethnicity") == ["Non-Hispanic", "Non-Hispanic", "", ""])
    #expect(
      notes.sentences == [
        "1 patient has no demographics", "`Martian` is no known race (1 patient)",
      ])
    #expect(try source.demographicTables() == [table])
    #expect(source.inspect(root: root.path).attributes.suffix(2) == ["race", "ethnicity"])
    #expect(
      GroupTables.chexpertRace.count == 24
        && GroupTables.chexpertRace["White, Hispanic"] == "Hispanic")
    try root.write("PATIENT,RACE,ETHNICITY\n", to: "demo.csv")
    #expect(failure { try source.read(root: root.path) } == "\(table):1: no column `PRIMARY_RACE`")
    let nih = CohortSource(source: "nih", demographics: table)
    #expect(failure { try nih.tables(root: "") } == "`nih` has no table of demographics")
    let absent = CohortSource(source: "chexpert", demographics: "none.csv")
    #expect(
      absent.inspect(root: root.path).wrong.map(\.message) == ["there is no table `none.csv`"])
  }

  /// The demographics are read as their owners ship them, as a spreadsheet.
  @Test func `demographics may be a spreadsheet`() throws {
    let root = try dataSet("")
    let source = CohortSource(
      source: "chexpert", demographics: golden + "/chexpert_demo.xlsx")
    let (cohort, notes) = try source.read(root: root.path)
    #expect(try cohort.attribute("race") == ["White", "White", "", ""])
    #expect(notes.unmapped.map(\.text) == ["Black & <Tan>"])
    #expect(source.inspect(root: root.path).attributes.suffix(2) == ["race", "ethnicity"])
  }

  /// Labels of another labeller stand in a table of its own, which then must be there.
  @Test func `labels may be those of another labeller`() throws {
    let root = try dataSet("")
    var source = CohortSource(source: "chexpert")
    source.labeler = "chexbert"
    #expect(
      failure { try source.read(root: root.path) }
        == "`\(root.path)` holds no table `train_cheXbert.csv`")
    try root.write(header + row(small + frontal, edema: "0.0"), to: "train_cheXbert.csv")
    let cohort = try source.read(root: root.path).cohort
    #expect(cohort.images == [frontal, official])
    #expect(try cohort.labels(of: "Edema") == [.negative, .positive])
  }

  /// The test set has labels of studies, two findings the other way round; its pictures are those on
  /// disk.
  @Test func `the test set is read`() throws {
    let root = try dataSet("CheXpert-v1.0")
    let names = CheXpertReader.findings
    var order = names
    order.swapAt(3, 4)
    let study = "CheXpert-v1.0/test/patient64741/study1"
    try root.write(
      "Study," + order.joined(separator: ",") + "\n" + study + ",0,0,0,1,0,0,0,0,0,0,0,0,0,0\n"
        + study.replacing("64741", with: "64742") + ",0,0,0,0,0,0,0,0,0,0,0,0,0,0\n",
      to: "CheXpert-v1.0/groundtruth.csv")
    try root.write("x", to: study + "/view1_frontal.jpg")
    try root.write("x", to: study + "/view2_lateral.jpg")
    let (cohort, notes) = try CohortSource(source: "chexpert").read(root: root.path)
    let key = "test/patient64741/study1/view1_frontal.jpg"
    let place = try #require(cohort.images.firstIndex(of: key))
    #expect(cohort.count == 6 && cohort.patients[place] == "patient64741")
    #expect(try cohort.labels(of: "Lung Lesion")[place] == .positive)
    #expect(try cohort.labels(of: "Lung Opacity")[place] == .negative)
    #expect(try cohort.attribute("official_subset")[place] == "test")
    #expect(try cohort.attribute("view")[place + 1] == "LATERAL")
    #expect(cohort.place(place).file.hasSuffix("groundtruth.csv") && cohort.lines[place] == 2)
    #expect(notes.remarks.first?.hasPrefix("1 study of `") == true)
  }

  /// A byte-order mark, CRLF, quotes and Latin-1, as spreadsheets write them, change nothing.
  @Test func `tables come as spreadsheets write them`() throws {
    let root = try dataSet("")
    let plain = try CohortSource(source: "chexpert").read(root: root.path).cohort
    let text = String(decoding: try Files.read(root.file("train.csv")), as: UTF8.self)
    let quoted = text.split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { "\"\($0)\"" }
        .joined(separator: ",")
    }
    try Files.write(
      [0xef, 0xbb, 0xbf] + Array((quoted.joined(separator: "\r\n") + "\r\n").utf8),
      to: root.file("train.csv"))
    #expect(try CohortSource(source: "chexpert").read(root: root.path).cohort == plain)
    // `é` as Latin-1 writes it is no UTF-8.
    try Files.write(
      Array("PATIENT,PRIMARY_RACE,ETHNICITY\r\npatient00001,M".utf8) + [0xe9]
        + Array("tis,Unknown\r\n".utf8),
      to: root.file("demo.csv"))
    let source = CohortSource(source: "chexpert", demographics: root.file("demo.csv"))
    let notes = try source.read(root: root.path).notes
    #expect(notes.unmapped.map(\.text) == ["Métis"])
  }

  /// Nothing to read, and two data sets to choose from, are said before anything else fails.
  @Test func `a root without a cohort is refused`() throws {
    let root = try TemporaryFolder()
    func said() -> String { failure { try CohortSource(source: "chexpert").read(root: root.path) } }
    #expect(said() == "`\(root.path)` holds no table `train.csv`, `valid.csv`, `test.csv`")
    try root.write(header, to: "train.csv")
    #expect(said() == "`\(root.file("train.csv"))` lists no picture")
    let parent = try dataSet("CheXpert-v1.0")
    try parent.write(header, to: "CheXpert-v1.0-small/train.csv")
    #expect(
      failure { try CohortSource(source: "chexpert").read(root: parent.path) }
        == "`\(parent.path)` holds `CheXpert-v1.0-small`, `CheXpert-v1.0`")
  }
}
