import Basics
import Testing

@testable import Radiographs

/// What foreign tables call pictures.
@Suite struct SplitTableTests {
  private static let views = [
    "train/patient00001/study1/view1_frontal.jpg", "train/patient00001/study2/view1_frontal.jpg",
    "train/patient00002/study1/view1_frontal.jpg", "valid/patient64541/study1/view2_lateral.jpg",
  ]

  /// CheXpert's keys, below folders that depend on which folder is the root.
  private func cohort(below folder: String = "") throws -> Cohort {
    try Cohort(
      images: Self.views, paths: Self.views.map { Files.join(folder, $0) },
      patients: Self.views.map { String($0.split(separator: "/")[1]) }, columns: [])
  }

  private func subsets(_ table: String, _ cohort: Cohort) throws -> [Subset?] {
    let folder = try TemporaryFolder()
    let path = try folder.write(table, to: "theirs.csv")
    let split = try Split.reading(table: path, cohort: cohort).split
    let listing = try SplitListing(path: path, cohort: cohort)
    #expect(listing.subsets == split.subsets && listing.also.isEmpty)
    return split.subsets
  }

  /// However much of a path a table writes, and whichever folder is the root, a picture is found.
  @Test(arguments: ["", "CheXpert-v1.0-small", "data/CheXpert-v1.0"], ["path", "image", "Path"])
  func `paths are matched by their ends`(root: String, column: String) throws {
    let cohort = try cohort(below: root)
    for prefix in ["", "CheXpert-v1.0-small/", "/mnt/data/CheXpert-v1.0/", "./", "D:\\data\\"] {
      let table = zip(Self.views, ["train", "train", "val", "test"]).map { "\(prefix)\($0),\($1)" }
      #expect(
        try subsets("\(column),split\n" + table.joined(separator: "\n"), cohort)
          == [.train, .train, .valid, .test], "\(prefix)")
    }
    let ends =
      "\(column),split\npatient00001/study2/view1_frontal.jpg,train\nview2_lateral.jpg,test\n"
    #expect(try subsets(ends, cohort) == [nil, .train, nil, .test])
  }

  /// A picture that a cohort lacks is never taken for another one of the same name in another folder.
  @Test func `a picture in another folder is another picture`() throws {
    let table =
      "path,split\n\(Self.views[0]),train\ntest/patient64541/study1/view2_lateral.jpg,test\n"
    #expect(try subsets(table, cohort()) == [.train, nil, nil, nil])
  }

  /// A name that may be that of several pictures is refused.
  @Test func `an end of several paths is ambiguous`() throws {
    #expect(
      failure { try subsets("path,split\nview1_frontal.jpg,train\n", cohort()) }
        .hasSuffix(":2: path `view1_frontal.jpg` may be any of 3 pictures"))
  }

  /// The numbers of rows that pandas writes, with and without a name, whole or not, are an index.
  @Test(arguments: ["", "index", "Index", "Unnamed: 0"])
  func `the index of pandas is an index`(name: String) throws {
    let table = "\(name),Split\n0,train\n1.0,train\n3,test\n"
    #expect(try subsets(table, cohort()) == [.train, .train, nil, .test])
  }

  private func joined() throws -> Cohort {
    func source(_ folder: String, _ names: [String]) throws -> Cohort {
      try Cohort(
        images: names, paths: names.map { "\(folder)/\($0)" }, patients: names.map { "p\($0)" },
        columns: [])
    }
    return try Cohort(
      joining: [
        ("a", source("images", ["1.png", "2.png"])), ("b", source("images", ["2.png", "3.png"])),
      ], root: "/data")
  }

  /// Which source a row is of is never guessed.
  @Test(arguments: [
    ("index", "0", "index `0` is in several sources: `a`, `b`"),
    ("path", "x/images/2.png", "path `x/images/2.png` is in several sources: `a`, `b`"),
    ("image", "2.png", "image `2.png` is in several sources: `a`, `b`"),
    ("patient", "p2.png", "patient `p2.png` is in several sources: `a`, `b`"),
  ])
  func `what is in two sources is refused`(key: String, name: String, message: String) throws {
    let said = failure { try subsets("\(key),split\n\(name),train\n", joined()) }
    #expect(said.hasSuffix(":2: \(message)"), "\(said)")
  }

  /// A column `source`, or the name of the source in the key, says which; what only one has needs none.
  @Test(arguments: [
    "index,source,split\n0,b,train\n0,a,test\n",
    "path,source,split\nx/images/2.png,b,train\nimages/1.png,a,test\n",
    "patient,source,split\np2.png,b,train\np1.png,a,test\n",
    "image,split\nb/2.png,train\n1.png,test\n",
    "patient,split\nb/p2.png,train\na/p1.png,test\n",
  ])
  func `the source is named`(table: String) throws {
    #expect(try subsets(table, joined()) == [.test, nil, .train, nil])
  }
}
