/// Fairness as MEDFAIR prints it (Zong, Yang and Hospedales 2023): 1 is best.
public enum MEDFAIR {
  /// 1 − |gap|: of the sensitivity `EqOpp1`, of the false positive rate `EqOpp0`, of any difference.
  public static func parity(_ gap: Estimate, level: Double = 0.95) -> Estimate {
    Estimate.combined([gap], level: level, or: "not a number") { 1 - abs($0[0]) }
  }

  /// `EqOdd`: 1 − (ΔFPR + ΔTPR) / 2, which is 1 − `equalized_odds_difference_mean`.
  public static func equalizedOdds(_ grouped: Grouped, level: Double = 0.95) -> Estimate {
    grouped[.equalizedOddsDifferenceMean].map { parity($0.estimate, level: level) }
      ?? .notMeasured
  }

  /// How far each of `arms` is from the arm that nobody is: the Euclidean distance to the best value
  /// of each metric over the arms (distance to the optimum, Han et al. 2022).
  ///
  /// 0 for an arm that is best in everything. It depends on which arms there are. Undefined for an arm
  /// that lacks a metric.
  ///
  /// - Parameters:
  ///   - arms: the metrics of each arm, in one order.
  ///   - higherIsBetter: the better side of each metric.
  public static func distanceToUtopia(
    arms: [[Measure]], higherIsBetter: [Bool]
  ) -> [Measure] {
    let best = higherIsBetter.indices.map { metric in
      let values = arms.compactMap { $0.indices.contains(metric) ? $0[metric].value : nil }
      return higherIsBetter[metric] ? values.max() : values.min()
    }
    return arms.map { metrics in
      guard metrics.count == best.count else {
        return .undefined("\(metrics.count) of \(best.count) metrics")
      }
      var sum = 0.0
      for (metric, best) in zip(metrics, best) {
        guard let value = metric.value, let best else { return metric }
        sum += (value - best) * (value - best)
      }
      return Measure(sum.squareRoot(), otherwise: "the result is not a number")
    }
  }
}
