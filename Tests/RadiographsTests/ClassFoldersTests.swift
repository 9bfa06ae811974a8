import Basics
import Testing

@testable import Radiographs

@Suite struct ClassFoldersTests {
  private func tree(_ paths: [String]) throws -> TemporaryFolder {
    let root = try TemporaryFolder()
    for path in paths { try root.write("x", to: path) }
    return root
  }

  /// What lies in no folder of a class is counted with its place; what a Mac leaves behind is not.
  @Test func `pictures outside of classes are said`() throws {
    let root = try tree([
      "train/NORMAL/1.png", "train/loose.png", "train/NORMAL/more/2.png", "test/PNEUMONIA/3.png",
      "extra/NORMAL/4.png", "extra/5.jpg", "top.png", "test/COVID/notes.txt", ".cache/6.png",
      "__MACOSX/train/7.png", "train/NORMAL/._1.png",
    ])
    var source = CohortSource(source: "folder")
    source.patientPattern = "([0-9])"
    let (cohort, notes) = try source.read(root: root.path)
    #expect(cohort.images == ["test/PNEUMONIA/3.png", "train/NORMAL/1.png"])
    #expect(cohort.findings == ["NORMAL", "PNEUMONIA"])
    #expect(
      notes.remarks == [
        "5 pictures are in no folder of a class and left out: 1 in `.`, 2 in `extra`, 1 in `train`, "
          + "1 in `train/NORMAL/more`",
        "1 folder holds no picture: `test/COVID`",
      ])
  }

  /// Folders are called what their makers like.
  @Test(arguments: [
    ["Training", "Testing"], ["TRAIN", "valid"], ["training", "Validation"], ["train", "Val"],
    ["train", "test"],
  ])
  func `subsets have many names`(names: [String]) throws {
    let root = try tree(names.map { "\($0)/NORMAL/1.png" })
    let cohort = try CohortSource(source: "folder").read(root: root.path).cohort
    #expect(cohort.findings == ["NORMAL"] && cohort.count == 2)
    let other = names[1].lowercased().hasPrefix("test") ? "test" : "valid"
    #expect(try cohort.attribute("official_subset").sorted() == ["train", other].sorted())
  }

  /// Folders of classes are told from the folders of a data set whose table is missing.
  @Test func `folders of classes are recognised`() throws {
    for (paths, expected) in [
      (["train/NORMAL/1.png"], true), (["A/1.png", "B/2.png"], true), (["images/1.png"], false),
      (["train/patient00001/study1/view1_frontal.jpg"], false), (["1.png"], false),
    ] {
      let root = try tree(paths)
      #expect(CohortSource.isFolderOfClasses(root.path) == expected, "\(paths)")
    }
  }
}
