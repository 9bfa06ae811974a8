import Basics

/// The area under the ROC curve: P(s⁺ > s⁻) + ½ P(s⁺ = s⁻) for a random positive and a random
/// negative (Mann and Whitney 1947).
///
/// In [0, 1], 0.5 for scores that say nothing. Undefined without positives or without negatives.
///
/// - Throws: as ``OperatingPoints``.
public func auroc(
  scores: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try OperatingPoints(scores: scores, truth: truth, weights: weights).auroc
}

extension OperatingPoints {
  /// The area under the ROC curve by the trapezoid rule, which counts ties as ½.
  public var auroc: Measure {
    var (area, tp, fp) = (0.0, 0.0, 0.0)
    for (nextTP, nextFP) in zip(truePositives, falsePositives) {
      area += (nextFP - fp) * (nextTP + tp) / 2
      (tp, fp) = (nextTP, nextFP)
    }
    return areaUnderROC(pairs: area, positives: positives, negatives: negatives)
  }
}

/// The share of positive–negative pairs that are ranked rightly, `pairs` of them with ties at ½.
func areaUnderROC(pairs: Double, positives: Double, negatives: Double) -> Measure {
  guard positives > 0 else { return .undefined("0 positives") }
  guard negatives > 0 else { return .undefined("0 negatives") }
  return .value(pairs / (positives * negatives))
}
