import ArgumentParser
import Basics
import Experiments
import Pipeline
import Reports

/// `compare`: the table of what has run.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show accuracy beside fairness, arm by arm; run nothing.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json, md, latex }

  @OptionGroup var options: SpecOptions
  @Option(help: "How the table is written.") var format = Format.table

  func run() throws {
    let (spec, stages) = try options.load(draws: false)
    try SpecOptions.reporting {
      let table = try RunTable(
        stages, options.results(spec, stages), store: Store(options.runs))
      switch format {
      case .table: Terminal.put(table.text())
      case .md: Terminal.put(table.text(.markdown))
      case .latex: Terminal.put(table.text(.latex))
      case .csv: Terminal.put(String(decoding: table.csv(), as: UTF8.self))
      case .json: Terminal.put(try table.json())
      }
    }
  }
}

extension SpecOptions {
  /// The results that are cached, stage by stage.
  ///
  /// Where a stage may only change because pictures have not been read since they were moved or
  /// touched, what it made last stands for it, and a note says so.
  func results(_ spec: StudySpec, _ stages: ExperimentStages) throws -> [StageResult?] {
    try Self.results(spec, stages, runs: runs)
  }

  /// The same, in the cache `runs`.
  static func results(
    _ spec: StudySpec, _ stages: ExperimentStages, runs: String
  ) throws -> [StageResult?] {
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
    return results
  }
}
