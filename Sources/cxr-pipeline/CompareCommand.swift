import ArgumentParser
import Basics
import Experiments
import Foundation
import Metrics
import Pipeline
import Reports

/// `compare`: the table of what has run.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show accuracy beside fairness, arm by arm; run nothing.",
    discussion: """
      A metric is named as in `--format csv` (`Edema.auroc`, `equalized_odds_difference.sex`), and \
      `test.` or `valid.` may stand before it.
      """)

  @Argument(
    help: "Specs, or folders `runs/<name>`; several make one table.",
    completion: .file(extensions: ["yaml", "yml"]))
  var sources: [String]

  @Option(
    name: .customLong("set"), help: "Override a key of the specs: train.epochs=4. Can be repeated.")
  var settings: [String] = []
  @Option(
    help: "Only this arm, or the experiments with these words: 'resnet18 seed=0'. Can be repeated.",
    completion: .custom { arguments, _, _ in SpecOptions.arms(in: arguments) })
  var only: [String] = []
  @Flag(help: "Allow a sweep of more than 10,000 experiments.") var yes = false
  @Option(help: "The folder of the cache and the results.", completion: .directory)
  var runs = "runs"

  @Option(help: "How the table is written.") var format = TableFormat.table
  @Option(help: "Only these metrics, separated by commas.") var metrics: NameList?
  @Option(help: "Sort by this metric, the best first; of validation unless `test.` is said.")
  var sort: String?
  @Flag(help: "The worst first.") var reverse = false
  @Option(
    name: .customLong("where"),
    help: "Only arms with this value of an axis: train.arch=resnet18. Can be repeated.")
  var filters: [String] = []
  @Option(help: "Make the values of this axis columns.") var pivot: String?
  @Option(help: "Hold all arms against this one.") var baseline: String?
  @Option(help: "The metrics of the Pareto front, separated by commas.") var front: NameList?
  @Option(help: "How p-values are adjusted for the number of arms: holm or benjamini-hochberg.")
  var adjust = TestFamily.Adjustment.holm

  func validate() throws {
    if sources.isEmpty { throw ValidationError("name a spec or a folder in `runs`") }
    if let front, front.names.count < 2 {
      throw ValidationError("`--front` needs two metrics or more")
    }
  }

  func run() throws {
    let sources = distinctSources
    try SpecOptions.reporting { try checkOptions(sources) }
    let isOne = sources.count == 1
    let tables = try sources.map { try table($0, isOne: isOne) }
    try SpecOptions.reporting {
      try format.put(try RunTable(tables, choice(isOne && !Files.isFolder(sources[0]))))
    }
  }

  /// The sources, each once, whatever path leads to it.
  private var distinctSources: [String] {
    var seen: Set<String> = []
    return sources.filter {
      seen.insert(URL(filePath: $0).resolvingSymlinksInPath().standardizedFileURL.path).inserted
    }
  }

  /// Refuses options that have no effect on a folder.
  private func checkOptions(_ sources: [String]) throws(Diagnostic) {
    guard let folder = sources.first(where: Files.isFolder) else { return }
    for (option, isGiven) in [("--set", !settings.isEmpty), ("--only", !only.isEmpty)]
    where isGiven {
      throw Diagnostic(
        "`\(option)` has no effect on `\(folder)`, which is a folder and no spec",
        hint: option == "--only" ? "`--where axis=value` chooses arms" : "name the spec")
    }
  }

  /// - Parameter isSpec: whether one spec is shown.
  private func choice(_ isSpec: Bool) -> TableChoice {
    var choice = TableChoice()
    choice.metrics = metrics?.names ?? []
    (choice.sort, choice.isReversed, choice.filters) = (sort, reverse, filters)
    (choice.pivot, choice.adjustment) = (pivot, adjust)
    choice.front = front?.names ?? []
    // One spec knows the stages that compare with the baseline; else replicates do.
    if !isSpec { choice.baseline = baseline }
    return choice
  }

  /// The rows of a spec or a folder, and the cache that they lie in.
  private func table(_ source: String, isOne: Bool) throws -> (SavedTable, Store) {
    if Files.isFolder(source) {
      return try SpecOptions.reporting {
        let path = Files.join(source, SavedTable.fileName)
        guard Files.exists(path) else {
          throw Diagnostic(
            "`\(source)` holds no table", hint: "name the folder that `run` made in `runs`")
        }
        return (
          try SavedTable(path: path),
          Store(URL(filePath: source).standardizedFileURL.deletingLastPathComponent().path)
        )
      }
    }
    var wanted = StudySpec.Options(settings: settings)
    (wanted.only, wanted.isLarge) = (only, yes)
    if isOne { wanted.baseline = baseline }
    let remembered = RememberedTable(source, wanted, runs: runs)
    if let table = remembered.table() { return (table, Store(runs)) }
    let (spec, stages) = try SpecOptions.load(source, wanted, runs: runs, draws: false)
    return try SpecOptions.reporting {
      let results = try SpecOptions.results(spec, stages, runs: runs)
      let table = try SavedTable(name: spec.name, stages, results.found)
      if results.areSure { remembered.write(table, spec, stages, results.found, Store(runs)) }
      return (table, Store(runs))
    }
  }
}

extension TestFamily.Adjustment: ExpressibleByArgument {}

extension SpecOptions {
  /// The results that are cached, stage by stage.
  ///
  /// Where a stage may only change because pictures have not been read since they were moved or
  /// touched, what it made last stands for it, and a note says so.
  func results(_ spec: StudySpec, _ stages: ExperimentStages) throws -> [StageResult?] {
    try Self.results(spec, stages, runs: runs).found
  }

  /// The same, in the cache `runs`, and whether it is what a run would find.
  static func results(
    _ spec: StudySpec, _ stages: ExperimentStages, runs: String
  ) throws -> (found: [StageResult?], areSure: Bool) {
    let cache = try Cache(runs: runs, sweep: spec.name, creating: false)
    defer { cache.close() }
    var assumed = false
    var results: [StageResult?] = []
    for entry in try cache.plan(stages.graph).entries {
      let node = stages.graph[entry.stage]
      // Behind a stage that will run, nothing is what it was.
      let isReachable = node.declaration.inputs.allSatisfy { input in
        switch input.source {
        case .output(let id, _), .files(_, let id, _): results[id.index] != nil
        case .file, .listing: true
        }
      }
      switch entry.status {
      case .cached(let result): results.append(result)
      case .maybe where isReachable && entry.reasons.allSatisfy { $0.what == .inputMayChange }:
        assumed = true
        results.append(cache.previous(node.label).flatMap { cache.result(for: $0.digest) })
      case .maybe, .run: results.append(nil)
      }
    }
    if assumed {
      Terminal.say("not sure that all inputs are what they were: `run` makes sure")
    }
    return (results, !assumed)
  }
}
