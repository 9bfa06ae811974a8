import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Each reader on its layout as the phantom writes it, whole and broken, from the tables to scores.
  @Suite struct LayoutTests {
    /// A layout, the folder that its reader takes, and one finding in its words.
    struct Layout: Sendable, CustomTestStringConvertible {
      let name, root, finding: String
      var options = ""
      /// Whether its owners' split has a test part, which is then used.
      var isSplit = false
      /// A table, and what a careless hand makes of the third line; what that is called, and where.
      var table = ""
      var wrong: (from: String, to: String) = ("", "")
      var message = ""
      var place = ""
      var testDescription: String { name }
    }

    private static let layouts = [
      Layout(
        name: "chexpert", root: "CheXpert-v1.0-small", finding: "Pleural Effusion",
        options: ", demographics: data/chexpert_demo.csv", table: "train.csv",
        wrong: (",Frontal,", ",Front,"), message: "`Front` is neither `Frontal` nor `Lateral`",
        place: "train.csv:3"),
      Layout(
        name: "mimic-cxr", root: "MIMIC-CXR-JPG", finding: "Pleural Effusion",
        options: ", demographics: data/MIMIC-IV", isSplit: true, table: "mimic-cxr-2.0.0-split.csv",
        wrong: (",train", ",learn"), message: "`learn` is no subset",
        place: "mimic-cxr-2.0.0-split.csv:3"),
      Layout(
        name: "nih", root: "ChestX-ray14", finding: "Effusion", isSplit: true,
        table: "Data_Entry_2017_v2020.csv",
        wrong: ("No Finding,1,1,", "No Finding,1,1,x"), message: "`x49` is no age",
        place: "Data_Entry_2017_v2020.csv:3"),
      Layout(
        name: "padchest", root: "PadChest", finding: "pleural effusion",
        table: "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv",
        wrong: (",M,", ",X,"), message: "`X` is no sex",
        place: "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv:3"),
      Layout(
        name: "folder", root: "chest_xray", finding: "PNEUMONIA",
        options: ", patient: '(person[0-9]+)_'"),
    ]

    private func world(_ layout: Layout) throws -> World {
      let world = try World(
        PaintedCohort(patients: 2),
        spec: """
          name: layout
          cohort: {source: \(layout.name), root: data/\(layout.root)\(layout.options)}
          split: {\(layout.isSplit ? "by: official" : "seed: 1")}
          labels: {findings: [\(layout.finding)], uncertain: u-ones}
          images: {size: 16, bits: 16, normalize: training}
          train: {arch: simple, epochs: 1}
          eval: {bootstrap: 0}

          """)
      try FileManager.default.removeItem(atPath: world.path("data"))
      let options = ["--layout", layout.name, "--patients", "40", "--valid-patients", "10"]
      let drawn = try world.start(["data", "phantom", "data"] + options + ["--size", "16"]).end()
      try #require(drawn.code == 0, "\(drawn.errors)")
      return world
    }

    /// Every reader goes from its owner's tables to scores; a checkpoint knows how its pictures were
    /// packed and normalised, so that `predict` gives the same scores again.
    @Test("A data set of each layout is trained on, and predicted again", arguments: layouts)
    func whole(layout: Layout) throws {
      let world = try world(layout)
      let ended = try world.run("--threads", "1")
      #expect(ended.code == 0, "\(ended.errors)")
      let folder = "runs/layout/base,seed=0"
      let model = String(
        decoding: try Files.read(world.path("\(folder)/model.safetensors")).prefix(4000),
        as: UTF8.self)
      #expect(model.contains(#""bits":"16""#))
      #expect(!model.contains(#""mean":"[0.5]""#))
      let source = layout.name == "folder" ? ["--source", "folder"] : []
      let again = try world.start(
        ["predict", "--model", "\(folder)/model.safetensors", "--data", "data/\(layout.root)"]
          + source + ["--threads", "1", "--output", "again.csv"]
      ).end()
      #expect(again.code == 0, "\(again.errors)")
      func scores(_ path: String) throws -> [String: String] {
        let csv = try CSV(path: world.path(path))
        let image = try csv.column("image") ?? csv.requiredColumn("path")
        let score = try csv.requiredColumn(layout.finding)
        return Dictionary(
          (0..<csv.rowCount).map { (csv[$0, image], csv[$0, score]) },
          uniquingKeysWith: { a, _ in a })
      }
      if layout.name == "nih" {
        let csv = try CSV(path: world.path("\(folder)/predictions.csv"))
        let (image, subset) = (try csv.requiredColumn("image"), try csv.requiredColumn("subset"))
        let tested = (0..<csv.rowCount).filter { csv[$0, subset] == "test" }.map { csv[$0, image] }
        let listed = try world.text("data/ChestX-ray14/test_list.txt").split(separator: "\n")
        #expect(tested.sorted() == listed.map(String.init).sorted())
      }
      let (before, after) = (try scores("\(folder)/predictions.csv"), try scores("again.csv"))
      #expect(!before.isEmpty)
      // Keys are names in a table, `predict` gives paths.
      func stem(_ name: String) -> String { String(name.split(separator: ".")[0]) }
      for (image, score) in before {
        let path = try #require(after.keys.first { stem($0).hasSuffix(stem(image)) }, "\(image)")
        let (a, b) = (Double(score) ?? -1, Double(after[path] ?? "") ?? -2)
        #expect(abs(a - b) < 1e-5, "\(image)")
      }
    }

    /// One wrong cell stops the run at its line, with all else as it was.
    @Test(
      "A broken row of each layout is named at its line",
      arguments: layouts.filter { $0.table != "" })
    func broken(layout: Layout) throws {
      let world = try world(layout)
      let path = "data/\(layout.root)/\(layout.table)"
      var lines = try world.text(path).components(separatedBy: "\n")
      lines[2] = lines[2].replacing(layout.wrong.from, with: layout.wrong.to, maxReplacements: 1)
      try world.write(lines.joined(separator: "\n"), to: path)
      let ended = try world.run("--threads", "1")
      #expect(ended.code == 1)
      #expect(ended.reports.map(\.message) == [layout.message], "\(ended.errors)")
      #expect(ended.reports.map(\.place) == ["data/\(layout.root)/\(layout.place)"])
    }

    /// A header that is not the data set's is said before anything runs.
    @Test("A missing column of each layout is named", arguments: layouts.filter { $0.table != "" })
    func header(layout: Layout) throws {
      let world = try world(layout)
      let path = "data/\(layout.root)/\(layout.table)"
      var lines = try world.text(path).components(separatedBy: "\n")
      let name = [
        "chexpert": "AP/PA", "mimic-cxr": "split", "nih": "Patient Age", "padchest": "Projection",
      ][layout.name]
      lines[0] = lines[0].replacing(try #require(name), with: "Other")
      try world.write(lines.joined(separator: "\n"), to: path)
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      #expect(
        ended.reports.map(\.message) == ["no column `\(name ?? "")` in `\(path)`"],
        "\(ended.errors)")
    }
  }
}
