/// `metrics.json`: how an experiment does on valid and test.
package struct MetricsDocument: Codable, Sendable {
  /// The unit of the main figures: `image`, `study` or `patient`. The other's stand under
  /// `test.per_patient.…` or `test.per_image.…`.
  package var per: String
  /// Pictures with a truth, and their patients, of each subset.
  package var subsets: [String: SubsetCounts]
  /// For each finding the threshold of each unit, where one was found.
  package var thresholds: [ThresholdRecord]
  /// The estimates by name. With several findings `test.auroc` is the mean over those for which
  /// it is defined, and `test.Edema.auroc` that of one.
  package var metrics: [String: EstimateRecord]

  /// A document.
  package init(
    per: String, subsets: [String: SubsetCounts], thresholds: [ThresholdRecord],
    metrics: [String: EstimateRecord]
  ) {
    self.per = per
    self.subsets = subsets
    self.thresholds = thresholds
    self.metrics = metrics
  }
}

/// How large a subset is.
package struct SubsetCounts: Codable, Hashable, Sendable {
  package var images: Int
  package var patients: Int

  /// Counts.
  package init(images: Int, patients: Int) {
    self.images = images
    self.patients = patients
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
}

/// `fairness.json`: whom an experiment serves how well.
package struct FairnessDocument: Codable, Sendable {
  /// The unit; a unit is counted in each group that one of its pictures is in.
  package var per: String
  /// Each group of each attribute, for valid and test and each finding.
  package var groups: [GroupRecord]
  /// The extremes of each gap.
  package var gaps: [GapRecord]
  /// Group metrics and gaps by name: `test.group.sex.F.auroc`, `test.worst_group.sex.auroc`,
  /// `test.equalized_odds_difference.sex`; and how far each group is from all others together, with
  /// intervals that hold for all groups at once: `test.minus_rest.sex.F.auroc`.
  package var metrics: [String: EstimateRecord]

  /// A document.
  package init(
    per: String, groups: [GroupRecord], gaps: [GapRecord], metrics: [String: EstimateRecord]
  ) {
    self.per = per
    self.groups = groups
    self.gaps = gaps
    self.metrics = metrics
  }
}

/// How large a group is.
package struct GroupRecord: Codable, Sendable {
  package var subset: String
  package var finding: String
  package var attribute: String
  package var group: String
  package var cases: Int
  package var patients: Int
  package var positives: Int
  package var negatives: Int

  /// A record.
  package init(
    subset: String, finding: String, attribute: String, group: String, cases: Int, patients: Int,
    positives: Int, negatives: Int
  ) {
    self.subset = subset
    self.finding = finding
    self.attribute = attribute
    self.group = group
    self.cases = cases
    self.patients = patients
    self.positives = positives
    self.negatives = negatives
  }
}

/// Which groups a gap lies between, and how often chance alone makes one as wide.
package struct GapRecord: Codable, Sendable {
  package var subset: String
  package var finding: String
  package var attribute: String
  package var gap: String
  package var lowest: String?
  package var highest: String?
  /// Of the permutation test, the attribute permuted over patients.
  package var pValue: Double?

  enum CodingKeys: String, CodingKey {
    case subset, finding, attribute, gap, lowest, highest
    case pValue = "p_value"
  }

  /// A record.
  package init(
    subset: String, finding: String, attribute: String, gap: String, lowest: String?,
    highest: String?, pValue: Double?
  ) {
    self.subset = subset
    self.finding = finding
    self.attribute = attribute
    self.gap = gap
    self.lowest = lowest
    self.highest = highest
    self.pValue = pValue
  }
}
