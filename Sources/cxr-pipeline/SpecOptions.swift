import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline

/// What every command on a spec takes.
struct SpecOptions: ParsableArguments {
  @Argument(help: "The spec: a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var spec: String

  @Option(
    name: .customLong("set"), help: "Override a key: train.epochs=4. Can be repeated.")
  var settings: [String] = []

  @Option(
    help: "Only this arm, or the experiments with these words: 'resnet18 seed=0'. Can be repeated.",
    completion: .custom { arguments, _, _ in SpecOptions.arms(in: arguments) })
  var only: [String] = []

  @Flag(help: "Allow a sweep of more than 10,000 experiments.")
  var yes = false

  @Option(help: "The folder of the cache and the results.", completion: .directory)
  var runs = "runs"

  /// The arms of the spec that a command line names, for the completions of a shell.
  static func arms(in arguments: [String]) -> [String] {
    let isSpec = { (word: String) in word.hasSuffix(".yaml") || word.hasSuffix(".yml") }
    return arguments.first(where: isSpec).map { StudySpec.arms(path: $0) } ?? []
  }

  /// The spec, read and checked, and its stages. Everything wrong is printed; exit code 64.
  ///
  /// - Parameter draws: whether a phantom that is not there is drawn.
  func load(draws: Bool = true) throws -> (spec: StudySpec, stages: ExperimentStages) {
    try Self.load(spec, wanted, runs: runs, draws: draws)
  }

  /// What is laid over the spec, and which part of it is asked for.
  var wanted: StudySpec.Options {
    var wanted = StudySpec.Options(settings: settings)
    (wanted.only, wanted.isLarge) = (only, yes)
    return wanted
  }

  /// The spec at `path`, read and checked, and its stages.
  static func load(
    _ path: String, _ wanted: StudySpec.Options, runs: String, draws: Bool = true
  ) throws -> (spec: StudySpec, stages: ExperimentStages) {
    do {
      let machine = ThisMachine.detect(runs: runs, draws: draws)
      let study = try StudySpec.read(path, wanted, machine: machine)
      return (study, try ExperimentGraph.build(study, device: machine.device))
    } catch let error as SpecError {
      Terminal.error(error.rendered, isRendered: true)
      throw ExitCode(64)
    }
  }

  /// Runs `body` and turns what it throws into a message and an exit code: 64 unless it is not the
  /// command that is wrong, but the disk.
  static func reporting<Result>(code: Int32 = 64, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as Diagnostics {
      for diagnostic in error.all { Terminal.error(diagnostic) }
      throw ExitCode(code)
    } catch let error as Diagnostic {
      Terminal.error(error)
      throw ExitCode(code)
    }
  }
}

extension ExperimentStages {
  /// `2 arms, 4 experiments, 38 stages, 9 of them shared`.
  var counts: String {
    let shared = graph.stages.count { $0.experiments.count > 1 }
    return "\(counted(arms.count, "arm")), \(counted(experiments.count, "experiment")), "
      + counted(graph.stages.count, "stage") + (shared > 0 ? ", \(shared) of them shared" : "")
  }
}
