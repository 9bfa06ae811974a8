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
  @Argument(help: "The experiment: its name or a part of it, as in `plan`.")
  var experiment: String?
  @Option(help: "How it is written.") var format = Format.text

  func run() throws {
    let (spec, stages) = try options.load()
    try SpecOptions.reporting {
      let index = try stages.index(of: experiment)
      let results = try options.results(spec, stages)
      let view = ExperimentView(
        stages, index: index, results: results, store: Store(options.runs))
      Terminal.put(format == .json ? try view.json() : try view.text())
    }
  }
}

extension ExperimentStages {
  /// The index of the one experiment that `wanted` means: its name, or a part of it.
  func index(of wanted: String?) throws(Diagnostic) -> Int {
    let names = experiments.map(\.name)
    guard let wanted else {
      if names.count == 1 { return 0 }
      throw Diagnostic(
        "say which experiment", hint: "the experiments are \(names.prefix(20).quotedList)")
    }
    if let exact = names.firstIndex(of: wanted) { return exact }
    let parts = wanted.split(separator: " ")
    // Whole words first: `seed=1` is not `seed=10`.
    let words = names.map { $0.split(whereSeparator: { " ,".contains($0) }) }
    let whole = names.indices.filter { index in
      parts.allSatisfy { part in
        words[index].contains { $0 == part || $0.hasSuffix("=\(part)") }
      }
    }
    let found =
      whole.isEmpty
      ? names.indices.filter { index in parts.allSatisfy { names[index].contains($0) } } : whole
    if found.count == 1 { return found[0] }
    if found.isEmpty {
      let near = nearestName(to: wanted, among: names)
      throw Diagnostic(
        "no experiment `\(wanted)`",
        hint: near.map { "did you mean `\($0)`?" }
          ?? "the experiments are \(names.prefix(20).quotedList)")
    }
    throw Diagnostic(
      "`\(wanted)` can be \(found.prefix(10).map { names[$0] }.quotedList)")
  }
}
