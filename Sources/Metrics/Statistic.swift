/// What is measured of the cases of a finding; raw values are the names in tables and JSON.
public enum Statistic: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  /// See ``OperatingPoints/auroc``.
  case auroc
  /// See ``OperatingPoints/averagePrecision``.
  case averagePrecision = "average_precision"
  /// See ``Confusion/accuracy``.
  case accuracy
  /// The accuracy on negatives, which is the specificity.
  case accuracyNegative = "accuracy_negative"
  /// The accuracy on positives, which is the sensitivity.
  case accuracyPositive = "accuracy_positive"
  /// See ``Confusion/balancedAccuracy``.
  case balancedAccuracy = "balanced_accuracy"
  /// See ``Confusion/sensitivity``.
  case sensitivity
  /// See ``Confusion/specificity``.
  case specificity
  /// See ``Confusion/falsePositiveRate``.
  case falsePositiveRate = "fpr"
  /// See ``Confusion/positivePredictiveValue``.
  case positivePredictiveValue = "ppv"
  /// See ``Confusion/negativePredictiveValue``.
  case negativePredictiveValue = "npv"
  /// See ``Confusion/f1``.
  case f1
  /// See ``Confusion/predictedPositiveRate``.
  case predictedPositiveRate = "ppr"
  /// See ``Confusion/prevalence``.
  case prevalence

  /// Whether it is read at a decision threshold.
  public var needsThreshold: Bool {
    switch self {
    case .auroc, .averagePrecision, .prevalence: false
    default: true
    }
  }

  /// Whether it says little of a group with few positives.
  var needsPositives: Bool {
    switch self {
    case .auroc, .averagePrecision, .accuracyPositive, .balancedAccuracy, .sensitivity, .f1: true
    default: false
    }
  }

  /// Whether it says little of a group with few negatives.
  var needsNegatives: Bool {
    switch self {
    case .auroc, .averagePrecision, .accuracyNegative, .balancedAccuracy, .specificity,
      .falsePositiveRate:
      true
    default: false
    }
  }

  /// The statistic of a tally.
  func measure(of tally: Tally) -> Measure {
    let confusion = tally.confusion
    return switch self {
    case .auroc:
      areaUnderROC(
        pairs: tally.pairs, positives: tally.positives, negatives: tally.negatives)
    case .averagePrecision: .ratio(tally.precision, tally.positives, or: "0 positives")
    case .accuracy: confusion.accuracy
    case .accuracyNegative, .specificity: confusion.specificity
    case .accuracyPositive, .sensitivity: confusion.sensitivity
    case .balancedAccuracy: confusion.balancedAccuracy
    case .falsePositiveRate: confusion.falsePositiveRate
    case .positivePredictiveValue: confusion.positivePredictiveValue
    case .negativePredictiveValue: confusion.negativePredictiveValue
    case .f1: confusion.f1
    case .predictedPositiveRate: confusion.predictedPositiveRate
    case .prevalence: confusion.prevalence
    }
  }
}
