import Basics
import Experiments
import Metrics
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
    if let metrics = try document(MetricsDocument.self, "eval", OutputName.metrics) {
      blocks.append(metricTable(metrics))
    }
    if let fairness = try document(FairnessDocument.self, "fairness", OutputName.fairness) {
      for attribute in stages.experiments[index].fairness.by {
        blocks.append(groupTable(fairness, attribute))
      }
    }
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

  private func metricTable(_ document: MetricsDocument) -> String {
    let others = ["image", "study", "patient"].filter {
      document.metrics["test.per_\($0).\(Statistic.auroc.rawValue)"] != nil
    }
    let columns =
      [("test per \(document.per)", "test")]
      + others.map { ("test per \($0)", "test.per_\($0)") }
      + [("valid per \(document.per)", "valid")]
    let thresholds = document.thresholds.map { record in
      "threshold of \(record.finding) per \(record.per): "
        + (record.threshold.map(TextTable.number) ?? record.undefined ?? "–")
        + " (\(record.rule) on \(record.on))"
    }
    return TextTable.aligned(
      [[""] + columns.map(\.0)]
        + Statistic.allCases.map { statistic in
          [statistic.rawValue]
            + columns.map { TextTable.cell(document.metrics["\($0.1).\(statistic.rawValue)"]) }
        }) + "\n\n" + thresholds.joined(separator: "\n")
  }

  private func groupTable(_ document: FairnessDocument, _ attribute: String) -> String {
    let groups = document.groups.filter { $0.subset == "test" && $0.attribute == attribute }
    let several = Set(groups.map(\.finding)).count > 1
    let statistics: [Statistic] = [
      .auroc, .sensitivity, .falsePositiveRate, .predictedPositiveRate,
    ]
    func name(_ finding: String, _ rest: String) -> String {
      several ? "test.\(finding).\(rest)" : "test.\(rest)"
    }
    let header = ["by \(attribute)", "n (patients)", "prevalence", "AUROC", "TPR", "FPR", "PPR"]
    let rows = groups.map { group in
      let title = several ? "\(group.finding): \(group.group)" : group.group
      return ["  \(title)", "\(group.cases) (\(group.patients))"]
        + ([.prevalence] + statistics).map { statistic in
          let rest = "group.\(attribute).\(group.group).\(statistic.rawValue)"
          return TextTable.cell(document.metrics[name(group.finding, rest)])
        }
    }
    let gaps = document.gaps.filter { $0.subset == "test" && $0.attribute == attribute }
    let gapRows = gaps.compactMap { record -> [String]? in
      guard let gap = Gap(rawValue: record.gap) else { return nil }
      let title = several ? "\(record.finding): \(record.gap)" : record.gap
      let between = [record.lowest, record.highest].compactMap { $0 }.joined(separator: " … ")
      return [
        "  \(title)",
        TextTable.cell(document.metrics[name(record.finding, gap.metricName(attribute))]),
        record.pValue.map { "p \(TextTable.number($0))" } ?? "", between,
      ]
    }
    return TextTable.aligned([header] + rows) + "\n" + TextTable.aligned(gapRows)
  }

  private struct JSONDocument: Encodable {
    let experiment: String
    let stages: [String: String?]
    let metrics: MetricsDocument?
    let fairness: FairnessDocument?
  }
}

extension TextTable {
  /// `0.912 [0.87, 0.95]`, or a dash.
  static func cell(_ record: EstimateRecord?) -> String {
    guard let record, let value = record.value else { return "–" }
    guard let low = record.low, let high = record.high else { return number(value) }
    return "\(number(value)) [\(short(low)), \(short(high))]"
  }
}
