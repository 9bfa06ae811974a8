import Basics

/// The average precision Σᵢ (Rᵢ − Rᵢ₋₁) Pᵢ over the distinct scores, R recall and P precision.
///
/// The step form of the area under the precision–recall curve, as scikit-learn defines it; the
/// trapezoid form is another number. In (0, 1]; scores that say nothing reach the prevalence.
/// Undefined without positives.
///
/// - Throws: as ``OperatingPoints``.
public func averagePrecision(
  scores: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try OperatingPoints(scores: scores, truth: truth, weights: weights).averagePrecision
}

extension OperatingPoints {
  /// The average precision.
  public var averagePrecision: Measure {
    var (sum, before) = (0.0, 0.0)
    for (tp, fp) in zip(truePositives, falsePositives) where tp > before {
      sum += (tp - before) * (tp / (tp + fp))
      before = tp
    }
    return .ratio(sum, positives, or: "0 positives")
  }
}
