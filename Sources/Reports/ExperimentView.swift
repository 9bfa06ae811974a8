import Basics
import Experiments
import Pipeline

/// One experiment as `show` presents it.
package struct ExperimentView {
  private let stages: ExperimentStages
  private let index: Int
  private let results: [StageResult?]
  private let store: Store

  /// The view of the experiment at `index` of `stages`.
  package init(
    _ stages: ExperimentStages, index: Int, results: [StageResult?], store: Store
  ) {
    self.stages = stages
    self.index = index
    self.results = results
    self.store = store
  }

  private func document<Document: Decodable>(
    _ type: Document.Type, _ kind: String, _ output: String
  ) throws -> Document? {
    guard let stage = stages.stages[index][kind],
      let digest = results[stage.index]?.digest(of: output)
    else { return nil }
    return try ResultFile.read(type, store.objectPath(digest))
  }

  /// `{"experiment", "stages", "metrics", "fairness"}`.
  package func json() throws -> String {
    try ResultFile.text(
      JSONDocument(
        experiment: stages.experiments[index].name,
        stages: stages.stages[index].mapValues { results[$0.index]?.fingerprint.hex },
        metrics: try document(MetricsDocument.self, "eval", OutputName.metrics),
        fairness: try document(FairnessDocument.self, "fairness", OutputName.fairness)))
  }

  /// Stages with what they took, metrics with intervals, groups, gaps.
  package func text() throws -> String {
    var blocks = [stages.experiments[index].name, stageTable()]
    if let choice = stages.stages[index]["choice"],
      let digest = results[choice.index]?.digest(of: OutputName.policies)
    {
      let rows = try PolicyTable(path: store.objectPath(digest)).rows.map(\.words)
      blocks.append(
        TextTable.aligned(
          [["finding", "policy", "patients", "AUROC", "minus the first", ""]] + rows))
    }
    if let metrics = try document(MetricsDocument.self, "eval", OutputName.metrics) {
      blocks += JudgedTables.metrics(metrics)
    }
    if let fairness = try document(FairnessDocument.self, "fairness", OutputName.fairness) {
      for attribute in stages.experiments[index].fairness.by {
        blocks.append(JudgedTables.groups(fairness, attribute))
      }
    }
    blocks += try ConsistencyTable(
      SavedTable(name: "", stages, results), store: store
    ).blocks(.plain)
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func stageTable() -> String {
    let order = stages.stages[index].sorted { $0.value < $1.value }
    return TextTable.aligned(
      [["stage", "seconds", "peak MiB", "made"]]
        + order.map { kind, stage in
          guard let result = results[stage.index],
            let made = store.manifest(result.fingerprint)?.provenance
          else { return [kind, "–", "–", "not there"] }
          return [
            kind, TextTable.short(made.seconds), "\(made.peakMemory >> 20)",
            "\(made.started) on \(made.host)",
          ]
        })
  }

  private struct JSONDocument: Encodable {
    let experiment: String
    let stages: [String: String?]
    let metrics: MetricsDocument?
    let fairness: FairnessDocument?
  }
}
