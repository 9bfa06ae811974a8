import Experiments
import Metrics

/// How an arm differs from another, metric by metric.
package struct ArmDifferences: Sendable {
  private let table: ComparisonTable?
  private let paired: [String: DifferenceSummary]

  /// What a `comparison` stage found.
  init(_ table: ComparisonTable) {
    self.table = table
    paired = [:]
  }

  /// What the replicates of both say; without p-values.
  init(_ arm: ArmEstimates, _ baseline: ArmEstimates) {
    table = nil
    var found: [String: DifferenceSummary] = [:]
    for (name, estimate) in arm.test.entries {
      guard let better = MetricName.higherIsBetter(name), let other = baseline.test[name] else {
        continue
      }
      found[name] = DifferenceSummary(
        pairedDifference([estimate], [other], higherIsBetter: better))
    }
    paired = found
  }

  /// The difference in the metric called `name`.
  package subscript(name: String) -> DifferenceSummary? { table.map { $0[name] } ?? paired[name] }

  /// The names, sorted.
  package var names: [String] { table?.names ?? paired.keys.sorted() }
}
