import Basics
import Foundation
import Pipeline

/// A spec of trivial stages as a program runs it: one split, and for each experiment
/// train → eval → fairness; or a folder of files that is listed and packed.
struct Study {
  private let graph: Graph

  /// What a training of the benchmark is given: as many options as a real one.
  private struct Train: Encodable {
    var arch, precision, select, weights: String
    var epochs, batch, step, seed, variant: Int
    var lr, decay, momentum, gamma, dropout: Double
  }

  /// Reads and checks the spec at `path`.
  init(spec path: String) throws {
    let diagnostics = DiagnosticList()
    guard let file = SpecFile.read(path: path, diagnostics: diagnostics) else {
      throw Diagnostic(diagnostics.rendered)
    }
    var builder = GraphBuilder()
    var names: [ExperimentName] = []
    for (index, point) in Sweep.points(of: file.root, diagnostics: diagnostics).enumerated() {
      names.append(
        ExperimentName(
          arm: point.arm, settings: point.settings, seed: point.seed))
      let top = SectionReader(point.root, diagnostics: diagnostics)
      if let root = top.string("pictures") {
        Self.addPictures(root, to: &builder)
      } else {
        try Self.addExperiment(top, index, to: &builder)
      }
    }
    guard diagnostics.isEmpty else { throw Diagnostic(diagnostics.rendered) }
    graph = builder.finish(experiments: names)
  }

  private static func addExperiment(
    _ top: SectionReader, _ index: Int, to builder: inout GraphBuilder
  ) throws {
    let section = top.sectionOrEmpty("split")
    let split = builder.add(
      StageDeclaration(
        kind: "write", version: 1,
        parameters: .map(["split": .map(["seed": .int(section.int("seed", in: 0..., default: 0))])]
        ),
        inputs: [], outputs: ["out"], title: "split"), experiment: index)
    let reader = top.sectionOrEmpty("train")
    let train = Train(
      arch: reader.choice("arch", among: ["simple", "medium"], default: "simple"),
      precision: "float32", select: "auroc", weights: "random",
      epochs: reader.int("epochs", in: 1...1000, default: 10),
      batch: reader.int("batch", in: 1...1000, default: 32), step: 8, seed: point(top),
      variant: reader.int("variant", in: 0..., default: 0),
      lr: reader.double("lr", in: .positive, default: 1e-4), decay: 0, momentum: 0.9, gamma: 0.1,
      dropout: 0.2)
    var stage = split
    for (kind, parameters) in [
      ("train", Value.map(["train": try Value(encoding: train)])),
      ("eval", .map(["eval": .map(["bootstrap": .int(1000), "per": .string("image")])])),
      ("fairness", .map(["fairness": .map(["by": .list([.string("sex"), .string("age")])])])),
    ] {
      stage = builder.add(
        StageDeclaration(
          kind: "append", version: 1, parameters: parameters,
          inputs: [("from", .output(stage, name: "out"))], outputs: ["out"], title: kind),
        experiment: index)
    }
  }

  private static func point(_ top: SectionReader) -> Int { top.int("seed", in: 0..., default: 0) }

  private static func addPictures(_ root: String, to builder: inout GraphBuilder) {
    let cohort = builder.add(
      StageDeclaration(
        kind: "list", version: 1, parameters: .map([:]), inputs: [("root", .listing(root: root))],
        outputs: ["out"], title: "cohort"), experiment: 0)
    _ = builder.add(
      StageDeclaration(
        kind: "count", version: 1, parameters: .map([:]),
        inputs: [("pictures", .files(root: root, listedIn: cohort, name: "out"))],
        outputs: ["out"], title: "images"), experiment: 0)
  }

  /// What `plan` does.
  func plan(runs: String) throws {
    let cache = try Cache(runs: runs, sweep: "benchmark")
    let counts = try cache.plan(graph).counts
    cache.close()
    print("\(counts.cached) cached, \(counts.run) to run, \(counts.maybe) may run")
  }

  /// What `run` does.
  func run(runs: String, worker: String) throws {
    var options = RunOptions(runs: runs, worker: worker)
    options.environment[Worker.variable] = "1"
    let summary = try Runner(graph: graph, sweep: "benchmark", options: options).runHere()
    for (label, report) in summary.failed { print("\(label): \(report.reason)") }
    print("\(summary.ran) ran, \(summary.cached) cached, \(summary.failed.count) failed")
  }
}

/// The trivial worker.
enum Worker {
  static let variable = "SWEEP_BENCHMARK_WORKER"

  static var isAsked: Bool { ProcessInfo.processInfo.environment[variable] != nil }

  static func serve() {
    WorkerLoop.serve(bodies: [
      "write": { job, context in
        try Files.write(Array(job.parameters.text.utf8), to: context.output("out"), durable: false)
      },
      // What a small result depends on: its input and its parameters.
      "append": { job, context in
        let before = try Files.read(context.input("from"))
        let text = Digest(of: before).hex + job.parameters.text
        try Files.write(Array(text.utf8), to: context.output("out"), durable: false)
      },
      "list": { _, context in
        let root = try context.folder("root")
        var paths: [String] = []
        for (folder, _) in try Files.entries(of: root) {
          for (name, _) in try Files.entries(of: "\(root)/\(folder)") {
            paths.append("\(folder)/\(name)\n")
          }
        }
        try Files.write(paths.sorted().joined(), to: context.output("out"))
      },
      "count": { _, context in
        let list = try Files.read(context.input("pictures"))
        try Files.write("\(list.count { $0 == 10 })", to: context.output("out"))
      },
    ])
  }
}
