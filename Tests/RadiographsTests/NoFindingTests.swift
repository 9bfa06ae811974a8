import Basics
import Testing

@testable import Radiographs

@Suite struct NoFindingTests {
  private func noFinding(_ cohort: Cohort, derived: Bool) throws -> [Float?] {
    try LabelTable(
      cohort, findings: ["No Finding"], uncertain: [.uZeros], blank: .ignore,
      derivesNoFinding: derived
    ).values[0]
  }

  /// A radiologist's negative in one table changes nothing for the rows of another, which say only
  /// what is positive.
  @Test func `each row without a label of its own gets its negative from the pathologies`() throws {
    let names = ["a", "b", "c", "d", "e"]
    let cohort = try Cohort(
      images: names, paths: names, patients: names,
      columns: [
        Cohort.Column("No Finding", .finding, ["1", "", "", "0", "1"]),
        Cohort.Column("Edema", .finding, ["", "1", "", "0", "1"]),
        Cohort.Column("Mass", .finding, ["", "", "", "0", ""]),
        Cohort.Column("Support Devices", .finding, ["", "", "1", "", ""]),
      ])
    #expect(try noFinding(cohort, derived: false) == [1, 0, nil, 0, 1])
  }

  private let padchest =
    "ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,Projection,"
    + "Labels\n"

  private func padchest(_ labels: [String]) throws -> Cohort {
    let root = try TemporaryFolder()
    let rows = labels.enumerated().map { row, labels in
      "i\(row).png,0,20140915,s\(row),p\(row),1950,M,PA,\"\(labels)\"\n"
    }
    try root.write(
      padchest + rows.joined(),
      to: "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv")
    return try CohortSource(source: "padchest").read(root: root.path, findingPictures: false).cohort
  }

  /// `normal`, devices and remarks are no pathologies; a pathology too rare to be a finding here is
  /// one. What is derived is a label like any other, by which a split can be stratified.
  @Test func `PadChest's pictures without a pathology have no finding`() throws {
    let cohort = try padchest([
      "['normal']", "['pacemaker', 'NSG tube']", "['unchanged']", "['pneumonia', 'normal']",
      "['lymphangitis carcinomatosa']", "['mastectomy']",
    ])
    #expect(try noFinding(cohort, derived: true) == [1, 1, 1, 0, 0, 1])
    #expect(cohort.findings == PadChestReader.findings)
    #expect(try cohort.labels(of: "No Finding").count { $0 == .positive } == 4)
    let folder = try TemporaryFolder()
    try cohort.write(to: folder.file("cohort.csv"))
    #expect(try Cohort(path: folder.file("cohort.csv"), table: cohort.table) == cohort)
    #expect(PadChestLabels.asides.isDisjoint(with: PadChestLabels.excluding))
  }

  /// A new name makes no pathology of a device.
  @Test func `a renamed finding stays what it is`() throws {
    let root = try TemporaryFolder()
    for path in ["NORMAL/1.png", "PNEUMONIA/2.png"] { try root.write("x", to: path) }
    var source = CohortSource(source: "folder")
    #expect(try noFinding(source.read(root: root.path).cohort, derived: true) == [1, 0])
    source.rename = ["NORMAL": "Healthy lung"]
    #expect(try noFinding(source.read(root: root.path).cohort, derived: true) == [1, 0])
    source.rename = ["NORMAL": "No Finding"]
    let cohort = try source.read(root: root.path).cohort
    #expect(try noFinding(cohort, derived: true) == [1, 0])
    #expect(try noFinding(cohort, derived: false) == [1, 0])
  }

  /// Of several sources the findings are those that all have; a pathology that only one of them has
  /// counts all the same.
  @Test func `pathologies of one source count in a joined cohort`() throws {
    let folder = try TemporaryFolder()
    func part(_ name: String, _ columns: [(String, String)]) throws -> (String, Cohort) {
      (
        name,
        try Cohort(
          images: ["a"], paths: ["a"], patients: ["a"],
          columns: columns.map { Cohort.Column($0, .finding, [$1]) },
          table: folder.file("\(name)/t.csv"))
      )
    }
    let joined = try Cohort(
      joining: [
        part("one", [("Edema", "0"), ("Hernia", "1")]), part("two", [("Edema", "0")]),
      ], root: folder.path)
    #expect(joined.findings == ["Edema"] && !joined.attributes.contains("others"))
    #expect(try noFinding(joined, derived: true) == [0, 1])
    // A cell that nobody uses harms nobody.
    let odd = try Cohort(
      joining: [
        part("one", [("Edema", "0"), ("Hernia", "yes")]), part("two", [("Edema", "0")]),
      ], root: folder.path)
    #expect(try odd.labels(of: "Edema") == [.negative, .negative])
    #expect(failure { try noFinding(odd, derived: true) }.contains("`yes` is no label"))
  }

  /// Without a column that is known to be a pathology nothing can be derived.
  @Test func `a plain table has no finding only where it says so`() throws {
    let cohort = try Cohort(
      images: ["a"], paths: ["a"], patients: ["a"],
      columns: [Cohort.Column("Edema", .either, ["1"])])
    #expect(
      failure { try cohort.labels(of: "No Finding") }.hasPrefix("unknown finding `No Finding`"))
  }
}
