import Basics
import Testing

@testable import Radiographs

@Suite struct NIHTests {
  private let header =
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    + "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"

  /// Every row of the published table, against the counts its owners and users report.
  @Test(.enabled(if: SharedData.exists, SharedData.skipped))
  func `the full table has the published counts`() throws {
    let source = CohortSource(
      source: "nih", table: SharedData.path("Data_Entry_2017_v2020.csv.gz"))
    let (cohort, notes) = try source.read(root: SharedData.root, findingPictures: false)
    #expect(cohort.count == 112_120)
    #expect(Set(cohort.patients).count == 30_805)
    let published = [
      "No Finding": 60_361, "Infiltration": 19_894, "Effusion": 13_317, "Atelectasis": 11_559,
      "Nodule": 6_331, "Mass": 5_782, "Pneumothorax": 5_302, "Consolidation": 4_667,
      "Pleural_Thickening": 3_385, "Cardiomegaly": 2_776, "Emphysema": 2_516, "Edema": 2_303,
      "Fibrosis": 1_686, "Pneumonia": 1_431, "Hernia": 227,
    ]
    #expect(Set(cohort.findings) == Set(published.keys))
    for (finding, count) in published {
      #expect(try cohort.labels(of: finding).count { $0 == .positive } == count, "\(finding)")
    }
    let (sexes, views) = (try cohort.attribute("sex"), try cohort.attribute("view"))
    #expect(sexes.count { $0 == "M" } == 63_340 && sexes.count { $0 == "F" } == 48_780)
    #expect(views.count { $0 == "PA" } == 67_310 && views.count { $0 == "AP" } == 44_810)
    let ages = try cohort.attribute("age").compactMap(Int.init)
    #expect(ages.count == 112_120 && ages.min() == 0 && ages.max() == 95)
    #expect(notes.implausibleAges == 0 && notes.rows == 112_120)
    #expect(cohort.paths[0] == "images/00000001_000.png")
    let folder = try TemporaryFolder()
    try cohort.write(to: folder.file("cohort.csv"))
    #expect(try Cohort(path: folder.file("cohort.csv"), table: cohort.table) == cohort)
  }

  /// Names in the table end in `.png`, files on disk in `.jpg`.
  @Test(.enabled(if: SharedData.exists, SharedData.skipped))
  func `pictures are found by stem`() throws {
    let source = CohortSource(source: "nih")
    let (cohort, _) = try source.read(root: SharedData.path("nih-pneumonia"))
    #expect(cohort.count == 712 && Set(cohort.patients).count == 477)
    #expect(cohort.images[0] == "00000061_012.png")
    #expect(cohort.paths[0] == "images/00000061_012.jpg")
    #expect(try source.read(root: SharedData.path("nih-tiny")).cohort.count == 772)
    #expect(try source.read(root: SharedData.path("nih-original")).cohort.count == 28)
  }

  /// The older table writes `058Y`, has ages above 100 and a last column without a name; its
  /// pictures lie in numbered folders.
  @Test func `the older table is read`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      header + ",\n"
        + "b.png,Mass|Edema,0,2,155Y,F,AP,1,2,0.1,0.2,\n"
        + "a.png,No Finding,0,1,058Y,M,PA,1,2,0.1,0.2,\n",
      to: "Data_Entry_2017.csv")
    try folder.write("x", to: "images_001/images/a.png")
    try folder.write("x", to: "images_012/images/b.jpeg")
    let (cohort, notes) = try CohortSource(source: "nih").read(root: folder.path)
    #expect(cohort.images == ["a.png", "b.png"])
    #expect(cohort.paths == ["images_001/images/a.png", "images_012/images/b.jpeg"])
    #expect(cohort.lines == [3, 2] && cohort.rows == [1, 0])
    #expect(try cohort.attribute("age") == ["58", ""])
    #expect(try cohort.attribute("OriginalImage[Width") == ["1", "1"])
    #expect(notes.implausibleAges == 1)
    #expect(try cohort.labels(of: "Mass") == [.negative, .positive])
    #expect(try cohort.labels(of: "No Finding") == [.positive, .negative])
  }

  /// The official lists become an attribute, the boxes another; `Infiltrate` is the boxes' word for
  /// `Infiltration`.
  @Test func `lists and boxes are attributes`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      header + "\n" + "a.png,Mass,0,1,50,M,PA,1,2,0.1,0.2\n"
        + "b.png,No Finding,0,2,50,F,PA,1,2,0.1,0.2\nc.png,Mass,0,3,50,F,PA,1,2,0.1,0.2\n",
      to: "Data_Entry_2017_v2020.csv")
    try folder.write("a.png\r\n\r\na.png\r\nz.png\r\n", to: "train_val_list.txt")
    try folder.write("b.png", to: "test_list.txt")
    try folder.write(
      "Image Index,Finding Label,Bbox [x,y,w,h],,,\na.png,Infiltrate,1.5,2,3,4,,,\n"
        + "a.png,Mass,5,6,7,8,,,\ny.png,Mass,5,6,7,8,,,\n",
      to: "BBox_List_2017.csv")
    let (cohort, notes) = try CohortSource(source: "nih").read(
      root: folder.path, findingPictures: false)
    #expect(try cohort.attribute("official_subset") == ["train", "test", ""])
    #expect(try cohort.attribute("boxes") == ["Infiltration 1.5 2 3 4|Mass 5 6 7 8", "", ""])
    #expect(
      notes.remarks == [
        "1 line repeats a picture of the official lists",
        "1 picture of the official lists is not in the table",
        "1 picture of the table is in no official list",
        "1 row of `\(folder.file("BBox_List_2017.csv"))` names a picture that is not in the table",
      ])
    #expect(try CohortSource(source: "nih").tables(root: folder.path).count == 4)
    try folder.write("a.png\n", to: "test_list.txt")
    #expect(
      failure { try CohortSource(source: "nih").read(root: folder.path, findingPictures: false) }
        == "\(folder.file("test_list.txt")):1: `a.png` is in both official lists")
  }

  /// All that is wrong with rows and pictures is told at once, each at its line.
  @Test func `everything wrong is listed with its line`() throws {
    let folder = try TemporaryFolder()
    let table = try folder.write(
      header + "\n"
        + "a.png,Pneumonja,0,1,old,M,PA,1,2,0.1,0.2\n"
        + "b.png,No Finding,0,2,50,X,PA,1,2,0.1,0.2\n"
        + "c.png,No Finding,0,3,50,F,PA,1,2,0.1,0.2\n",
      to: "Data_Entry_2017_v2020.csv")
    for name in ["a", "b"] { try folder.write("x", to: "images/\(name).png") }
    let said = failure { try CohortSource(source: "nih").read(root: folder.path) }
    #expect(
      said.split(separator: "\n").map(String.init).sorted() == [
        "\(table):2: `old` is no age", "\(table):2: unknown finding `Pneumonja`",
        "\(table):3: `X` is no sex", "\(table):4: `\(folder.path)` holds no picture `c.png`",
      ])
  }

  /// A picture that is listed and missing is left out by name where the spec says so.
  @Test func `missing pictures can be skipped`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      header + "\n"
        + "a.png,Mass,0,1,50,M,PA,1,2,0.1,0.2\n"
        + "b.png,No Finding,0,2,50,F,PA,1,2,0.1,0.2\n",
      to: "Data_Entry_2017_v2020.csv")
    let source = CohortSource(source: "nih", onBadImage: .skip)
    #expect(failure { try source.read(root: folder.path) }.hasPrefix("none of the 2 pictures of"))
    try folder.write("x", to: "b.png")
    let (cohort, notes) = try source.read(root: folder.path)
    #expect(cohort.images == ["b.png"] && notes.missingPictures == ["a.png"])
  }

  /// A spec is checked against the header alone.
  @Test func `the header promises findings and attributes`() throws {
    let folder = try TemporaryFolder()
    let missing = CohortSource(source: "nih").inspect(root: folder.path)
    #expect(missing.wrong.count == 1)
    #expect(missing.wrong[0].message.contains("holds no table `Data_Entry_2017_v2020.csv`"))
    try folder.write(
      header.replacing("Patient Age", with: "Age") + "\n", to: "Data_Entry_2017_v2020.csv")
    let inspected = CohortSource(source: "nih").inspect(root: folder.path)
    #expect(inspected.wrong.map(\.message) == ["no column `Patient Age`"])
    #expect(inspected.findings.count == 15)
    #expect(inspected.attributes.prefix(4) == ["sex", "age", "view", "Follow-up #"])
    #expect(
      CohortSource(source: "nhi").inspect(root: folder.path).wrong.first?.hint
        == "did you mean `nih`?")
  }
}
