import Basics
import Testing

@testable import Radiographs

@Suite struct CohortTests {
  private func table(_ text: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "metadata.csv")
    for name in ["a", "b", "c"] { try folder.write("x", to: "images/\(name).png") }
    return folder
  }

  /// The real plain tables: one with both classes, one with every age missing.
  @Test(.enabled(if: SharedData.exists, SharedData.skipped))
  func `the shared plain tables are read`() throws {
    let columns = ["image": "image_id", "patient": "patient_id", "study": "study_id"]
    let source = CohortSource(source: "csv", columns: columns)
    let (nih, _) = try source.read(root: SharedData.path("nih-pneumonia"))
    #expect(nih.count == 712 && Set(nih.patients).count == 477)
    #expect(try nih.labels(of: "Pneumonia").allSatisfy { $0 == .positive || $0 == .negative })
    #expect(try nih.labels(of: "COVID-19").allSatisfy { $0 == .blank })
    #expect(try nih.attribute("source").allSatisfy { $0 == "nih" })
    let (mhh, _) = try source.read(root: SharedData.path("mhh"))
    #expect(mhh.count == 150 && Set(mhh.patients).count == 50)
    #expect(try mhh.attribute("age").allSatisfy(\.isEmpty))
    #expect(mhh.studies.contains("-5"))
    let frontal = CohortSource(source: "csv", columns: columns, views: ["pa"])
    let (pa, notes) = try frontal.read(root: SharedData.path("nih-pneumonia"))
    #expect(pa.count == 291 && notes.otherViews == 421)
  }

  /// The same rows in another order are the same cohort but for the lines they stand on.
  @Test func `the order of rows does not matter`() throws {
    let rows = ["images/b.png,2,1,F", "images/a.png,1,0,M", "images/c.png,1,-1,"]
    let header = "path,patient,Edema,sex\n"
    let one = try table(header + rows.joined(separator: "\n"))
    let two = try table(header + rows.reversed().joined(separator: "\n"))
    let source = CohortSource(source: "csv")
    let first = try source.read(root: one.path).cohort
    let second = try source.read(root: two.path).cohort
    #expect(first.images == ["images/a.png", "images/b.png", "images/c.png"])
    #expect(first.images == second.images && first.patients == second.patients)
    #expect(first.columns == second.columns)
    #expect(try first.labels(of: "Edema") == [.negative, .positive, .uncertain])
    #expect(first.attributes == ["sex", "Edema"] && first.findings == ["Edema"])
  }

  /// A mapped column takes its meaning's name, and the table's own column of that name stays a
  /// finding only, so that names never collide.
  @Test func `a finding and an attribute may share a name`() throws {
    let folder = try table("path,who,age,years\nimages/a.png,1,0,62\n")
    let source = CohortSource(source: "csv", columns: ["patient": "who", "age": "years"])
    let (cohort, _) = try source.read(root: folder.path)
    #expect(try cohort.attribute("age") == ["62"])
    #expect(try cohort.labels(of: "age") == [.negative])
    let file = folder.file("cohort.csv")
    try cohort.write(to: file)
    #expect(try Cohort(path: file, table: cohort.table) == cohort)
    let header = try CSV(path: file).header
    #expect(header.suffix(2) == ["attribute:age", "finding:age"])
  }

  /// Cells that no reader can understand are errors at the line of the source table.
  @Test func `a label that is none is told with its line`() throws {
    let folder = try table("path,patient,Edema\nimages/b.png,2,maybe\nimages/a.png,1,2\n")
    let (cohort, _) = try CohortSource(source: "csv").read(root: folder.path)
    let file = folder.file("metadata.csv")
    #expect(
      failure { try cohort.labels(of: "Edema") } == """
        \(file):3: `2` is no label of `Edema`: a label is 1, 0, -1 or empty
        \(file):2: `maybe` is no label of `Edema`: a label is 1, 0, -1 or empty
        """)
    #expect(failure { try cohort.labels(of: "Edma") } == "unknown finding `Edma`")
    #expect(failure { try cohort.attribute("race") } == "unknown attribute `race`")
  }

  @Test(arguments: [
    ("path,Edema\nimages/a.png,1\n", ":1: no column `patient`"),
    ("patient,Edema\n1,1\n", ":1: no column `image` or `path`"),
    ("path,patient\nimages/a.png,\n", ":2: the row names no patient"),
    ("path,patient\nimages/a.png,1\n\nimages/a.png,1\n", "second time (first in line 2)"),
    (
      "path,patient\nimages/a.png,1\nimages/d.png,1\n", ":3: `ROOT` holds no picture `images/d.png`"
    ),
    ("path,patient,age\nimages/a.png,1,-3\n", ":2: `-3` is no age"),
    ("path,patient,sex\nimages/a.png,1,1\n", ":2: `1` is no sex"),
    ("path,patient\nimages/a.png\n", ":2: the row has 1 cell where the header has 2"),
    ("path,patient\n", "lists no picture"),
  ])
  /// What is missing or doubled is told at its place.
  func `a bad table is refused`(text: String, message: String) throws {
    let folder = try table(text)
    let said = failure { try CohortSource(source: "csv").read(root: folder.path) }
    #expect(said.contains(message.replacing("ROOT", with: folder.path)), "\(said)")
  }

  /// A long list is cut, and what was cut is counted.
  @Test func `twenty faults are told and the rest counted`() throws {
    let rows = (0..<30).map { "images/a.png,1,\($0),x" }.joined(separator: "\n")
    let folder = try table("path,patient,image,sex\n" + rows)
    let said = failure { try CohortSource(source: "csv").read(root: folder.path) }
    let lines = said.split(separator: "\n")
    #expect(lines.count == 21 && lines.last == "and 10 more")
  }

  /// A view that no picture has is a slip of the finger, not an empty cohort.
  @Test func `unknown views and columns are refused`() throws {
    let folder = try table("path,patient,view\nimages/a.png,1,PA\nimages/b.png,1,LL\n")
    func read(_ views: [String]) throws -> [String] {
      try CohortSource(source: "csv", views: views).read(root: folder.path).cohort.images
    }
    #expect(try read(["frontal"]) == ["images/a.png"])
    #expect(try read(["lateral", "PA"]).count == 2)
    #expect(failure { try read(["PP"]) } == "no picture has the view `PP`")
    let source = CohortSource(source: "csv", columns: ["patent": "patient", "sex": "gender"])
    let inspected = source.inspect(root: folder.path)
    #expect(
      inspected.wrong.map(\.message) == [
        "`columns` has an unknown key `patent`", "no column `gender`",
      ])
    #expect(CohortSource(source: "csv").inspect(root: folder.path).attributes == ["view"])
    let unseen = try table("path,patient\nimages/a.png,1\n")
    let frontal = CohortSource(source: "csv", views: ["PA"])
    #expect(
      frontal.inspect(root: unseen.path).wrong.map(\.message)
        == ["the table has no column for the view, so `views` cannot choose"])
    #expect(
      failure { try CohortSource(source: "csv", table: "none.csv").read(root: folder.path) }
        == "there is no table `none.csv`")
  }
}
