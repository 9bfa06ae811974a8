/// One number for how much groups differ; raw values are the names in tables and JSON.
///
/// Each is computed from the rates of the groups that are large enough, and undefined with fewer than
/// two of them. Differences are at least 0, and 0 where groups are alike; ratios in [0, 1], 1 where alike.
public enum Gap: String, CaseIterable, Sendable, Codable {
  /// max − min of P(ŷ = 1 | g) (Fairlearn).
  case demographicParityDifference = "demographic_parity_difference"
  /// min / max of P(ŷ = 1 | g) (Fairlearn); undefined where the maximum is 0.
  case demographicParityRatio = "demographic_parity_ratio"
  /// max − min of the sensitivity (Hardt et al. 2016).
  case equalOpportunityDifference = "equal_opportunity_difference"
  /// min / max of the sensitivity; undefined where the maximum is 0.
  case equalOpportunityRatio = "equal_opportunity_ratio"
  /// max − min of the false positive rate.
  case predictiveEqualityDifference = "predictive_equality_difference"
  /// max − min of the positive predictive value (predictive parity, Chouldechova 2017).
  case predictiveParityDifference = "predictive_parity_difference"
  /// The larger of the differences in sensitivity and false positive rate (Fairlearn, worst case).
  case equalizedOddsDifference = "equalized_odds_difference"
  /// The smaller of the ratios of sensitivity and false positive rate (Fairlearn, worst case);
  /// undefined where one of them is.
  case equalizedOddsRatio = "equalized_odds_ratio"
  /// The mean of the differences in sensitivity and false positive rate (Fairlearn's and MEDFAIR's
  /// mean form).
  case equalizedOddsDifferenceMean = "equalized_odds_difference_mean"
  /// max − min of the AUROC.
  case aurocGap = "auroc_gap"
  /// The least AUROC.
  case worstGroupAUROC = "worst_group_auroc"
  /// The greatest AUROC.
  case bestGroupAUROC = "best_group_auroc"
  /// max − min of the average precision; it rises with prevalence, so groups of unequal prevalence
  /// differ in it even where the scores serve them alike.
  case averagePrecisionGap = "average_precision_gap"
  /// The least average precision.
  case worstGroupAveragePrecision = "worst_group_average_precision"
  /// The greatest average precision.
  case bestGroupAveragePrecision = "best_group_average_precision"
  /// max − min of the accuracy.
  case accuracyGap = "accuracy_gap"
  /// The least accuracy.
  case worstGroupAccuracy = "worst_group_accuracy"
  /// The greatest accuracy.
  case bestGroupAccuracy = "best_group_accuracy"
  /// max − min of the balanced accuracy.
  case balancedAccuracyGap = "balanced_accuracy_gap"
  /// The least balanced accuracy.
  case worstGroupBalancedAccuracy = "worst_group_balanced_accuracy"
  /// The greatest balanced accuracy.
  case bestGroupBalancedAccuracy = "best_group_balanced_accuracy"
  /// max − min of the calibration error over 15 bins of equal width; noise makes it larger in small
  /// groups, so read its p-value.
  case calibrationErrorGap = "ece_15_gap"
  /// max − min of the calibration in the large.
  case calibrationInTheLargeGap = "calibration_in_the_large_gap"

  /// How the rates of the groups become one number: of several statistics, the largest difference,
  /// the smallest ratio or the mean difference counts.
  enum Form { case difference, ratio, meanDifference, least, greatest }

  private var row: (Form, [Statistic]) {
    switch self {
    case .demographicParityDifference: (.difference, [.predictedPositiveRate])
    case .demographicParityRatio: (.ratio, [.predictedPositiveRate])
    case .equalOpportunityDifference: (.difference, [.sensitivity])
    case .equalOpportunityRatio: (.ratio, [.sensitivity])
    case .predictiveEqualityDifference: (.difference, [.falsePositiveRate])
    case .predictiveParityDifference: (.difference, [.positivePredictiveValue])
    case .equalizedOddsDifference: (.difference, [.sensitivity, .falsePositiveRate])
    case .equalizedOddsRatio: (.ratio, [.sensitivity, .falsePositiveRate])
    case .equalizedOddsDifferenceMean: (.meanDifference, [.sensitivity, .falsePositiveRate])
    case .aurocGap: (.difference, [.auroc])
    case .worstGroupAUROC: (.least, [.auroc])
    case .bestGroupAUROC: (.greatest, [.auroc])
    case .averagePrecisionGap: (.difference, [.averagePrecision])
    case .worstGroupAveragePrecision: (.least, [.averagePrecision])
    case .bestGroupAveragePrecision: (.greatest, [.averagePrecision])
    case .accuracyGap: (.difference, [.accuracy])
    case .worstGroupAccuracy: (.least, [.accuracy])
    case .bestGroupAccuracy: (.greatest, [.accuracy])
    case .balancedAccuracyGap: (.difference, [.balancedAccuracy])
    case .worstGroupBalancedAccuracy: (.least, [.balancedAccuracy])
    case .bestGroupBalancedAccuracy: (.greatest, [.balancedAccuracy])
    case .calibrationErrorGap: (.difference, [.calibrationError])
    case .calibrationInTheLargeGap: (.difference, [.calibrationInTheLarge])
    }
  }

  var form: Form { row.0 }

  /// Whether it is a difference or a ratio between groups, and not the value of one of them.
  public var comparesGroups: Bool { form != .least && form != .greatest }

  /// The statistics whose values by group it is computed from.
  public var statistics: [Statistic] { row.1 }

  /// Whether a larger number is better.
  public var higherIsBetter: Bool {
    switch form {
    case .ratio, .least, .greatest: true
    case .difference, .meanDifference: false
    }
  }

  /// The gap, from the numbers of the groups for each of its `statistics`; NaN among them, or a ratio
  /// of nothing, makes it NaN.
  func number(_ rates: [[Double]]) -> Double {
    var (difference, ratio, sum) = (-Double.infinity, Double.infinity, 0.0)
    var (smallest, greatest) = (Double.infinity, -Double.infinity)
    for rates in rates {
      let low = rates.reduce(.infinity, least)
      let high = rates.reduce(-.infinity, most)
      difference = most(difference, high - low)
      ratio = least(ratio, high > 0 ? low / high : .nan)
      sum += high - low
      smallest = least(smallest, low)
      greatest = most(greatest, high)
    }
    return switch form {
    case .difference: difference
    case .ratio: ratio
    case .meanDifference: sum / Double(rates.count)
    case .least: smallest
    case .greatest: greatest
    }
  }
}

/// The smaller number, NaN where one is NaN.
private func least(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : min(a, b) }

/// The larger number, NaN where one is NaN.
private func most(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }
