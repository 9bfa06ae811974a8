import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline

/// `logs`: what stages printed.
struct LogsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Show what the stages of an experiment printed.")

  @OptionGroup var options: SpecOptions
  @Argument(help: "The experiment, or a stage as `plan` names it: the name or a part of it.")
  var experiment: String
  @Argument(help: "Only this kind of stage of the experiment (`train`).")
  var stage: String?

  func run() throws {
    let (spec, stages) = try options.load(draws: false)
    try SpecOptions.reporting {
      let wanted = try nodes(stages)
      let cache = try Cache(runs: options.runs, sweep: spec.name, creating: false)
      defer { cache.close() }
      let plan = try cache.plan(stages.graph)
      var shown = 0
      for node in wanted {
        // What the next run would make, if it was tried, or else what was used last.
        let results = [
          plan.entries[node.id.index].fingerprint, cache.previous(node.label)?.digest,
        ]
        let logs = results.compactMap { $0.map(cache.store.logPath) }
        guard let text = logs.lazy.compactMap({ try? Files.read($0) }).first(where: { !$0.isEmpty })
        else { continue }
        if wanted.count > 1 { Terminal.put("\(shown > 0 ? "\n" : "")\(node.label):\n") }
        Terminal.put(String(decoding: text, as: UTF8.self))
        if text.last != UInt8(ascii: "\n") { Terminal.put("\n") }
        shown += 1
      }
      if shown == 0 {
        throw Diagnostic("nothing was printed by \(wanted.map(\.label).prefix(5).quotedList)")
      }
    }
  }

  /// The stages that are meant: one by its name, or those of an experiment.
  private func nodes(_ stages: ExperimentStages) throws(Diagnostic) -> [StageNode] {
    let all = stages.graph.stages
    if stage == nil, let exact = all.first(where: { $0.label == experiment }) { return [exact] }
    let index = try ExperimentSearch.index(of: experiment, among: stages.experiments)
    let own = all.filter { $0.experiments.contains(index) }
    guard let stage else { return own }
    let chosen = own.filter { $0.declaration.kind == stage }
    guard chosen.isEmpty else { return chosen }
    let kinds = own.map(\.declaration.kind)
    throw Diagnostic(
      "`\(stages.experiments[index].name)` has no stage `\(stage)`",
      hint: nearestName(to: stage, among: kinds).map { "did you mean `\($0)`?" })
  }
}
