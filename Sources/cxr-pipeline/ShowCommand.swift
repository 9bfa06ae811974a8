import ArgumentParser
import Basics
import Experiments
import Pipeline
import Reports

/// `show`: one experiment.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one experiment: its stages, metrics, groups and gaps.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var options: SpecOptions
  @Argument(
    help: "The experiment: its name or a part of it, as in `plan`.",
    completion: .custom { arguments, _, _ in SpecOptions.arms(in: arguments) })
  var experiment: String?
  @Option(help: "How it is written.") var format = Format.text

  func run() throws {
    let (spec, stages) = try options.load(draws: false)
    try SpecOptions.reporting {
      let index = try ExperimentSearch.index(of: experiment, among: stages.experiments)
      let results = try options.results(spec, stages)
      let view = ExperimentView(
        stages, index: index, results: results, store: Store(options.runs))
      Terminal.put(format == .json ? try view.json() : try view.text())
    }
  }
}
