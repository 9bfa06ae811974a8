import Basics
import Foundation
import Testing

/// The pictures beside the repository, which are not part of it; tests of them are skipped where
/// they are not.
enum SharedData {
  /// The root of the repository.
  static let repository = String(
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })

  private static let folder =
    ProcessInfo.processInfo.environment["CXR_SHARED_DATA"] ?? repository + "/../shared/data"

  /// The folder of the data set `name`.
  static func path(_ name: String) -> String { Files.join(folder, name) }

  /// Whether the data set `name` is there.
  static func has(_ name: String) -> Bool { Files.exists(path(name)) }
}

extension EndToEndTests {
  /// Real radiographs, small and short.
  @Suite struct RadiographTests {
    /// `experiments/nih-pneumonia.yaml`, one short training on the data set `name`.
    private func run(_ name: String) throws -> (world: World, ended: Program.Ended) {
      let world = try World(PaintedCohort(patients: 0))
      let settings = [
        "cohort.root=\(SharedData.path(name))", "images.size=32", "train.epochs=1",
        "sweep.train.arch=[simple]", "sweep.seed=[0]", "eval.bootstrap=100",
      ]
      let spec = SharedData.repository + "/experiments/nih-pneumonia.yaml"
      let ended = try world.start(
        ["run", spec, "--threads", "1"] + settings.flatMap { ["--set", $0] }
      ).end()
      return (world, ended)
    }

    /// The study of the README in small.
    @Test(
      "712 NIH radiographs become a table with groups by sex, age and view",
      .enabled(
        if: SharedData.has("nih-pneumonia"), "skipped: ../shared/data/nih-pneumonia is not there"))
    func pneumonia() throws {
      let (world, ended) = try run("nih-pneumonia")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.hasPrefix("test, per image: 132 pictures of 95 patients\n"))
      for words in ["arch=simple", "shortcut", "by sex", "by age", "by view"] {
        #expect(ended.output.contains(words))
      }
      let folder = "runs/nih-pneumonia/arch=simple,seed=0"
      let split = try CSV(path: world.path(folder + "/split.csv"))
      #expect(split.rowCount == 712)
      #expect(Set((0..<split.rowCount).map { split[$0, 1] }).count == 477)
    }

    /// Pictures as published and as others made them smaller: what cannot be learned from so few
    /// is said by the stage that needs more.
    @Test(
      "NIH pictures of 64 and of 1024 pixels are read; what so few cannot show is said",
      .enabled(
        if: SharedData.has("nih-tiny") && SharedData.has("nih-original"),
        "skipped: ../shared/data/nih-tiny or nih-original is not there"),
      arguments: [("nih-tiny", 772), ("nih-original", 28)])
    func few(_ name: String, pictures: Int) throws {
      let (world, ended) = try run(name)
      #expect(ended.errors.contains("] images: done in "))
      #expect(!ended.errors.contains("left out"))
      #expect(try world.digests("images", "images.pack").count == 1)
      #expect([0, 1].contains(ended.code))
      if ended.code == 1 {
        let failure = try #require(ended.reports.first, "\(ended.errors)")
        #expect(failure.message.contains(/patients|one class only|undefined on valid/))
        return
      }
      let split = try CSV(path: world.path("runs/nih-pneumonia/arch=simple,seed=0/split.csv"))
      #expect(split.rowCount == pictures)
      // A dash, and below the table why.
      #expect(ended.output.contains(/\n– test\.\S+.*: .+/))
    }
  }
}
