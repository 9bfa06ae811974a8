import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Sweeps as a study needs them: arms, parts of a sweep, networks that start from others.
  @Suite struct SweepTests {
    /// One training, and one that goes on from it with another head.
    static let spec =
      World.one + """
        sweep:
          arms:
            first: {}
            second: {train.weights: {from: first}, train.optimizer.lr: 1e-4, labels.head: softmax}
          train.arch: [simple]
          seed: [0, 1]

        """

    /// A training is an input of another, as bytes: what changes the first may change the second.
    @Test("An arm starts from the network of another, and from its bytes only")
    func origin() throws {
      let world = try World(spec: Self.spec)
      let alone = try world.run("--only", "second seed=1")
      #expect(alone.code == 0, "\(alone.errors)")
      // Of the first arm only what is needed has run, and nothing judged.
      #expect(
        Set(alone.began.filter { $0.hasPrefix("train") || $0.hasPrefix("predict") }) == [
          "train arch=simple seed=1", "train second arch=simple seed=1",
          "predict second arch=simple seed=1",
        ])
      #expect(!Files.exists(world.path("runs/small/table.csv")))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(!run.began.contains("train second arch=simple seed=1"))
      let table = try world.comparison()
      #expect(
        table.rows.filter { !$0.baseline }.map(\.arm)
          == ["first, arch=simple", "second, arch=simple"])
      #expect(table.rows[1].settings == ["arm": "second", "train.arch": "simple"])

      // The model of the first arm is what the second read.
      let model = try Files.digest(
        of: world.path("runs/small/first,arch=simple,seed=1/model.safetensors"))
      let read = try world.results().keys.filter {
        $0.hasPrefix("kind 5:train") && $0.contains("input 7:weights 64:\(model.hex)")
      }
      #expect(read.count == 1)
      // The spec beside the result says the same without the sweep.
      let resolved = try world.cxr("plan", "runs/small/second,arch=simple,seed=1/experiment.yaml")
      #expect(resolved.output.contains(": 15 cached, 0 to run"), "\(resolved.output)")

      let plan = try world.plan("--set", "sweep.arms.first.train.epochs=2")
      let trainings = plan.stages.filter { $0.kind == "train" }
      #expect(trainings.map(\.status).sorted() == ["maybe", "maybe", "run", "run"])
      #expect(
        trainings.first { $0.id == "train second arch=simple seed=0" }?.reasons
          == [.init(what: "input may change", name: "weights", from: nil, to: nil)])
    }

    /// Labels are what the last run is remembered by.
    @Test("A sweep that options cut to one experiment still says what changed")
    func cut() throws {
      let world = try World(copying: .finished())
      for options in [
        ["--only", "u-ones seed=1"],
        ["--set", "sweep.labels.uncertain=[u-ones]", "--set", "sweep.seed=[1]"],
      ] {
        let plan = try world.start(
          ["plan", "spec.yaml", "--format", "json", "--set", "train.epochs=2"] + options
        ).end()
        let stages = try JSONDecoder().decode(PlanDocument.self, from: Data(plan.output.utf8))
          .stages
        #expect(stages.allSatisfy { $0.reasons.allSatisfy { $0.what != "never ran" } })
        let trainings = stages.filter { $0.status == "run" && $0.kind == "train" }
        #expect(trainings.count == 1)
        #expect(
          trainings.first?.reasons.first
            == .init(what: "option changed", name: "train.epochs", from: "1", to: "2"))
      }
    }

    /// A part of a sweep is no reason to lose the rest.
    @Test("--only runs and shows a part, and leaves the folders of the rest alone")
    func only() throws {
      let world = try World(copying: .finished())
      let before = world.files(below: "runs/small")
      let run = try world.run("--only", "uncertain=u-ones")
      #expect(run.code == 0)
      #expect(run.errors.contains("small: 1 arm, 2 experiments, "), "\(run.errors)")
      #expect(world.files(below: "runs/small") == before)
      #expect(try world.text("runs/small/table.csv").contains("uncertain=u-zeros"))
      let table = try world.comparison("--only", "uncertain=u-ones")
      #expect(table.rows.map(\.arm) == ["uncertain=u-ones", "shortcut"])
      let wrong = try world.run("--only", "uncertain=u-once")
      #expect(wrong.code == 64)
      #expect(wrong.errors.contains("no experiment `uncertain=u-once`"))
      #expect(wrong.errors.contains("did you mean `uncertain=u-ones`?"))
    }

    /// A slip must not start ten thousand trainings.
    @Test("What a sweep holds is said before anything runs, and more than 10,000 need --yes")
    func size() throws {
      let world = try World(PaintedCohort(patients: 2))
      let good = try world.cxr("validate", "spec.yaml")
      #expect(
        good.output == "`spec.yaml` is good: 2 arms, 4 experiments, 31 stages, 15 of them shared\n")
      let large = try world.cxr("run", "spec.yaml", "--set", "sweep.seed=5001")
      #expect(large.code == 64)
      #expect(large.reports.map(\.message) == ["the sweep has more than 10,000 points"])
      #expect(large.reports.map(\.hint) == ["`--yes` if that is meant"])
      #expect(!Files.exists(world.path("runs")))
    }

    /// Examples that do not work teach the wrong thing.
    @Test("The sweep in docs/spec.md is good")
    func documented() throws {
      let page = String(
        decoding: try Files.read(SharedData.repository + "/docs/spec.md"), as: UTF8.self)
      let block = page.components(separatedBy: "## The sweep\n\n```yaml\n").last
      let sweep = try #require(block?.components(separatedBy: "```").first)
      let world = try World(PaintedCohort(patients: 2), spec: World.one + sweep)
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 0, "\(ended.errors)")
      // Two arms, two networks, two sizes, three rates, but for a network of one size; one more.
      #expect(ended.output.contains(": 19 arms, 57 experiments, "), "\(ended.output)")
    }

    /// Each slip at the name that is wrong.
    @Test(
      "An origin that is unknown, unfit or circular is reported at its place",
      arguments: [
        ("{from: third}", "unknown arm `third`", "third"),
        ("{from: second}", "`second, arch=simple seed=0` starts from itself", "second"),
        ("{frm: first}", "missing key `from` in `train.weights`", "train.weights"),
        (
          "{from: 'first, arch=medium'}",
          "`first, arch=medium seed=0` is a medium, and `second, arch=simple seed=0` a simple",
          "'first, arch=medium'"
        ),
      ])
    func mistakes(_ new: String, _ message: String, _ marked: String) throws {
      let world = try World(PaintedCohort(patients: 2), spec: Self.spec)
      try world.edit("spec.yaml", "{from: first}", new)
      try world.edit("spec.yaml", "[simple]", "[simple, medium]")
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      #expect(ended.reports.first?.message == message)
      #expect(ended.reports.first?.marked == marked)
    }

    /// Whoever starts first cannot be found.
    @Test("Arms that start from each other are named in their order")
    func cycle() throws {
      let world = try World(PaintedCohort(patients: 2), spec: Self.spec)
      try world.edit("spec.yaml", "first: {}", "first: {train.weights: {from: second}}")
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(
        ended.reports.map(\.message) == [
          "experiments start from each other: `first, arch=simple seed=0` → "
            + "`second, arch=simple seed=0` → `first, arch=simple seed=0`"
        ])
    }
  }
}
