import Basics
import Testing

@testable import Radiographs

@Suite struct PhantomLayoutTests {
  private func phantom(_ layout: PhantomLayout, patients: Int = 30) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var options = PhantomOptions(patients: patients, validPatients: 10, size: 16, seed: 1)
    options.layout = layout
    try writePhantom(options, to: folder.file("phantom"), threads: 2)
    return folder
  }

  private func source(_ layout: PhantomLayout, _ folder: TemporaryFolder) -> CohortSource {
    CohortSource(
      source: layout.reader,
      demographics: layout.demographics.map { folder.file("phantom/\($0)") })
  }

  /// Each reader reads what the phantom writes in its layout: every picture is there and is a picture.
  @Test(arguments: PhantomLayout.allCases)
  func `each layout is read by its reader`(layout: PhantomLayout) throws {
    let folder = try phantom(layout)
    let root = Files.join(folder.file("phantom"), layout.root)
    var source = source(layout, folder)
    if layout == .folder { source.patientPattern = "(person[0-9]+)_" }
    let (cohort, notes) = try source.read(root: root)
    #expect(Set(cohort.patients).count >= 35, "\(layout)")
    #expect(notes.missingPictures.isEmpty && notes.unmapped.isEmpty)
    for path in cohort.paths.prefix(20) {
      let file = try MappedFile(Files.join(root, path))
      let picture = try Picture(decoding: file.bytes)
      #expect(picture.width == 16 && picture.height == 16)
    }
    let finding = try #require(cohort.findings.first)
    _ = try cohort.labels(of: finding)
    guard layout != .padchest else { return }
    #expect(try Set(cohort.attribute("official_subset")).subtracting([""]).count >= 2)
  }

  /// What a patient is does not depend on the layout: the truth is the same.
  @Test func `labels of the layouts agree`() throws {
    let plain = try phantom(.chexpert)
    let mimic = try phantom(.mimic)
    let chexpert = try source(.chexpert, plain).read(root: plain.file("phantom")).cohort
    let other = try source(.mimic, mimic).read(
      root: mimic.file("phantom/MIMIC-CXR-JPG")
    ).cohort
    #expect(chexpert.count == other.count)
    for finding in chexpert.findings {
      let (a, b) = (try chexpert.labels(of: finding), try other.labels(of: finding))
      for label in RawLabel.allCases {
        #expect(a.count { $0 == label } == b.count { $0 == label }, "\(finding)")
      }
    }
    let races = try Set(other.attribute("race"))
    #expect(races.contains("White") && races.isSubset(of: Set(GroupTables.mimicRace.values)))
  }

  /// The official lists and boxes of NIH, and the odd rows of PadChest, are there to be read.
  @Test func `odd values are among them`() throws {
    let nih = try phantom(.nih)
    let cohort = try source(.nih, nih).read(root: nih.file("phantom/ChestX-ray14")).cohort
    #expect(try Set(cohort.attribute("official_subset")) == ["train", "test"])
    #expect(try cohort.attribute("boxes").contains { $0.hasSuffix(" 225.1 547.0 86.8 79.2") })
    let folder = try TemporaryFolder()
    var options = PhantomOptions(patients: 300, size: 16)
    options.layout = .padchest
    try writePhantom(options, to: folder.path, tablesOnly: true, threads: 2)
    let notes = try CohortSource(source: "padchest").read(
      root: folder.file("PadChest"), findingPictures: false
    ).notes
    #expect(notes.remarks.contains { $0.contains("labelled `exclude`") })
  }
}
