import Metrics

/// `fairness.json`: whom an experiment serves how well.
package struct FairnessDocument: Codable, Sendable {
  /// The unit; a unit is counted in each group that one of its pictures is in.
  package var per: String
  /// Each group of each attribute, for valid and test and each finding.
  package var groups: [GroupRecord]
  /// How the intervals are made.
  package var bootstrap: BootstrapRecord
  /// The extremes of each gap.
  package var gaps: [GapRecord]
  /// Each group beside the privileged one; absent where none is named.
  package var privileged: [PrivilegedRecord]?
  /// The threshold of each group; absent where all share one.
  package var thresholds: [GroupThresholdRecord]?
  /// Group metrics and gaps by name: `test.group.sex.F.auroc`, `test.worst_group.sex.auroc`,
  /// `test.equalized_odds_difference.sex`; and how far each group is from all others together, with
  /// intervals that hold for all groups at once: `test.minus_rest.sex.F.auroc`.
  package var metrics: [String: EstimateRecord]

  /// A document.
  package init(
    per: String, bootstrap: BootstrapRecord, groups: [GroupRecord], gaps: [GapRecord],
    privileged: [PrivilegedRecord]?, thresholds: [GroupThresholdRecord]?,
    metrics: [String: EstimateRecord]
  ) {
    self.per = per
    self.bootstrap = bootstrap
    self.groups = groups
    self.gaps = gaps
    self.privileged = privileged
    self.thresholds = thresholds
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

/// Whether a group is predicted positive as often as the privileged one.
package struct PrivilegedRecord: Codable, Sendable {
  package var subset: String
  package var finding: String
  package var attribute: String
  package var group: String
  package var privileged: String
  /// Whether the disparate impact is below 80 % or above 125 %; absent where it is undefined.
  package var breaksFourFifthsRule: Bool?

  enum CodingKeys: String, CodingKey {
    case subset, finding, attribute, group, privileged
    case breaksFourFifthsRule = "breaks_four_fifths_rule"
  }

  /// A record.
  package init(
    subset: String, finding: String, attribute: String, group: String, privileged: String,
    breaksFourFifthsRule: Bool?
  ) {
    (self.subset, self.finding, self.attribute) = (subset, finding, attribute)
    (self.group, self.privileged) = (group, privileged)
    self.breaksFourFifthsRule = breaksFourFifthsRule
  }
}

/// The threshold of one group.
package struct GroupThresholdRecord: Codable, Sendable {
  package var finding: String
  package var attribute: String
  package var group: String
  package var rule: String
  /// The subset it was fitted on.
  package var on: String
  /// Absent where none was found.
  package var threshold: Double?
  package var undefined: String?

  /// A record.
  package init(
    finding: String, attribute: String, group: String, rule: String, on: String,
    threshold: Measure
  ) {
    (self.finding, self.attribute, self.group) = (finding, attribute, group)
    (self.rule, self.on) = (rule, on)
    self.threshold = threshold.value
    undefined = threshold.reason
  }

  /// The threshold, or why there is none.
  package var measure: Measure {
    threshold.map { .value($0) } ?? .undefined(undefined ?? "none was found")
  }
}
