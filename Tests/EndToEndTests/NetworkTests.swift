import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Networks that are more than one of the catalogue.
  @Suite struct NetworkTests {
    private static func spec(_ arms: String) -> String {
      World.one.replacing("arch: simple", with: "arch: simple").replacing(
        "[sex, age]", with: "[sex]")
        + "sweep:\n  arms:\n" + arms
    }

    private func scores(_ path: String, _ world: World, column: Int) throws -> [String: Double] {
      let table = try CSV(path: world.path(path))
      return Dictionary(
        (0..<table.rowCount).map { (table[$0, 0], Double(table[$0, column]) ?? .nan) },
        uniquingKeysWith: { first, _ in first })
    }

    /// What system D does: networks joined, some of them trained before.
    @Test("Networks are joined under one layer, each from values of its own, and predict again")
    func combined() throws {
      let world = try World(
        spec: Self.spec(
          """
              first: {}
              joined: {train.arch: {combined: [small, {arch: simple, weights: {from: first}}]}}
              again: {train.arch: {combined: [small, simple]}, train.weights: {from: joined}}

          """))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(try world.digests("train", "model.safetensors").count == 3)
      let resolved = try world.cxr("plan", "runs/small/joined,seed=0/experiment.yaml")
      #expect(resolved.output.contains(", 0 to run"), "\(resolved.output)")
      let model = "runs/small/joined,seed=0/model.safetensors"
      let ended = try world.cxr(
        "predict", "--model", model, "--data", "data", "--output", "scores.csv", "--threads", "1",
        "--bootstrap", "0")
      #expect(ended.code == 0, "\(ended.errors)")
      let old = try scores("runs/small/joined,seed=0/predictions.csv", world, column: 4)
      let new = try scores("scores.csv", world, column: 2)
      #expect(!old.isEmpty)
      for (image, score) in old {
        // Batches differ, and with them the last bits.
        #expect(abs(score - (new["pictures/\(image).png"] ?? 9)) < 0.01)
      }
    }

    /// A backbone that does not change needs one look at each picture.
    @Test("Heads on a frozen backbone share its features, and the whole network agrees with them")
    func features() throws {
      let world = try World(
        spec: Self.spec(
          """
              first: {}
              one: {train: {weights: {from: first}, freeze: backbone, epochs: 2}}
              two: {train: {weights: {from: first}, freeze: backbone}, labels.head: softmax}

          """))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.began.filter { $0.hasPrefix("features") }.count == 1)
      // The checkpoint is the whole network, and gives on pictures what the head gave on features.
      let ended = try world.cxr(
        "predict", "--model", "runs/small/two,seed=0/model.safetensors", "--data", "data",
        "--output", "scores.csv", "--threads", "1", "--bootstrap", "0")
      #expect(ended.code == 0, "\(ended.errors)")
      let old = try scores("runs/small/two,seed=0/predictions.csv", world, column: 4)
      let new = try scores("scores.csv", world, column: 2)
      #expect(!old.isEmpty)
      for (image, score) in old {
        #expect(abs(score - (new["pictures/\(image).png"] ?? 9)) < 0.01)
      }
      // What changes the network below changes the features, and what changes a head does not.
      let plan = try world.plan("--set", "train.optimizer.lr=1e-2")
      #expect(plan.stages.first { $0.kind == "features" }?.status == "maybe")
      let probe = try world.plan("--set", "sweep.arms.one.train.epochs=3")
      #expect(probe.stages.first { $0.kind == "features" }?.status == "cached")
    }

    /// Networks of others: written in Python, trained and judged here.
    @Test("A network of TorchScript is trained, saved by its own names and predicts")
    func torchScript() throws {
      let program = Files.parent(of: #filePath) + "/Golden/network.pt"
      let world = try World(
        spec: World.one.replacing("arch: simple", with: "arch: {torchscript: network.pt}"))
      try Files.write(Files.read(program), to: world.path("network.pt"))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      let model = try Files.read(world.path("runs/small/base,seed=0/model.safetensors"))
      let header = String(decoding: model.prefix(2000), as: UTF8.self)
      for name in ["first.weight", "norm.running_mean", "last.bias"] {
        #expect(header.contains("\"\(name)\""), "\(header)")
      }
      let ended = try world.cxr(
        "predict", "--experiment", "spec.yaml", "--data", "data/pictures", "--output", "scores.csv",
        "--threads", "1")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(try CSV(path: world.path("scores.csv")).rowCount == PaintedCohort().rows.count)
      let bare = try world.cxr(
        "predict", "--model", "runs/small/base,seed=0/model.safetensors", "--data", "data")
      #expect(bare.errors.contains("holds the tensors of a network of TorchScript, not its code"))
      // Two findings need two outputs, and this network has one.
      try world.edit("spec.yaml", "[Edema]}", "[Edema], head: softmax}")
      let wrong = try world.run()
      #expect(wrong.code == 1)
      #expect(wrong.errors.contains("are needed"), "\(wrong.errors)")
    }

    /// System C's study, as far as a run of the tests can wait for it.
    @Test(
      "experiments/systematic-errors.yaml trains networks of its list and shows them side by side")
    func systematicErrors() throws {
      let world = try World(PaintedCohort(patients: 0))
      let spec = SharedData.repository + "/experiments/systematic-errors.yaml"
      let arms = ["efficientnet_b0", "deit3_small"]
      let run = try world.start(
        ["run", spec, "--threads", "1", "--set", "sweep.labels.findings=[Cardiomegaly]"]
          + arms.flatMap { ["--only", $0] }
      ).end()
      #expect(run.code == 0, "\(run.errors)")
      for arm in arms { #expect(run.output.contains("\(arm), findings"), "\(run.output)") }
    }

    /// All of it, a network and a task at a time, so that none waits for long.
    @Test(
      "Every network of experiments/systematic-errors.yaml learns every task",
      .enabled(if: ProcessInfo.processInfo.environment["CXR_SOAK"] != nil))
    func allSystematicErrors() throws {
      let world = try World(PaintedCohort(patients: 0))
      let spec = SharedData.repository + "/experiments/systematic-errors.yaml"
      let validated = try world.cxr("validate", spec)
      #expect(validated.output.contains("114 experiments"), "\(validated.output)")
      let text = String(decoding: try Files.read(spec), as: UTF8.self)
      let tasks = text.matches(of: /(?m)^    - (.+)$/).map { String($0.1) }
      let arms = text.matches(of: /(?m)^    (\w+): {train.arch/).map { String($0.1) }
      try #require(arms.count == 19 && tasks.count == 6)
      for task in tasks {
        for arm in arms {
          let run = try world.start(
            ["run", spec, "--threads", "2", "--set", "sweep.labels.findings=[\(task)]"]
              + ["--only", "\(arm), findings=\(task)"]
          ).end()
          #expect(run.code == 0, "\(arm), \(task): \(run.errors.suffix(1000))")
        }
      }
    }

    /// Each mistake at its place.
    @Test(
      "What is wrong with a joined or foreign network is said at its place",
      arguments: [
        ("{combined: [simple]}", "`combined` joins at least two networks", "[simple]"),
        ("{combined: [simple, smal]}", "unknown combined `smal`", "smal"),
        (
          "{combined: [simple, {arch: small, weight: random}]}",
          "unknown key `weight` in `train.arch.combined`", "weight"
        ),
        (
          "{combined: [simple, swin_base_patch4_window7_224]}",
          "`swin_base_patch4_window7_224` takes pictures of 224, 448, 672, … pixels", "16"
        ),
        ("{joined: [simple, small]}", "missing key `combined` in `train.arch`", "arch"),
        (
          "{torchscript: spec.yaml}, weights: imagenet",
          "a network of TorchScript starts from the values in its file", "imagenet"
        ),
        (
          "{torchscript: spec.yaml}, freeze: backbone",
          "the last layer of a network of TorchScript is not known", "backbone"
        ),
        (
          "simple, freeze: backbone, stochastic_depth: 0.1",
          "`train.stochastic_depth` has no effect on a frozen backbone", "0.1"
        ),
      ])
    func mistakes(_ arch: String, _ message: String, _ marked: String) throws {
      let world = try World(
        PaintedCohort(patients: 2),
        spec: World.one.replacing("arch: simple", with: "arch: \(arch)"))
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      let report = ended.reports.first { $0.message == message }
      #expect(report?.marked == marked, "\(ended.errors)")
    }
  }
}
