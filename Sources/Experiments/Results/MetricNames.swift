import Metrics

extension Gap {
  /// The name of the gap between the groups of `attribute` in results and tables:
  /// `equalized_odds_difference.sex`, `worst_group.sex.auroc`.
  package func metricName(_ attribute: String) -> String {
    let worst = "worst_group_"
    guard rawValue.hasPrefix(worst) else { return "\(rawValue).\(attribute)" }
    return "worst_group.\(attribute).\(rawValue.dropFirst(worst.count))"
  }
}
