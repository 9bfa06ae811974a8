import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What the repository shows works.
  @Suite struct ReadmeTests {
    private static let experiments = Result {
      let folder = SharedData.repository + "/experiments"
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    }

    /// A reader can believe the first thing they see.
    @Test("The spec in the README is experiments/quickstart.yaml")
    func spec() throws {
      let readme = String(
        decoding: try Files.read(SharedData.repository + "/README.md"), as: UTF8.self)
      let block = try #require(readme.split(separator: "```yaml\n").dropFirst().first)
        .split(separator: "```").first
      let spec = String(
        decoding: try Files.read(SharedData.repository + "/experiments/quickstart.yaml"),
        as: UTF8.self)
      #expect(block.map(String.init) == spec)
    }

    /// Examples that do not work teach the wrong thing.
    @Test("Every spec in experiments/ is good, but for data that are not there")
    func experiments() throws {
      let world = try World(PaintedCohort(patients: 0))
      try world.write(
        "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,"
          + "View Position\n", to: "nih/Data_Entry_2017_v2020.csv")
      try #require(!Self.experiments.get().isEmpty)
      for spec in try Self.experiments.get() {
        let isNIH = try String(decoding: Files.read(spec), as: UTF8.self).contains("source: nih")
        let options = isNIH ? ["--set", "cohort.root=nih"] : []
        let ended = try world.start(["validate", spec] + options).end()
        if isNIH {
          #expect(ended.code == 0, "\(spec): \(ended.errors)")
        } else {
          #expect(
            ended.reports.allSatisfy { $0.message.hasPrefix("there is no folder `") },
            "\(spec): \(ended.errors)")
        }
      }
    }

    /// The page says what the program does.
    @Test("docs/models.md is what models writes")
    func models() throws {
      let world = try World(PaintedCohort(patients: 0))
      let page = String(
        decoding: try Files.read(SharedData.repository + "/docs/models.md"), as: UTF8.self)
      #expect(try world.cxr("models", "--format", "md").output == page)
    }
  }
}
