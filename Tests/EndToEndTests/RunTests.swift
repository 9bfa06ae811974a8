import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// From YAML to a table.
  @Suite struct RunTests {
    /// A researcher gets arms, the baseline and the groups from one command.
    @Test("A run ends with a table of arms, the shortcut baseline and groups, and exit code 0")
    func table() throws {
      let world = try World()
      let run = try world.run()
      #expect(run.code == 0)
      // The Pareto front names some arms again.
      let lines = run.output.prefix(
        upTo: run.output.range(of: "Pareto front ")?.lowerBound ?? run.output.endIndex
      ).split(separator: "\n")
      for name in ["uncertain=u-zeros", "uncertain=u-ones", "shortcut"] {
        // Once for accuracy and once for each attribute.
        #expect(lines.count { $0.dropFirst(2).hasPrefix(name + " ") } == 3, "\(name)")
      }
      #expect(run.output.contains("over 2 seeds"))
      #expect(run.output.contains("by sex"))
      #expect(run.output.contains("by age"))
      #expect(run.errors.contains("small: 2 arms, 4 experiments"))
      #expect(run.errors.contains("\(run.began.count) stages ran, 0 cached"))
    }

    /// The finding is in the pictures and in nothing else, and the training finds it.
    @Test("A planted finding is learned, and the shortcut baseline does not see it")
    func learns() throws {
      let table = try World.finished().comparison()
      for row in table.rows {
        let auroc = try #require(row.metrics["test.auroc"]?.mean)
        if row.baseline { #expect(auroc < 0.7) } else { #expect(auroc > 0.75, "\(row.arm)") }
      }
    }

    /// What a person opens has a readable name and is no second copy.
    @Test("Each experiment has a folder with its spec, its provenance and links to its results")
    func folders() throws {
      let world = try World.finished()
      let folders = try FileManager.default.contentsOfDirectory(atPath: world.path("runs/small"))
        .filter { $0.contains("seed=") }
      #expect(folders.count == 4)
      let links = [
        "split.csv", "history.csv", "model.safetensors", "predictions.csv", "metrics.json",
        "fairness.json", "truth.csv", "thresholds.csv", "sample.csv", "class_weights.csv",
        "curves.csv", "group_curves.csv",
      ]
      for folder in folders {
        let files = try FileManager.default.contentsOfDirectory(
          atPath: world.path("runs/small/\(folder)"))
        #expect(Set(files) == Set(links + ["experiment.yaml", "provenance.json"]))
        for link in links {
          let path = world.path("runs/small/\(folder)/\(link)")
          let target = try FileManager.default.destinationOfSymbolicLink(atPath: path)
          #expect(target.hasPrefix("../../objects/"))
          #expect(try !Files.read(path).isEmpty)
        }
        #expect(try world.text("runs/small/\(folder)/experiment.yaml").contains("arch: simple"))
        _ = try JSONSerialization.jsonObject(
          with: Data(try Files.read(world.path("runs/small/\(folder)/provenance.json"))))
      }
    }

    /// What is finished is not done again, and the table needs no run.
    @Test("A second run runs no stage and says so, and compare prints the same table")
    func secondRun() throws {
      let world = try World.finished()
      let again = try world.run()
      #expect(again.code == 0)
      #expect(again.began == [])
      #expect(again.errors.contains("nothing to run: all "))
      let compare = try world.cxr("compare", "spec.yaml")
      #expect(compare.code == 0)
      #expect(compare.output == again.output)
      #expect(again.output.contains("shortcut"))
    }

    /// Folder, time, order of work and the number of trainings at once are in no result.
    @Test("Two runs in different folders give the same bytes under the same fingerprints")
    func determinism() throws {
      let other = try World()
      try #require(try other.run("--jobs", "1", "--runs", "elsewhere").code == 0)
      let (first, second) = (try World.finished().results(), try other.results("elsewhere"))
      let different = first.flatMap { fingerprint, outputs in
        outputs.filter { second[fingerprint]?[$0.key] != $0.value }.keys.map { name in
          "\(name) of \(fingerprint.prefix { $0 != "\n" })"
        }
      }
      #expect(different.sorted() == [])
      #expect(first.count == second.count)
      #expect(try other.isWhole("elsewhere"))
    }

    /// Both end well, with one table, whoever writes the folders of the experiments last.
    @Test("Two runs of one sweep at the same time share the work and end with the same table")
    func together() throws {
      let world = try World()
      let arguments = ["run", "spec.yaml", "--threads", "1"]
      let both = [try world.start(arguments), try world.start(arguments)]
      let ended = both.map { $0.end() }
      #expect(ended.map(\.code) == [0, 0])
      #expect(ended[0].output == ended[1].output)
      #expect(ended[0].output == (try World.finished().cxr("compare", "spec.yaml").output))
      #expect(try world.isWhole())
    }
  }
}
