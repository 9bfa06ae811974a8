import Basics
import Experiments
import Metrics
import Pipeline

private typealias LabelPolicyName = (finding: String, policy: String)

/// The table of a sweep: its arms, and the shortcut baseline beside them.
package struct RunTable: Sendable {
  /// A row.
  package struct Row: Sendable {
    /// The arm, or `shortcut`.
    package var arm: String
    /// The values of the axes; empty for a baseline.
    package var settings: [SweepSetting]
    /// Whether it is a baseline and no arm.
    package var isBaseline: Bool
    /// What its `summary` stage found; `nil` where it has not run.
    package var summary: ArmSummary?
    /// Its metrics over the seeds; `nil` where it has not run.
    package var metrics: MetricTable?
    /// The arm that the spec compares it with, and what its `comparison` stage found.
    package var comparison: (baseline: String, differences: ComparisonTable)?
    /// The arm that it cannot be compared with, though the spec asks for it.
    var incomparable: String?
    /// What is done with uncertain labels of each finding, here and in the arm compared with.
    var policies: [String: (own: String, baseline: String)] = [:]
    /// Whether no other arm is better in one of the metrics of `RunTable.front` on validation and as
    /// good in the others.
    package var isOnFront = false
  }

  /// The arms in the order of the sweep, then the baselines.
  package private(set) var rows: [Row] = []
  /// The attributes and crossings of the sweep, in the order of the spec.
  package let attributes: [String]
  /// The findings, where all rows have the same.
  let findings: [String]
  /// What is known of the phantom, where the cohort is one.
  let facts: [PlantedFact]
  /// The metrics that the Pareto front is taken over, and whether higher is better.
  package let front: [(name: String, higherIsBetter: Bool)]

  /// The table of what has run.
  ///
  /// - Parameter results: of each stage of the graph, `nil` where there is none.
  /// - Throws: for a summary that cannot be read.
  package init(_ stages: ExperimentStages, _ results: [StageResult?], store: Store) throws {
    attributes = stages.experiments.reduce(into: []) { found, experiment in
      for name in experiment.fairness.by where !found.contains(name) { found.append(name) }
    }
    front =
      [("valid.auroc", true)]
      + attributes.prefix(1).map {
        ("valid.\(Gap.equalizedOddsDifference.metricName($0))", false)
      }
    let lists = Set(stages.experiments.map(\.labels.findings))
    findings = lists.count == 1 ? lists.first ?? [] : []
    let known = try stages.arms.map { try PlantedFact.all(stages.experiments[$0.experiments[0]]) }
    facts = known.allSatisfy { $0 == known.first } ? known.first ?? [] : []
    func path(_ stage: StageID, _ name: String) -> String? {
      guard results.indices.contains(stage.index) else { return nil }
      return results[stage.index]?.digest(of: name).map(store.objectPath)
    }
    func summary(_ stage: StageID) throws -> ArmSummary? {
      try path(stage, OutputName.summary).map { try ResultFile.read(ArmSummary.self, $0) }
    }
    func metrics(_ stage: StageID) throws -> MetricTable? {
      try path(stage, OutputName.metricTable).map { try MetricTable(path: $0) }
    }
    func policies(_ arm: ArmStages) -> [LabelPolicyName] {
      let labels = stages.experiments[arm.experiments[0]].labels
      return zip(labels.findings, labels.uncertain).map { ($0, $1.text) }
    }
    var baselines: [StageID: [String]] = [:]
    var order: [StageID] = []
    for arm in stages.arms {
      var row = Row(
        arm: arm.arm, settings: arm.settings, isBaseline: false,
        summary: try summary(arm.summary),
        metrics: try metrics(arm.summary))
      row.incomparable = arm.incomparable
      if let (baseline, stage) = arm.comparison,
        let path = path(stage, OutputName.comparison)
      {
        row.comparison = (baseline, try ComparisonTable(path: path))
        let others = stages.arms.first { $0.arm == baseline }.map(policies) ?? []
        for (own, other) in zip(policies(arm), others) {
          row.policies[own.finding] = (own.policy, other.policy)
        }
      }
      rows.append(row)
      if baselines[arm.shortcut] == nil { order.append(arm.shortcut) }
      baselines[arm.shortcut, default: []].append(arm.arm)
    }
    for stage in order {
      let name = order.count == 1 ? "shortcut" : "shortcut (\(baselines[stage]?.first ?? ""))"
      rows.append(
        Row(
          arm: name, settings: [], isBaseline: true, summary: try summary(stage),
          metrics: try metrics(stage)))
    }
    markFront()
  }

  /// The axis values of each arm that is complete, larger is better; `nil` where one is undefined.
  private func merits(_ row: Row) -> [Double]? {
    let values = front.map { metric in
      row.metrics?[metric.name]?.mean.map { metric.higherIsBetter ? $0 : -$0 }
    }
    return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
  }

  /// Whether all rows are judged on the same unit and on as many pictures and patients.
  package var isOfOneKind: Bool {
    let kinds = rows.compactMap(\.summary).map {
      [$0.per]
        + $0.subsets.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.images) \($0.value.patients)" }
    }
    return Set(kinds).count <= 1
  }

  /// Arms that are judged on different cases are not compared.
  private mutating func markFront() {
    guard isOfOneKind else { return }
    let all = rows.map { $0.isBaseline ? nil : merits($0) }
    for (index, own) in all.enumerated() {
      guard let own else { continue }
      rows[index].isOnFront = !all.contains { other in
        guard let other else { return false }
        return zip(other, own).allSatisfy(>=) && other != own
      }
    }
  }
}
