import Basics

extension ThresholdRule {
  /// The threshold `t` of ŷ = [s ≥ t] that the rule chooses for `scores` and `truth`.
  ///
  /// Candidates are the distinct scores, so something is always predicted positive. Of several that
  /// serve the rule equally well the highest is taken. Undefined where a class that the rule counts
  /// has no case, and where no candidate meets the rule; a fixed threshold is always defined.
  ///
  /// - Throws: as ``OperatingPoints``.
  public func threshold(
    scores: [Double], truth: [Bool], weights: [Double]? = nil
  ) throws(Diagnostic) -> Measure {
    threshold(of: try OperatingPoints(scores: scores, truth: truth, weights: weights))
  }

  /// The threshold that the rule chooses among `points`.
  public func threshold(of points: OperatingPoints) -> Measure {
    if case .fixed(let threshold) = self {
      return Measure(threshold, otherwise: "the threshold is not a number")
    }
    guard points.positives > 0 else { return .undefined("0 positives") }
    let (positives, negatives) = (points.positives, points.negatives)
    let needsNegatives =
      switch self {
      case .fixed, .f1, .prevalence, .sensitivity: false
      case .youden, .falsePositiveRate, .specificity: true
      }
    guard !needsNegatives || negatives > 0 else { return .undefined("0 negatives") }

    // Written so that equal merits are equal numbers: whole counts, and one division at most.
    func merit(_ tp: Double, _ fp: Double) -> Double? {
      switch self {
      case .fixed: nil
      case .youden: tp * negatives - fp * positives
      case .f1: 2 * tp / (tp + fp + positives)
      case .falsePositiveRate(let most): fp / negatives <= most ? tp : nil
      case .sensitivity(let least): tp / positives >= least ? -fp : nil
      case .specificity(let least): (negatives - fp) / negatives >= least ? tp : nil
      case .prevalence: -abs(tp + fp - positives)
      }
    }

    var best: (threshold: Double, merit: Double)?
    for (index, threshold) in points.thresholds.enumerated() {
      guard let merit = merit(points.truePositives[index], points.falsePositives[index]),
        best.map({ merit > $0.merit }) ?? true
      else { continue }
      best = (threshold, merit)
    }
    return best.map { .value($0.threshold) } ?? .undefined("no threshold meets `\(self)`")
  }
}
