import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What a change runs again, and what it does not.
  @Suite struct ChangeTests {
    /// The stages behind a training.
    static let afterTraining: Set = [
      "train", "predict", "eval", "fairness", "summary", "consistency",
    ]

    /// A change of the training costs the training, not the data.
    @Test("Another number of epochs runs training and what follows, and plan says why")
    func epochs() throws {
      let world = try World(copying: .finished())
      try #require(try world.run().began == [])
      let plan = try world.plan("--set", "train.epochs=2")
      let trainings = plan.stages.filter { $0.kind == "train" }
      #expect(trainings.count == 4)
      for stage in trainings {
        #expect(stage.status == "run")
        #expect(stage.experiments.count == 1)
        #expect(
          stage.reasons == [.init(what: "option changed", name: "train.epochs", from: "1", to: "2")]
        )
      }
      for stage in plan.stages where ["cohort", "split", "labels", "images"].contains(stage.kind) {
        #expect(stage.status == "cached")
        #expect(stage.reasons == [])
      }
      #expect(plan.stages.first { $0.kind == "cohort" }?.experiments.count == 4)
      #expect(Set(plan.counts.keys) == ["cached", "run", "maybe"])
      #expect(plan.counts.values.reduce(0, +) == plan.stages.count)
      #expect(plan.counts["run"] == 4)
      #expect(Set(plan.stages.map(\.id)).count == plan.stages.count)
      let text = try world.cxr("plan", "spec.yaml", "--set", "train.epochs=2").output
      #expect(text.contains("option changed: train.epochs 1 → 2"))

      let run = try world.run("--set", "train.epochs=2")
      #expect(run.code == 0)
      #expect(run.beganKinds == Self.afterTraining)
      #expect(run.began.count { $0.hasPrefix("train") } == 4)
    }

    /// Groups are chosen long after a training.
    @Test("A change of fairness alone runs only fairness and the summaries")
    func fairness() throws {
      let world = try World(copying: .finished())
      let run = try world.run("--set", "fairness.by=[sex]")
      #expect(run.code == 0)
      #expect(run.beganKinds == ["fairness", "summary", "consistency"])
    }

    /// A study grows without paying for what it has.
    @Test("One more architecture runs no experiment that was there")
    func architecture() throws {
      let world = try World(copying: .finished())
      let run = try world.run(
        "--set", "sweep.train.arch=[simple, medium]", "--set", "sweep.labels.uncertain=[u-ones]")
      #expect(run.code == 0)
      #expect(run.beganKinds == Self.afterTraining)
      #expect(
        run.began.allSatisfy { $0.contains("arch=medium") || $0 == "consistency" }, "\(run.began)")
      #expect(run.began.count { $0.hasPrefix("train") } == 2)
    }

    /// A sweep that grows by an axis has stages of other names, which are not strangers for that.
    @Test("An arm that begins to override a key is told as that key, not as never run")
    func newAxis() throws {
      let world = try World(copying: .finished())
      let text = try world.cxr(
        "plan", "spec.yaml", "--set", "sweep.train.epochs=[2, 3]", "--only",
        "uncertain=u-ones epochs=2 seed=0"
      ).output
      #expect(
        text.contains(/train uncertain=u-ones epochs=2 seed=0  option changed: train.epochs 1 → 2/))
      let other = try world.cxr("plan", "spec.yaml", "--set", "sweep.seed=3").output
      #expect(other.contains(/train uncertain=u-ones seed=2  never ran/))
    }

    /// What stands beside the results is made once, and again when someone changed it.
    @Test("A run restores the files beside the results that were changed or removed")
    func stamps() throws {
      let world = try World(copying: .finished())
      let folder = "runs/small/uncertain=u-ones,seed=0"
      let files = [
        "runs/small/table.csv", "\(folder)/experiment.yaml", "\(folder)/provenance.json",
      ]
      try #require(try world.run().code == 0)
      let before = try files.map { try Files.read(world.path($0)) }
      try world.write("other", to: files[0])
      try world.write("other", to: files[1])
      try FileManager.default.removeItem(atPath: world.path(files[2]))
      #expect(try world.run().began == [])
      #expect(try files.map { try Files.read(world.path($0)) } == before)
    }

    /// What is written differently and means the same is the same.
    @Test("Comments, the order of keys and the name of the sweep run nothing again")
    func cosmetics() throws {
      let world = try World(copying: .finished())
      try world.write(
        """
        name: renamed
        sweep: {labels.uncertain: [u-zeros, u-ones], seed: 2}
        train:    # a comment
          optimizer: {lr: 0.001, name: adam}
          batch: 16
          epochs: 1
          arch: simple
        fairness: {min_group: 5, age_edges: [50], by: [sex, age]}
        eval: {bootstrap: 100, per: image}
        labels: {findings: Edema}
        images: {channels: 1, size: 16}
        split: {seed: 7, by: patient}
        cohort: {root: data, table: data/metadata.csv, source: csv}

        """, to: "other.yaml")
      let run = try world.run(spec: "other.yaml")
      #expect(run.code == 0)
      #expect(run.began == [])
      #expect(try run.output == world.run().output)
      #expect(Files.exists(world.path("runs/renamed/uncertain=u-ones,seed=1/metrics.json")))
    }

    /// No path is in a fingerprint, and no time of a file either.
    @Test("Moving data, spec and results, and touching the pictures, run nothing again")
    func moved() throws {
      let world = try World(copying: .finished())
      let moved = try world.run()
      #expect(moved.code == 0)
      #expect(moved.began == [])
      for file in world.files(below: "data/pictures") {
        utimes(world.path("data/pictures/\(file)"), nil)
      }
      let touched = try world.run()
      #expect(touched.code == 0)
      #expect(touched.began == [])
    }

    /// Pictures enter by their content.
    @Test("A picture with other bytes runs images and what follows, not cohort, split or labels")
    func picture() throws {
      let world = try World(copying: .finished())
      var cohort = PaintedCohort()
      cohort.rows[0].pixels = cohort.rows[0].pixels.map { 255 - $0 }
      try cohort.write(to: world.path("data"))
      let run = try world.run(
        "--set", "sweep.labels.uncertain=[u-ones]", "--set", "sweep.seed=[0]")
      #expect(run.code == 0)
      #expect(run.beganKinds.isSuperset(of: ["images", "train", "predict"]))
      #expect(run.beganKinds.isDisjoint(with: ["cohort", "split", "labels", "truth"]))
    }

    /// Policies for labels that nobody has are the same policy.
    @Test("Without an uncertain label u-zeros and u-ones share one training")
    func certain() throws {
      let world = try World(PaintedCohort(hasUncertain: false))
      let run = try world.run("--set", "sweep.seed=[0]")
      #expect(run.code == 0)
      #expect(run.began.count { $0.hasPrefix("train") } == 1)
      #expect(try world.digests("train", "model.safetensors").count == 1)
      let table = try world.comparison()
      #expect(
        table.rows[0].metrics["test.auroc"]?.mean == table.rows[1].metrics["test.auroc"]?.mean)
    }

    /// Results below the folder of the data set are no data.
    @Test("Where the results lie in the folder of the data set, a second run runs nothing")
    func runsInsideData() throws {
      let world = try World(spec: World.one)
      let first = try world.start(["run", "../spec.yaml", "--threads", "1"], below: "data").end()
      #expect(first.code == 0)
      let second = try world.start(["run", "../spec.yaml", "--threads", "1"], below: "data").end()
      #expect(second.code == 0)
      #expect(second.began == [])
    }
  }
}
