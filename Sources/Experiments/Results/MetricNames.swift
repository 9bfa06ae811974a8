import Metrics

/// What a name of a metric says.
package enum MetricName {
  /// Whether more is better; `nil` where neither is (`test.ppr`), and for single groups.
  package static func higherIsBetter(_ name: String) -> Bool? {
    if name.contains(".group.") || name.contains(".minus_rest.") { return nil }
    if name.contains(".worst_group.") { return true }
    let parts = name.split(separator: ".")
    if let gap = parts.lazy.compactMap({ Gap(rawValue: String($0)) }).first {
      return gap.higherIsBetter
    }
    guard let statistic = parts.last.flatMap({ Statistic(rawValue: String($0)) }) else {
      return nil
    }
    switch statistic {
    case .falsePositiveRate: return false
    case .predictedPositiveRate, .prevalence: return nil
    default: return true
    }
  }
}

extension Gap {
  /// The name of the gap between the groups of `attribute` in results and tables:
  /// `equalized_odds_difference.sex`, `worst_group.sex.auroc`.
  package func metricName(_ attribute: String) -> String {
    let worst = "worst_group_"
    guard rawValue.hasPrefix(worst) else { return "\(rawValue).\(attribute)" }
    return "worst_group.\(attribute).\(rawValue.dropFirst(worst.count))"
  }
}
