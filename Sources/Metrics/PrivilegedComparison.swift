/// Every group beside one that is named as privileged, by AIF360's formulas; u is the group, p the
/// privileged one.
///
/// Differences are in [−1, 1] and 0 where alike; below 0 the group gets fewer positive predictions.
public struct PrivilegedComparison: Sendable, Codable {
  /// The group.
  public var group: String
  /// PPR_u − PPR_p.
  public var statisticalParityDifference: Estimate
  /// TPR_u − TPR_p.
  public var equalOpportunityDifference: Estimate
  /// ½ [(FPR_u − FPR_p) + (TPR_u − TPR_p)]: the two can cancel.
  public var averageOddsDifference: Estimate
  /// ½ [|FPR_u − FPR_p| + |TPR_u − TPR_p|].
  public var averageAbsoluteOddsDifference: Estimate
  /// PPR_u / PPR_p; undefined where PPR_p is 0.
  public var disparateImpact: Estimate

  /// The comparisons by their names in results.
  public var named: [(name: String, estimate: Estimate)] {
    [
      ("statistical_parity_difference", statisticalParityDifference),
      ("equal_opportunity_difference", equalOpportunityDifference),
      ("average_odds_difference", averageOddsDifference),
      ("average_absolute_odds_difference", averageAbsoluteOddsDifference),
      ("disparate_impact", disparateImpact),
    ]
  }

  /// Whether the disparate impact is below 80 % or above 125 % (the four-fifths rule of the EEOC,
  /// both ways as in AIF360); `nil` where it is undefined. It looks at the number alone: `disparateImpact`
  /// has the interval.
  public var breaksFourFifthsRule: Bool? {
    disparateImpact.point.value.map { $0 < 0.8 || $0 > 1.25 }
  }

  /// The name of all groups but the privileged one together.
  public static let others = "all others"

  init(_ group: String, _ u: Estimates, privileged p: Estimates, level: Double) {
    func combined(
      _ statistics: [Statistic], _ combine: ([Double]) -> Double
    ) -> Estimate {
      Estimate.combined(
        statistics.flatMap { [u[$0], p[$0]] }, level: level, or: "the rate to compare with is 0",
        combine)
    }
    self.group = group
    statisticalParityDifference = combined([.predictedPositiveRate]) { $0[0] - $0[1] }
    equalOpportunityDifference = combined([.sensitivity]) { $0[0] - $0[1] }
    averageOddsDifference = combined([.falsePositiveRate, .sensitivity]) {
      ($0[0] - $0[1] + $0[2] - $0[3]) / 2
    }
    averageAbsoluteOddsDifference = combined([.falsePositiveRate, .sensitivity]) {
      (abs($0[0] - $0[1]) + abs($0[2] - $0[3])) / 2
    }
    disparateImpact = combined([.predictedPositiveRate]) { $0[1] > 0 ? $0[0] / $0[1] : .nan }
  }
}
