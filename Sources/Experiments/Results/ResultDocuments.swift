/// `metrics.json`: how an experiment does on valid and test.
public struct MetricsDocument: Codable, Sendable {
  /// The unit of the main figures: `image` or `patient`. The other's stand under
  /// `test.per_patient.…` or `test.per_image.…`.
  public var per: String
  /// Pictures and patients of each subset.
  public var subsets: [String: SubsetCounts]
  /// For each finding the threshold of each unit, where one was found.
  public var thresholds: [ThresholdRecord]
  /// The estimates by name. With several findings `test.auroc` is the mean over those for which
  /// it is defined, and `test.Edema.auroc` that of one.
  public var metrics: [String: EstimateRecord]

  /// A document.
  public init(
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
public struct SubsetCounts: Codable, Sendable {
  public var images: Int
  public var patients: Int

  /// Counts.
  public init(images: Int, patients: Int) {
    self.images = images
    self.patients = patients
  }
}

/// A threshold: ŷ = [score ≥ threshold].
public struct ThresholdRecord: Codable, Sendable {
  public var finding: String
  /// `image` or `patient`.
  public var per: String
  public var rule: String
  /// The subset it was fitted on.
  public var on: String
  /// Absent where no value meets the rule.
  public var threshold: Double?
  public var undefined: String?

  /// A record.
  public init(
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
public struct FairnessDocument: Codable, Sendable {
  /// The unit; a unit is counted in each group that one of its pictures is in.
  public var per: String
  /// Each group of each attribute, for valid and test and each finding.
  public var groups: [GroupRecord]
  /// The extremes of each gap.
  public var gaps: [GapRecord]
  /// How far each group is from all others together, with simultaneous intervals.
  public var differences: [DifferenceRecord]
  /// Group metrics and gaps by name: `test.group.sex.F.auroc`, `test.worst_group.sex.auroc`,
  /// `test.equalized_odds_difference.sex`.
  public var metrics: [String: EstimateRecord]

  /// A document.
  public init(
    per: String, groups: [GroupRecord], gaps: [GapRecord], differences: [DifferenceRecord],
    metrics: [String: EstimateRecord]
  ) {
    self.per = per
    self.groups = groups
    self.gaps = gaps
    self.differences = differences
    self.metrics = metrics
  }
}

/// How large a group is.
public struct GroupRecord: Codable, Sendable {
  public var subset: String
  public var finding: String
  public var attribute: String
  public var group: String
  public var cases: Int
  public var patients: Int
  public var positives: Int
  public var negatives: Int

  /// A record.
  public init(
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
public struct GapRecord: Codable, Sendable {
  public var subset: String
  public var finding: String
  public var attribute: String
  public var gap: String
  public var lowest: String?
  public var highest: String?
  /// Of the permutation test, the attribute permuted over patients.
  public var pValue: Double?

  enum CodingKeys: String, CodingKey {
    case subset, finding, attribute, gap, lowest, highest
    case pValue = "p_value"
  }

  /// A record.
  public init(
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

/// A group minus the rest.
public struct DifferenceRecord: Codable, Sendable {
  public var subset: String
  public var finding: String
  public var attribute: String
  public var group: String
  public var metric: String
  public var difference: EstimateRecord

  /// A record.
  public init(
    subset: String, finding: String, attribute: String, group: String, metric: String,
    difference: EstimateRecord
  ) {
    self.subset = subset
    self.finding = finding
    self.attribute = attribute
    self.group = group
    self.metric = metric
    self.difference = difference
  }
}
