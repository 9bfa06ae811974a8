import ArgumentParser
import Basics
import Experiments
import Pipeline
import Reports

/// `compare`: the table of what has run.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show accuracy beside fairness, arm by arm; run nothing.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json }

  @OptionGroup var options: SpecOptions
  @Option(help: "How the table is written.") var format = Format.table

  func run() throws {
    let (spec, stages) = try options.load()
    try SpecOptions.reporting {
      let table = try RunTable(
        stages, options.results(spec, stages), store: Store(options.runs))
      switch format {
      case .table: Terminal.put(table.text())
      case .csv: Terminal.put(String(decoding: table.csv(), as: UTF8.self))
      case .json: Terminal.put(try table.json())
      }
    }
  }
}

extension SpecOptions {
  /// The results that are cached, stage by stage.
  func results(_ spec: StudySpec, _ stages: ExperimentStages) throws -> [StageResult?] {
    let cache = try Cache(runs: runs, sweep: spec.name)
    defer { cache.close() }
    return try cache.plan(stages.graph).entries.map { entry in
      if case .cached(let result) = entry.status { result } else { nil }
    }
  }
}
