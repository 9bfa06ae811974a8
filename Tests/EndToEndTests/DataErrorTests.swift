import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What only the data shows fails a stage by name, at the row of the table.
  @Suite struct DataErrorTests {
    /// A run that ends with exit code 1, no table, and nothing half-written.
    private func failure(of world: World, _ options: String...) throws -> Program.Ended {
      let ended = try world.start(["run", "spec.yaml", "--threads", "1"] + options).end()
      #expect(ended.code == 1)
      #expect(ended.output == "")
      #expect(ended.errors.contains(/\n[12] failed, \d+ ran, 0 cached, \d+ not run\n$/))
      #expect(try world.isWhole())
      #expect(!world.files(below: "runs/work").contains { $0.contains("/output/") })
      return ended
    }

    /// The line of `metadata.csv` that lists the picture `index` of the cohort.
    private func place(_ index: Int) -> String { "data/metadata.csv:\(index + 2)" }

    /// All of a download that stopped half-way is listed, not the first file.
    @Test("Every missing picture is named with its row")
    func missing() throws {
      let world = try World(spec: World.one)
      let rows = PaintedCohort().rows
      for index in [0, 7] {
        try FileManager.default.removeItem(
          atPath: world.path("data/pictures/\(rows[index].image).png"))
      }
      let ended = try failure(of: world)
      #expect(ended.errors.contains("cohort failed"))
      #expect(
        ended.reports.map(\.message)
          == [0, 7].map { "`data` holds no picture `pictures/\(rows[$0].image).png`" })
      #expect(ended.reports.map(\.place) == [0, 7].map(place))
    }

    /// A file is not a picture because its name says so.
    @Test("Pictures cut short, empty or none fail by name, or are skipped and counted")
    func broken() throws {
      let world = try World(spec: World.one)
      let rows = PaintedCohort().rows
      func picture(_ index: Int) -> String { world.path("data/pictures/\(rows[index].image).png") }
      try Files.write(try Files.read(picture(2)).prefix(300), to: picture(2))
      try Files.write("", to: picture(5))
      try Files.write("<html>please log in</html>", to: picture(9))
      let ended = try failure(of: world)
      #expect(ended.errors.contains("\nimages failed\n"))
      let causes = ["it is a damaged PNG file", "it is empty", "it is an HTML page"]
      #expect(ended.reports.count == 3)
      for (report, (index, cause)) in zip(ended.reports, zip([2, 5, 9], causes)) {
        let name = "pictures/\(rows[index].image).png"
        #expect(report.message.hasPrefix("picture `\(name)` cannot be read: \(cause)"))
        #expect(report.place == place(index))
      }

      let skipped = try world.run("--set", "cohort.on_bad_image=skip")
      #expect(skipped.code == 0)
      let names = [2, 5, 9].map { "`\(rows[$0].image)`" }.joined(separator: ", ")
      #expect(
        skipped.errors.contains("images: 3 pictures cannot be read and are left out: \(names)"))
      let split = try CSV(path: world.path("runs/small/base,seed=0/split.csv"))
      let judged = (0..<split.rowCount).filter { ["valid", "test"].contains(split[$0, 3]) }
        .map { split[$0, 0] }
      let predictions = try CSV(path: world.path("runs/small/base,seed=0/predictions.csv"))
      let left = Set([2, 5, 9].map { rows[$0].image })
      #expect(
        (0..<predictions.rowCount).map { predictions[$0, 0] }.sorted()
          == judged.filter { !left.contains($0) }.sorted())
    }

    /// A label that nobody can mean is not guessed.
    @Test("A label that is none fails with file and line, once for all stages that read it")
    func label() throws {
      var cohort = PaintedCohort()
      cohort.rows[3].label = "maybe"
      cohort.rows[11].label = "2"
      let ended = try failure(of: World(cohort, spec: World.one))
      #expect(ended.errors.contains("\nlabels, truth failed\n"))
      #expect(
        ended.reports.map(\.message)
          == ["maybe", "2"].map { "`\($0)` is no label of `Edema`: a label is 1, 0, -1 or empty" })
      #expect(ended.reports.map(\.place) == [3, 11].map(place))
    }

    /// Attributes decide about fairness and are read as strictly as labels.
    @Test("A sex and an age that are none fail together, each at its line")
    func attributes() throws {
      var cohort = PaintedCohort()
      cohort.rows[1].sex = "Q"
      cohort.rows[4].age = "old"
      let ended = try failure(of: World(cohort, spec: World.one))
      #expect(ended.errors.contains("\ncohort failed\n"))
      #expect(ended.reports.map(\.message) == ["`Q` is no sex", "`old` is no age"])
      #expect(ended.reports.map(\.place) == [1, 4].map(place))
    }

    /// Nothing can be learned from one class.
    @Test("One class only in train fails the sample and the shortcut by name")
    func oneClass() throws {
      var cohort = PaintedCohort()
      for row in cohort.rows.indices { cohort.rows[row].label = "0" }
      let ended = try failure(of: World(cohort, spec: World.one), "--keep-going")
      #expect(ended.errors.contains("\nsample failed\n"))
      #expect(ended.errors.contains("\nshortcut failed\n"))
      #expect(
        ended.reports.allSatisfy { $0.message.hasPrefix("`Edema` has one class only in train") })
      #expect(ended.reports.count == 2)
    }

    /// A leak is no warning.
    @Test("A split file with a patient in two subsets is refused, naming the patients")
    func leak() throws {
      let world = try World(spec: World.one)
      var cohort = PaintedCohort()
      let several = Set(cohort.rows.filter { $0.image.hasSuffix("_1") }.map(\.patient)).sorted()
      cohort.rows.sort { $0.image < $1.image }
      let subsets = ["train", "valid", "test"]
      var lines = ["image,subset"]
      var number = -1
      for row in cohort.rows {
        if row.image.hasSuffix("_0") { number += 1 }
        let isLeak = several.prefix(2).contains(row.patient) && row.image.hasSuffix("_1")
        lines.append("\(row.image),\(subsets[(number + (isLeak ? 1 : 0)) % 3])")
      }
      try world.write(lines.joined(separator: "\n") + "\n", to: "split.csv")
      try world.edit(
        "spec.yaml", "split: {fractions: {train: 0.6, valid: 0.2, test: 0.2}, seed: 7}",
        "split: {file: split.csv}")
      let ended = try failure(of: world)
      #expect(ended.errors.contains("\nsplit failed\n"))
      #expect(
        ended.reports.map(\.message) == [
          "`split.csv` puts pictures of one patient in two subsets, for 2 patients: "
            + "`\(several[0])`, `\(several[1])`"
        ])
    }
  }
}
