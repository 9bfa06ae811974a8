import Metrics

/// What a name of a metric says.
package enum MetricName {
  /// The names that are no ``Statistic``.
  package static let calibrationSlope = "calibration_slope"
  package static let calibrationIntercept = "calibration_intercept"
  package static let calibrationInterceptAtSlopeOne = "calibration_intercept_at_slope_1"
  package static let underdiagnosis = "underdiagnosis"
  package static let overdiagnosis = "overdiagnosis"

  /// `sensitivity_at_specificity_0.9`.
  package static func sensitivity(atSpecificity rate: Double) -> String {
    "sensitivity_at_specificity_\(rate)"
  }

  /// `specificity_at_sensitivity_0.9`.
  package static func specificity(atSensitivity rate: Double) -> String {
    "specificity_at_sensitivity_\(rate)"
  }

  /// Of classes that exclude each other, judged as a whole: `multi_class.accuracy`.
  package static func multiClass(_ statistic: Statistic) -> String {
    "multi_class.\(statistic.rawValue)"
  }

  /// The share of the cases of a class that is taken for another: `multi_class.confusion.F.M`.
  package static func confusion(_ truth: String, takenFor predicted: String) -> String {
    "multi_class.confusion.\(truth).\(predicted)"
  }

  /// The forms of MEDFAIR, by name, and the gap that each is one less.
  package static let medfair: [(name: String, gap: Gap)] = [
    ("medfair_eqopp1", .equalOpportunityDifference),
    ("medfair_eqopp0", .predictiveEqualityDifference),
    ("medfair_eqodd", .equalizedOddsDifferenceMean),
  ]

  /// What stands before the attribute in names of single groups, of which no side is the better one.
  private static let ofGroups = [
    "group", "minus_rest", "minus_median", "beside_privileged", "xauc", "xauc_gap",
  ]

  /// Whether more is better; `nil` where neither is (`test.ppr`), and for single groups.
  package static func higherIsBetter(_ name: String) -> Bool? {
    if ofGroups.contains(where: { name.contains(".\($0).") }) { return nil }
    if name.contains(".worst_group.") || name.contains(".best_group.") { return true }
    if [".sensitivity_at_", ".specificity_at_", ".medfair_"].contains(where: name.contains) {
      return true
    }
    let parts = name.split(separator: ".")
    if let gap = parts.lazy.compactMap({ Gap(rawValue: String($0)) }).first {
      return gap.higherIsBetter
    }
    return parts.last.flatMap { Statistic(rawValue: String($0)) }?.higherIsBetter
  }
}

extension Gap {
  /// The name of the gap between the groups of `attribute` in results and tables:
  /// `equalized_odds_difference.sex`, `worst_group.sex.auroc`.
  package func metricName(_ attribute: String) -> String {
    for extreme in ["worst_group", "best_group"] where rawValue.hasPrefix("\(extreme)_") {
      return "\(extreme).\(attribute).\(rawValue.dropFirst(extreme.count + 1))"
    }
    return "\(rawValue).\(attribute)"
  }
}
