import Basics
import Foundation
import Testing

@testable import Radiographs

@Suite struct PhantomTests {
  private let header =
    "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,"
    + "Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,"
    + "Pleural Effusion,Pleural Other,Fracture,Support Devices"
  private let tables = ["CheXpert-v1.0-small/train.csv", "CheXpert-v1.0-small/valid.csv"]

  private func phantom(
    _ options: PhantomOptions, tablesOnly: Bool = false, threads: Int = 2
  ) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try writePhantom(options, to: folder.path, tablesOnly: tablesOnly, threads: threads)
    return folder
  }

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    String(decoding: try Files.read(folder.file(name)), as: UTF8.self)
  }

  /// Every file below `folder`, with its content.
  private func contents(_ folder: TemporaryFolder) throws -> [String: Digest] {
    var files: [String: Digest] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder.file(name), isDirectory: &isFolder)
      if !isFolder.boolValue { files[name] = try Files.digest(of: folder.file(name)) }
    }
    return files
  }

  /// Headers, paths and files are exactly those that CheXpert's loaders expect, and nothing else
  /// lies there.
  @Test func `the layout is CheXpert's`() throws {
    let folder = try phantom(PhantomOptions(patients: 30, validPatients: 4, size: 32))
    var listed: Set<String> = []
    let path =
      /CheXpert-v1\.0-small\/(train|valid)\/patient\d{5}\/study\d+\/view[123]_(frontal|lateral)\.jpg/
    for (table, subset) in zip(tables, ["train", "valid"]) {
      let lines = try text(folder, table).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.first.map(String.init) == header && lines.last == "")
      for line in lines.dropFirst().dropLast() {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let match = try #require(cells[0].wholeMatch(of: path))
        #expect(match.1 == subset && cells[3].lowercased() == match.2)
        #expect(cells[3] == "Lateral" ? cells[4].isEmpty : !cells[4].isEmpty)
        let labels = subset == "train" ? ["1.0", "0.0", "-1.0", ""] : ["1.0", "0.0"]
        #expect(cells.count == 19 && cells[5...].allSatisfy(labels.contains))
        listed.insert(cells[0])
      }
    }
    let others = tables + ["chexpert_demo.csv", "phantom.json", "truth.csv"]
    #expect(Set(try contents(folder).keys) == listed.union(others))
    let people = try CSV(path: folder.file("chexpert_demo.csv"))
    #expect(
      people.header == ["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"])
    #expect(people.rowCount == 34 && people[0, 0] == "patient00001")
    let valid = try CSV(path: folder.file(tables[1]))
    #expect(valid[0, 0].contains("/patient00031/"))
  }

  /// The reader takes the phantom for CheXpert, from the folder and from the one above, with labels
  /// or with the truth.
  @Test func `the reader reads it`() throws {
    let options = PhantomOptions(patients: 25, size: 24, seed: 3)
    let folder = try TemporaryFolder()
    var heard: [Int] = []
    let truth = try writePhantom(options, to: folder.path, threads: 1) { heard = [$0, $1] }
    #expect(heard == [35, 35])
    let source = CohortSource(
      source: "chexpert", demographics: folder.file("chexpert_demo.csv"))
    let (cohort, notes) = try source.read(root: folder.path)
    #expect(cohort.count == truth.train.pictures + truth.valid.pictures)
    #expect(Set(cohort.patients).count == 35 && notes.sentences.isEmpty)
    let inside = try source.read(root: folder.file("CheXpert-v1.0-small")).cohort
    #expect(inside.images == cohort.images && inside.columns == cohort.columns)
    let told = CohortSource(source: "chexpert", table: folder.file("truth.csv"))
    let (real, _) = try told.read(root: folder.path)
    #expect(real.images == cohort.images && real.paths == cohort.paths)
    for finding in real.findings {
      #expect(try real.labels(of: finding).allSatisfy { $0 == .positive || $0 == .negative })
    }
    let pack = folder.file("pack")
    let report = try packImages(
      cohort, root: folder.path, form: PictureForm(size: 24), onBadImage: .fail, to: pack,
      threads: 2)
    #expect(report.packed == cohort.count)
    #expect(try PhantomTruth(folder: folder.path) == truth && truth.options == options)
  }

  /// The same options give the same bytes, whatever the threads; another seed gives others.
  @Test func `one seed makes one phantom`() throws {
    let options = PhantomOptions(patients: 12, size: 32, seed: 5)
    let first = try contents(phantom(options, threads: 1))
    #expect(try contents(phantom(options, threads: 4)) == first)
    var other = options
    other.seed = 6
    #expect(try contents(phantom(other))["truth.csv"] != first["truth.csv"])
    let tablesOnly = try contents(phantom(options, tablesOnly: true))
    #expect(tablesOnly.count == 5 && tablesOnly.allSatisfy { first[$0] == $1 })
  }

  /// A patient is the same in a phantom of any size, pictures and all.
  @Test func `patients do not depend on how many there are`() throws {
    let few = try phantom(PhantomOptions(patients: 5, size: 32, seed: 5))
    let many = try phantom(PhantomOptions(patients: 9, size: 32, seed: 5))
    #expect(try text(many, tables[0]).hasPrefix(text(few, tables[0])))
    let (some, all) = (try contents(few), try contents(many))
    for (name, digest) in some where name.contains("/train/") { #expect(all[name] == digest) }
  }

  /// A dial moves what it governs and nothing else.
  @Test func `dials do not touch each other`() throws {
    func tables(_ change: (inout PhantomDials) -> Void) throws -> (labels: String, truth: String) {
      var options = PhantomOptions(patients: 60, dials: .none)
      change(&options.dials)
      let folder = try phantom(options, tablesOnly: true)
      return (try text(folder, self.tables[0]), try text(folder, "truth.csv"))
    }
    let plain = try tables { _ in }
    #expect(try tables { $0.signal.amplitude = 9 } == plain)
    let noisy = try tables { $0.noise.probability = 0.5 }
    #expect(noisy.truth == plain.truth && noisy.labels != plain.labels)
    let sure = try tables { $0.presentIfUncertain = ["Edema": 1] }
    #expect(sure.labels == plain.labels && sure.truth != plain.truth)
  }

  /// What cannot be made is refused with all reasons; data that are no phantom are left alone.
  @Test func `bad options are refused`() throws {
    var options = PhantomOptions(patients: 0, size: 8)
    options.dials.noise.finding = "Edma"
    options.dials.signal.group = "Martian"
    options.dials.shortcut.oddsRatio = 0
    options.dials.presentIfUncertain = ["Edema": .nan]
    let folder = try TemporaryFolder()
    let said = failure { try writePhantom(options, to: folder.path, threads: 1) }
    #expect(
      said.split(separator: "\n").map(String.init) == [
        "a phantom of 0 patients cannot be made: 1 to 1000000 can",
        "pictures of 8 pixels cannot be drawn: 16 to 2048 can", "`Martian` is no group of `sex`",
        "`Edma` is no finding of the dial `noise`",
        "`shortcut.odds_ratio` is 0.0, not within 0.001 and 1000.0",
        "`present_if_uncertain.Edema` is nan, not within 0.0 and 1.0",
      ])
    try folder.write(header + "\n", to: tables[0])
    let one = PhantomOptions(patients: 1, validPatients: 0, size: 16)
    #expect(
      failure { try writePhantom(one, to: folder.path, threads: 1) }.hasSuffix("is left alone"))
    #expect(try text(folder, tables[0]) == header + "\n")
    let file = try folder.write("", to: "file")
    #expect(
      failure { try writePhantom(one, to: file, threads: 1) }
        == "cannot make `\(file)/CheXpert-v1.0-small`: not a directory")
  }

  /// One patient is a cohort, but none to split.
  @Test func `one patient cannot be split`() throws {
    let folder = try phantom(PhantomOptions(patients: 1, validPatients: 0, size: 16))
    let (cohort, _) = try CohortSource(source: "chexpert").read(root: folder.path)
    #expect(Set(cohort.patients) == ["patient00001"])
    let fractions = SplitFractions(train: 0.6, valid: 0.2, test: 0.2)
    #expect(
      failure { try Split(cohort, fractions: fractions, seed: 0) }
        == """
        1 patient is too few: none is left for `valid`
        1 patient is too few: none is left for `test`
        """)
  }
}
