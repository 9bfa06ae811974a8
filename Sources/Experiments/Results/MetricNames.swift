import Metrics

/// What a name of a metric says.
package enum MetricName {
  /// Whether more is better; `nil` where neither is (`test.ppr`), and for single groups.
  package static func higherIsBetter(_ name: String) -> Bool? {
    if name.contains(".group.") || name.contains(".minus_rest.") { return nil }
    if name.contains(".worst_group.") || name.contains(".best_group.") { return true }
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
