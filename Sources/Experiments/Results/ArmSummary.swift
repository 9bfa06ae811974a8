import Metrics

/// `summary.json`: an arm over its seeds, one row of the table, but for its metrics (``MetricTable``).
package struct ArmSummary: Codable, Sendable {
  /// How many seeds.
  package var seeds: Int
  /// The unit of the main figures.
  package var per: String
  /// Pictures with a truth, and their patients, of each subset.
  package var subsets: [String: SubsetCounts]
  /// How the patients of the intervals are drawn.
  package var bootstrap: BootstrapRecord
  /// Whether a threshold was fitted on test.
  package var thresholdOnTest: Bool
  /// The group with the lowest AUROC on test by attribute, where all seeds and findings agree.
  package var worstGroups: [String: String]
  /// The arm minus the shortcut baseline in AUROC on test, paired over patients; absent where there is
  /// no baseline, since there are no pictures.
  package var shortcut: DifferenceSummary?

  enum CodingKeys: String, CodingKey {
    case seeds, per, subsets, bootstrap, shortcut
    case thresholdOnTest = "threshold_on_test"
    case worstGroups = "worst_groups"
  }

  /// A summary.
  package init(
    seeds: Int, per: String, subsets: [String: SubsetCounts], bootstrap: BootstrapRecord,
    thresholdOnTest: Bool, worstGroups: [String: String], shortcut: DifferenceSummary?
  ) {
    self.seeds = seeds
    self.per = per
    self.subsets = subsets
    self.bootstrap = bootstrap
    self.thresholdOnTest = thresholdOnTest
    self.worstGroups = worstGroups
    self.shortcut = shortcut
  }
}

/// A metric over seeds: mean, standard deviation and range over seeds, and the interval of the mean:
/// over seeds and patients, of a single seed over patients.
package struct MetricSummary: Codable, Sendable {
  package var mean: Double?
  package var sd: Double?
  package var min: Double?
  package var max: Double?
  package var low: Double?
  package var high: Double?
  /// Over how many seeds.
  package var n: Int
  /// Why there is no number, for how many seeds there is none, or which findings a mean is not over.
  package var undefined: String?
  /// Why there is no interval though there are replicates.
  package var withheld: String?

  /// The numbers of a metric, as `keys` names them.
  package var numbers: [Double?] { [mean, sd, min, max, low, high] }

  /// The names of `numbers`, in files and tables.
  package static let keys = ["mean", "sd", "min", "max", "low", "high"]

  /// A metric.
  ///
  /// - Parameter numbers: as many as there are `keys`.
  init(numbers: [Double?], n: Int, undefined: String?, withheld: String?) {
    (mean, sd, min, max, low, high) = (
      numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]
    )
    (self.n, self.undefined, self.withheld) = (n, undefined, withheld)
  }

  /// The record of `mean`, the mean over seeds that spread by `spread`.
  ///
  /// - Parameter without: the findings that it is not over, and why.
  package init(_ mean: Estimate, _ spread: SeedSpread, without: [String: String]? = nil) {
    withheld = mean.withheld
    self.mean = mean.point.value
    (sd, min, max) = (spread.sd, spread.min, spread.max)
    (low, high, n) = (mean.low, mean.high, spread.n)
    if let reason = mean.point.reason {
      undefined = reason
    } else if spread.undefined > 0 {
      undefined = "undefined for \(spread.undefined) of \(spread.n + spread.undefined) seeds"
    } else if let without, !without.isEmpty {
      undefined = without.sorted { $0.key < $1.key }.map { "not over \($0.key): \($0.value)" }
        .joined(separator: "; ")
    }
  }

  /// The mean over seeds as an estimate.
  package func estimate(replicates: [Double]) -> Estimate {
    Estimate(
      point: mean.map { .value($0) } ?? .undefined(undefined ?? "not measured"),
      replicates: replicates)
  }
}

/// A paired difference and what it decides.
package struct DifferenceSummary: Codable, Sendable {
  package var difference: Double?
  package var low: Double?
  package var high: Double?
  /// Of a paired permutation test; absent for metrics that are not tested.
  package var pValue: Double?
  /// `better`, `worse` or `not distinguishable`: what the interval decides.
  package var verdict: String

  enum CodingKeys: String, CodingKey {
    case difference, low, high, verdict
    case pValue = "p_value"
  }

  /// A difference.
  package init(
    difference: Double?, low: Double?, high: Double?, pValue: Double? = nil, verdict: String
  ) {
    (self.difference, self.low, self.high, self.verdict) = (difference, low, high, verdict)
    self.pValue = pValue
  }

  /// The record of `difference`.
  package init(_ difference: Difference) {
    self.difference = difference.point.value
    low = difference.low
    high = difference.high
    verdict = difference.verdict.rawValue
  }
}
