import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What a person or a program asks of runs and of the cache.
  @Suite struct OperationTests {
    /// A question about a stage is answered with what was changed, and where.
    @Test("plan --why leads from a stage to the field of the spec that was changed")
    func why() throws {
      let world = try World(copying: .finished())
      // The copied pictures are read once, and known from then on.
      try #require(try world.run().began == [])
      try world.edit("spec.yaml", "epochs: 1", "epochs: 3")
      let ended = try world.cxr("plan", "spec.yaml", "--why", "eval u-ones seed=1")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(
        ended.output == """
          eval uncertain=u-ones seed=1  maybe
            input may change: predictions
            predictions is made by predict uncertain=u-ones seed=1  maybe
              input may change: model
              model is made by train uncertain=u-ones seed=1  run
                option changed: train.epochs 1 → 3  (spec.yaml:7:31)

          """)
      let wrong = try world.cxr("plan", "spec.yaml", "--why", "train seed=1")
      #expect(wrong.code == 64 && wrong.errors.contains("`train seed=1` can be"))
    }

    /// A plan is a question.
    @Test("plan, compare and logs make no folder")
    func questions() throws {
      let world = try World(PaintedCohort(patients: 4))
      #expect(try world.plan().counts["cached"] == 0)
      #expect(try world.cxr("compare", "spec.yaml").code == 0)
      #expect(try world.cxr("logs", "spec.yaml", "u-ones seed=1").code == 64)
      #expect(!Files.exists(world.path("runs")))
    }

    /// After many screens the end says what failed, why, and how to learn more.
    @Test("A run that goes on past failures ends with all of them and the command for their logs")
    func failures() throws {
      let world = try World(copying: .finished())
      // A learning rate beyond all measure makes the loss infinite.
      let options = ["--set", "train.optimizer.lr=1e30", "--keep-going"]
      let run = try world.start(["run", "spec.yaml", "--threads", "1"] + options).end()
      #expect(run.code == 1)
      let end = try #require(run.errors.components(separatedBy: "\nfailed:\n").last)
      for arm in ["u-zeros", "u-ones"] {
        let line = "  train uncertain=\(arm) seed=0: the loss is "
        #expect(end.contains(line), "\(end)")
      }
      let command = try #require(
        end.firstMatch(of: /more: cxr-pipeline logs spec\.yaml '([^']+)' --set '([^']+)'/))
      let logs = try world.cxr("logs", "spec.yaml", String(command.1), "--set", String(command.2))
      #expect(logs.code == 0 && logs.output.contains("error: the loss is"), "\(logs)")
      let all = try world.cxr("logs", "spec.yaml", "u-ones seed=1", "train")
      #expect(all.code == 0 && all.output.hasPrefix("epoch,lr,"), "\(all)")
    }

    /// Luck is no setting of an experiment.
    @Test("retry is part of no fingerprint, and an unknown kind is an error")
    func retry() throws {
      let world = try World(copying: .finished())
      try #require(try world.run().began == [])
      #expect(
        try world.plan("--set", "retry={train: 2}").counts["cached"] == world.plan().stages.count)
      let run = try world.run("--set", "retry={train: 1}", "--set", "train.optimizer.lr=1e30")
      #expect(run.code == 1)
      #expect(run.errors.contains("; retry 1 of 1"))
      let wrong = try world.cxr("validate", "spec.yaml", "--set", "retry={trian: 1}")
      #expect(wrong.code == 64)
      #expect(wrong.reports.first?.marked == "trian")
      #expect(wrong.reports.first?.hint == "did you mean `train`?")
    }

    /// Other programs follow a run without reading what is written for people.
    @Test("run --events appends a line of JSON for whatever happens")
    func events() throws {
      struct Line: Decodable {
        let event, time: String
        let stage, outcome: String?
        let counts: [String: Int]?
      }
      let world = try World(copying: .finished())
      let run = try world.run("--events", "events.jsonl", "--set", "train.epochs=2")
      #expect(run.code == 0)
      _ = try world.run("--events", "events.jsonl", "--set", "train.epochs=2")
      let lines = try world.text("events.jsonl").split(separator: "\n").map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
      let started = lines.filter { $0.event == "started" }.compactMap(\.stage)
      #expect(started.sorted() == run.began.sorted() && !started.isEmpty)
      #expect(lines.first?.event == "planned" && lines.last?.event == "run_finished")
      #expect(lines.last?.counts?["ran"] == 0)
      #expect(lines.filter { $0.outcome == "ran" }.compactMap(\.stage).sorted() == started.sorted())
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
      #expect(lines.allSatisfy { (try? style.parse($0.time)) != nil })
      #expect(try world.cxr("run", "spec.yaml", "--events", "none/events.jsonl").code == 64)
    }

    /// What a researcher does when the disk is full.
    @Test("cache stats, verify and gc count, check and tidy, and what was kept is still found")
    func cache() throws {
      let world = try World(copying: .finished())
      try #require(try world.run().began == [])
      let stages = try world.plan().stages.count
      #expect(try world.run("--set", "eval.bootstrap=200").code == 0)
      let stats = try world.cxr("cache", "stats")
      #expect(stats.code == 0 && stats.output.contains(/\ntrain[ ]+4[ ]/), "\(stats.output)")
      let dry = try world.cxr("cache", "gc", "--keep", "spec.yaml", "--dry-run")
      #expect(dry.code == 0 && dry.output.hasPrefix("would remove "), "\(dry)")
      #expect(try world.plan("--set", "eval.bootstrap=200").counts["cached"] == stages)
      let gc = try world.cxr("cache", "gc", "--keep", "spec.yaml")
      #expect(gc.code == 0)
      #expect(
        gc.output
          == dry.output.replacing("would remove", with: "removed")
          .replacing("would keep", with: "kept"))
      // No link leads to what is gone.
      for path in world.files(below: "runs/small") {
        #expect(Files.exists(world.path("runs/small/\(path)")), "\(path)")
      }
      #expect(try world.run().began == [])
      #expect(try world.plan("--set", "eval.bootstrap=200").counts["cached"] != stages)
      #expect(try world.cxr("cache", "gc").code == 64)

      let verify = try world.cxr("cache", "verify")
      #expect(verify.code == 0 && verify.output.hasSuffix(": all are what their names say\n"))
      let digest = try #require(try world.digests("split", "split.csv").first)
      let object = world.path("runs/objects/\(digest.prefix(2))/\(digest)")
      unlink(object)
      try Files.write("patient,subset\n", to: object)
      let found = try world.cxr("cache", "verify")
      #expect(found.code == 1)
      #expect(found.output.hasPrefix("damaged  split.csv of small/split  \(digest)\n"))
      #expect(try world.run().began == ["split"])
      #expect(try world.cxr("cache", "verify").code == 0)
    }
  }
}
