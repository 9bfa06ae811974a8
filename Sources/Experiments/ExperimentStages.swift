import Pipeline

/// A sweep as stages, and which stage serves which experiment.
package struct ExperimentStages: Sendable {
  /// The graph.
  package let graph: Graph
  /// The experiments, in the order of the sweep.
  package let experiments: [Experiment]
  /// For each experiment its stages by kind.
  package let stages: [[String: StageID]]
  /// The rows of the table.
  package let arms: [ArmStages]
  /// What holds all models against each other.
  package let consistency: ConsistencyStages
  /// For each experiment the trainings of the sweep that its network starts from, in their order.
  package let origins: [[StageID]]
}

/// An arm: its experiments and the stages that summarize it.
package struct ArmStages: Sendable {
  /// The name, without a seed.
  package let arm: String
  /// The values of the axes.
  package let settings: [SweepSetting]
  /// Indices of its experiments.
  package let experiments: [Int]
  /// The stage whose `summary.json` is its row.
  package let summary: StageID
  /// The stage whose `summary.json` is the row of its shortcut baseline; `nil` without pictures.
  package let shortcut: StageID?
  /// The arm that it is compared with, and the stage whose `comparison.json` says how it differs.
  package internal(set) var comparison: (baseline: String, stage: StageID)?
  /// The arm that it would be compared with, were it judged on the same cases.
  package internal(set) var incomparable: String?
}
