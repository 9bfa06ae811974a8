import Basics
import Experiments
import Metrics
import Pipeline

/// The table of a sweep: its arms, and the shortcut baseline beside them.
package struct RunTable: Sendable {
  /// A row.
  package struct Row: Sendable {
    /// The arm, or `shortcut`.
    package var arm: String
    /// The values of the axes; empty for a baseline.
    package var settings: [(path: String, value: String)]
    /// Whether it is a baseline and no arm.
    package var isBaseline: Bool
    /// What its `summary` stage found; `nil` where it has not run.
    package var summary: ArmSummary?
    /// Whether no other arm is better in one of the metrics of `RunTable.front` on validation and as
    /// good in the others.
    package var isOnFront = false
  }

  /// The arms in the order of the sweep, then the baselines.
  package private(set) var rows: [Row] = []
  /// The attributes and crossings of the sweep, in the order of the spec.
  package let attributes: [String]
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
    func summary(_ stage: StageID) throws -> ArmSummary? {
      guard results.indices.contains(stage.index),
        let digest = results[stage.index]?.digest(of: OutputName.summary)
      else { return nil }
      return try ResultFile.read(ArmSummary.self, store.objectPath(digest))
    }
    var baselines: [StageID: [String]] = [:]
    var order: [StageID] = []
    for arm in stages.arms {
      rows.append(
        Row(
          arm: arm.arm, settings: arm.settings, isBaseline: false,
          summary: try summary(arm.summary)))
      if baselines[arm.shortcut] == nil { order.append(arm.shortcut) }
      baselines[arm.shortcut, default: []].append(arm.arm)
    }
    for stage in order {
      let name = order.count == 1 ? "shortcut" : "shortcut (\(baselines[stage]?.first ?? ""))"
      rows.append(
        Row(arm: name, settings: [], isBaseline: true, summary: try summary(stage)))
    }
    markFront()
  }

  /// The axis values of each arm that is complete, larger is better; `nil` where one is undefined.
  private func merits(_ row: Row) -> [Double]? {
    let values = front.map { metric in
      row.summary?.metrics[metric.name]?.mean.map { metric.higherIsBetter ? $0 : -$0 }
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
