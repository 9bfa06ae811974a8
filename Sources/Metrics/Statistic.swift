/// What is measured of the cases of a finding; raw values are the names in tables and JSON.
public enum Statistic: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  /// See ``OperatingPoints/auroc``.
  case auroc
  /// See ``OperatingPoints/averagePrecision``.
  case averagePrecision = "average_precision"
  /// See ``OperatingPoints/trapezoidAUPRC``.
  case trapezoidAUPRC = "auprc_trapezoid"
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
  /// See ``Confusion/falseNegativeRate``.
  case falseNegativeRate = "fnr"
  /// See ``Confusion/positivePredictiveValue``.
  case positivePredictiveValue = "ppv"
  /// See ``Confusion/negativePredictiveValue``.
  case negativePredictiveValue = "npv"
  /// See ``Confusion/f1``.
  case f1
  /// See ``Confusion/matthewsCorrelation``.
  case matthewsCorrelation = "mcc"
  /// See ``Confusion/predictedPositiveRate``.
  case predictedPositiveRate = "ppr"
  /// See ``Confusion/prevalence``.
  case prevalence
  /// See ``brierScore(probabilities:truth:weights:)``.
  case brier
  /// See ``logLoss(probabilities:truth:weights:)``.
  case logLoss = "log_loss"
  /// See ``expectedCalibrationError(probabilities:truth:bins:weights:)``, 15 bins of equal width.
  case calibrationError = "ece_15"
  /// The same with 15 bins of equal mass.
  case calibrationErrorByMass = "ece_15_equal_mass"
  /// See ``calibrationInTheLarge(probabilities:truth:weights:)``.
  case calibrationInTheLarge = "calibration_in_the_large"
  /// See ``Confusion/generalizedEntropy``.
  case generalizedEntropy = "generalized_entropy"
  /// See ``Confusion/theilIndex``.
  case theilIndex = "theil_index"
  /// See ``Confusion/classGap``.
  case classGap = "class_gap"
  /// See ``Confusion/likelihoodRatio``.
  case likelihoodRatio = "likelihood_ratio"

  /// Whether it is read at a decision threshold.
  public var needsThreshold: Bool {
    switch self {
    case .auroc, .averagePrecision, .trapezoidAUPRC, .prevalence: false
    default: !needsProbabilities
    }
  }

  /// Whether its scores must be probabilities.
  public var needsProbabilities: Bool {
    switch self {
    case .brier, .logLoss, .calibrationError, .calibrationErrorByMass, .calibrationInTheLarge: true
    default: false
    }
  }

  /// Whether more is better; `nil` where neither is.
  public var higherIsBetter: Bool? {
    switch self {
    case .predictedPositiveRate, .prevalence, .calibrationInTheLarge, .classGap: nil
    case .falsePositiveRate, .falseNegativeRate, .brier, .logLoss, .calibrationError,
      .calibrationErrorByMass, .generalizedEntropy, .theilIndex:
      false
    default: true
    }
  }

  /// Whether it says little of a group with few positives.
  var needsPositives: Bool {
    switch self {
    case .auroc, .averagePrecision, .trapezoidAUPRC, .accuracyPositive, .balancedAccuracy,
      .sensitivity, .falseNegativeRate, .f1, .matthewsCorrelation, .classGap, .likelihoodRatio:
      true
    default: false
    }
  }

  /// Whether it says little of a group with few negatives.
  var needsNegatives: Bool {
    switch self {
    case .auroc, .averagePrecision, .trapezoidAUPRC, .accuracyNegative, .balancedAccuracy,
      .specificity, .falsePositiveRate, .matthewsCorrelation, .classGap, .likelihoodRatio:
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
    case .trapezoidAUPRC: .ratio(tally.trapezoids, tally.positives, or: "0 positives")
    case .accuracy: confusion.accuracy
    case .accuracyNegative, .specificity: confusion.specificity
    case .accuracyPositive, .sensitivity: confusion.sensitivity
    case .balancedAccuracy: confusion.balancedAccuracy
    case .falsePositiveRate: confusion.falsePositiveRate
    case .falseNegativeRate: confusion.falseNegativeRate
    case .positivePredictiveValue: confusion.positivePredictiveValue
    case .negativePredictiveValue: confusion.negativePredictiveValue
    case .f1: confusion.f1
    case .matthewsCorrelation: confusion.matthewsCorrelation
    case .predictedPositiveRate: confusion.predictedPositiveRate
    case .prevalence: confusion.prevalence
    case .brier: tally.mean(\.squaredError)
    case .logLoss: tally.mean(\.logLoss)
    case .calibrationError: tally.mean(\.excessByWidth)
    case .calibrationErrorByMass: tally.mean(\.excessByMass)
    case .calibrationInTheLarge: tally.mean(\.excess)
    case .generalizedEntropy: confusion.generalizedEntropy
    case .theilIndex: confusion.theilIndex
    case .classGap: confusion.classGap
    case .likelihoodRatio: confusion.likelihoodRatio
    }
  }
}
