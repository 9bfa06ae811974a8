import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `data doctor`, and data sets in other layouts and in one.
  @Suite struct CohortCommandTests {
    private func phantom(_ world: World, _ layout: String) throws {
      let options = ["--layout", layout, "--patients", "30", "--valid-patients", "10"]
      let ended = try world.start(["data", "phantom", layout] + options + ["--size", "16"]).end()
      try #require(ended.code == 0, "\(ended.errors)")
    }

    private let training = """
      images: {size: 16, fit: crop, filter: bicubic, equalize: true}
      train: {arch: simple, epochs: 1}
      eval: {bootstrap: 0}

      """

    /// The doctor of each layout ends with `usable`, and shows what is there.
    @Test(
      "A data set is examined, and found usable",
      arguments: [
        ("mimic-cxr", "MIMIC-CXR-JPG", ["--demographics", "mimic-cxr/MIMIC-IV"]),
        ("padchest", "PadChest", []), ("nih", "ChestX-ray14", []),
        ("folder", "chest_xray", []),
      ])
    func usable(layout: String, root: String, options: [String]) throws {
      let world = try World(PaintedCohort(patients: 2))
      try phantom(world, layout)
      let ended = try world.start(["data", "doctor", "\(layout)/\(root)"] + options).end()
      #expect(ended.code == 0 && ended.output.hasSuffix("\n\nusable\n"), "\(ended.output)")
      for words in ["pictures per patient", "labels, pictures", "16 × 16"] {
        #expect(ended.output.contains(words), "\(words)")
      }
    }

    /// What stands against a data set is listed, and the exit code says so; the page has no picture.
    @Test("A data set with gaps is not usable, with the reasons")
    func unusable() throws {
      let world = try World(PaintedCohort(patients: 2))
      try phantom(world, "nih")
      let files = world.files(below: "nih/ChestX-ray14").filter { $0.hasSuffix(".png") }
      try FileManager.default.removeItem(atPath: world.path("nih/ChestX-ray14/\(files[0])"))
      try world.write("<html>", to: "nih/ChestX-ray14/\(files[1])")
      let ended = try world.start(
        ["data", "doctor", "nih/ChestX-ray14", "--html", "page.html"]
      ).end()
      #expect(ended.code == 1)
      #expect(ended.output.contains("not usable:"))
      #expect(ended.output.contains("1 picture is not in `nih/ChestX-ray14`"))
      #expect(ended.output.contains("cannot be read: it is an HTML page"))
      let page = try world.text("page.html")
      #expect(page.contains("<svg") && !page.contains("<img"))
      let nothing = try world.start(["data", "doctor", "nowhere"]).end()
      #expect(nothing.code == 64)
    }

    /// `normal` is no pathology, and what is derived can be stratified by as what is read.
    @Test(
      "No Finding is derived where no column has it, and the default split stands on it",
      arguments: [("padchest", "pleural effusion"), ("folder", "PNEUMONIA")])
    func derived(layout: String, finding: String) throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.write(
        """
        name: derived
        cohort: {source: phantom, layout: \(layout), patients: 60, size: 16}
        labels: {findings: [\(finding), No Finding], no_finding: derived, blank: ignore}
        \(training)
        """, to: "derived.yaml")
      let ended = try world.cxr("run", "derived.yaml")
      #expect(ended.code == 0, "\(ended.errors)")
      let truth = try CSV(path: world.path("runs/derived/base,seed=0/truth.csv"))
      let (ill, well) = (truth.cells(finding), truth.cells("No Finding"))
      #expect(well.contains("0") && well.contains("1"))
      #expect(zip(ill, well).allSatisfy { $0 == "0" || $1 == "0" })
      try world.edit("derived.yaml", "cohort:", "split: {stratify: [No Finding]}\ncohort:")
      #expect(try world.cxr("validate", "derived.yaml").code == 0)
      try world.edit("derived.yaml", "no_finding: derived, ", "")
      #expect(try world.cxr("validate", "derived.yaml").code == 64)
    }

    /// A column that is missing makes no unknown data set of CheXpert.
    @Test("A data set that lacks a column is examined by its reader")
    func columnless() throws {
      let world = try World(PaintedCohort(patients: 2))
      try phantom(world, "chexpert")
      try world.edit("chexpert/CheXpert-v1.0-small/train.csv", "Frontal/Lateral", "Side")
      let ended = try world.start(["data", "doctor", "chexpert/CheXpert-v1.0-small"]).end()
      #expect(ended.code == 1)
      #expect(ended.output.contains("no column `Frontal/Lateral`"), "\(ended.output)")
    }

    /// Two data sets are one cohort: trained on both, and told apart by `source`.
    @Test("A cohort of several sources runs, and only its owner can read the cache")
    func several() throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.write(
        """
        cohort:
          - {source: phantom, layout: nih, patients: 60, size: 16, rename: {Effusion: Pleural Effusion}}
          - {source: phantom, layout: mimic-cxr, patients: 60, size: 16, seed: 1, views: [frontal]}
        labels: {findings: [Pleural Effusion]}
        fairness: {by: [source], min_group: 2}
        \(training)
        """, to: "several.yaml")
      let ended = try world.cxr("run", "several.yaml")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains("by source"))
      let modes = try world.files(below: "runs/objects").map { file in
        try FileManager.default.attributesOfItem(atPath: world.path("runs/objects/\(file)"))[
          .posixPermissions] as? Int
      }
      #expect(!modes.isEmpty && modes.allSatisfy { $0 == 0o400 })
      let again = try world.cxr("run", "several.yaml")
      #expect(again.errors.contains("nothing to run"), "\(again.errors)")
      try world.write(
        world.text("several.yaml").replacing(", rename: {Effusion: Pleural Effusion}", with: ""),
        to: "several.yaml")
      let wrong = try world.cxr("validate", "several.yaml")
      #expect(wrong.code == 64)
      #expect(wrong.reports.map(\.message) == ["`Pleural Effusion` is no finding of `nih`"])
    }
  }
}
