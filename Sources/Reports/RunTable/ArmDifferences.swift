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

  /// What the replicates of both say.
  ///
  /// - Parameter isTested: whether they give p-values, too.
  init(_ arm: ArmEstimates, _ baseline: ArmEstimates, isTested: Bool = false) {
    table = nil
    var found: [String: DifferenceSummary] = [:]
    for (name, estimate) in arm.test.entries {
      guard let better = MetricName.higherIsBetter(name), let other = baseline.test[name] else {
        continue
      }
      var difference = DifferenceSummary(
        pairedDifference(estimate, other, higherIsBetter: better))
      if isTested, difference.low != nil {
        difference.pValue = Self.pValue(estimate.replicates, other.replicates)
      }
      found[name] = difference
    }
    paired = found
  }

  /// The difference in the metric called `name`.
  package subscript(name: String) -> DifferenceSummary? { table.map { $0[name] } ?? paired[name] }

  /// All of them by name.
  var all: [String: DifferenceSummary] { table?.all ?? paired }

  /// Twice the share of paired replicates on the rarer side of zero, which is the level at which the
  /// percentile interval just reaches zero; at least 2 / (replicates + 1).
  ///
  /// Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 15.4; the observed difference
  /// counts as a replicate on both sides, so that no p-value is 0.
  static func pValue(_ a: [Double], _ b: [Double]) -> Double? {
    let differences = zip(a, b).map { $0 - $1 }.filter { !$0.isNaN }
    guard !differences.isEmpty else { return nil }
    let (below, above) = (differences.count { $0 <= 0 }, differences.count { $0 >= 0 })
    return min(1, 2 * Double(1 + min(below, above)) / Double(1 + differences.count))
  }
}

/// A difference with its p-value as it is and adjusted, and what interval and p-value decide together.
struct JudgedDifference: Sendable {
  let found: DifferenceSummary
  /// The p-value, adjusted over the arms that are held against the same baseline.
  let adjusted: Double?

  var verdict: String {
    if let adjusted, adjusted > 0.05 { return Difference.Verdict.notDistinguishable.rawValue }
    return found.verdict
  }

  /// The p-values of a family by the places of its rows, adjusted.
  static func adjusted(
    _ name: String, _ tests: [(place: Int, pValue: Double)], _ adjustment: TestFamily.Adjustment
  ) -> [Int: Double] {
    let family = TestFamily(name, tests.map { ("\($0.place)", .value($0.pValue)) })
    let values = zip(tests, family.adjusted(adjustment)).compactMap { test, adjusted in
      adjusted.value.map { (test.place, $0) }
    }
    return Dictionary(values) { first, _ in first }
  }
}
