import Metrics

/// `metrics.json`: how an experiment does on valid and test.
package struct MetricsDocument: Codable, Sendable {
  /// The unit of the main figures: `image`, `study` or `patient`. The other's stand under
  /// `test.per_patient.…` or `test.per_image.…`.
  package var per: String
  /// Pictures with a truth, and their patients, of each subset.
  package var subsets: [String: SubsetCounts]
  /// How the intervals are made.
  package var bootstrap: BootstrapRecord
  /// For each finding the threshold of each unit, where one was found.
  package var thresholds: [ThresholdRecord]
  /// The sampling error of each finding's AUROC without resampling.
  package var delong: [DeLongRecord]
  /// The estimates by name. With several findings `test.auroc` is the mean over those for which
  /// it is defined, and `test.Edema.auroc` that of one.
  package var metrics: [String: EstimateRecord]

  /// A document.
  package init(
    per: String, subsets: [String: SubsetCounts], bootstrap: BootstrapRecord,
    thresholds: [ThresholdRecord], delong: [DeLongRecord], metrics: [String: EstimateRecord]
  ) {
    self.per = per
    self.subsets = subsets
    self.bootstrap = bootstrap
    self.thresholds = thresholds
    self.delong = delong
    self.metrics = metrics
  }
}

/// How the intervals of a document are made.
package struct BootstrapRecord: Codable, Hashable, Sendable {
  package var replicates: Int
  package var seed: Int
  /// `percentile` or `bca`.
  package var interval: String
  /// Within what patients are drawn; absent where they are all drawn together.
  package var strata: [String]?

  /// A record.
  package init(replicates: Int, seed: Int, interval: String, strata: [String]?) {
    (self.replicates, self.seed) = (replicates, seed)
    (self.interval, self.strata) = (interval, strata)
  }

  /// Whether the same cases would be drawn alike.
  func drawsAlike(_ other: BootstrapRecord) -> Bool {
    replicates == other.replicates && seed == other.seed && strata == other.strata
  }
}

/// The sampling error of an AUROC, without resampling.
package struct DeLongRecord: Codable, Sendable {
  package var subset: String
  package var per: String
  package var finding: String
  /// `delong` where a case is a patient, else `obuchowski`, for cases clustered in patients.
  package var form: String
  package var standardError: Double?
  package var low: Double?
  package var high: Double?
  /// Why there is no error.
  package var undefined: String?

  enum CodingKeys: String, CodingKey {
    case subset, per, finding, form, low, high, undefined
    case standardError = "standard_error"
  }

  /// The record of `delong`, of a single system.
  package init(_ delong: DeLong, subset: String, per: String, finding: String, form: String) {
    (self.subset, self.per, self.finding, self.form) = (subset, per, finding, form)
    let (error, estimate) = (delong.standardError(of: 0), delong.estimate(of: 0))
    standardError = error.value
    (low, high) = (estimate.low, estimate.high)
    undefined = error.reason
  }
}

/// How large a subset is.
package struct SubsetCounts: Codable, Hashable, Sendable {
  package var images: Int
  package var patients: Int
  /// A digest of which pictures of which patients these are, and of their truth: what is judged on
  /// other cases has another.
  package var cases: String

  /// Counts of the cases with a digest.
  package init(images: Int, patients: Int, cases: String) {
    self.images = images
    self.patients = patients
    self.cases = cases
  }
}

/// A threshold: ŷ = [score ≥ threshold].
package struct ThresholdRecord: Codable, Sendable {
  package var finding: String
  /// `image` or `patient`.
  package var per: String
  package var rule: String
  /// The subset it was fitted on.
  package var on: String
  /// Absent where no value meets the rule.
  package var threshold: Double?
  package var undefined: String?

  /// A record.
  package init(
    finding: String, per: String, rule: String, on: String, threshold: Double?, undefined: String?
  ) {
    self.finding = finding
    self.per = per
    self.rule = rule
    self.on = on
    self.threshold = threshold
    self.undefined = undefined
  }

  /// Why nothing can be predicted positive; `nil` where there is a threshold.
  package var objection: String? {
    undefined.map { "no threshold\(on.isEmpty ? "" : " on \(on)"): \($0)" }
  }
}
