extension OperatingPoints {
  /// The area under the precision–recall curve by the trapezoid rule,
  /// Σᵢ (Rᵢ − Rᵢ₋₁)(Pᵢ + Pᵢ₋₁) / 2 over the distinct scores from (R, P) = (0, 1).
  ///
  /// scikit-learn's `auc(recall, precision)`. It draws straight lines where the curve has none, which is
  /// optimistic (Davis and Goadrich 2006): ``averagePrecision`` is another number, and the better one.
  /// In (0, 1]; undefined without positives.
  public var trapezoidAUPRC: Measure {
    var (area, before, precisionBefore) = (0.0, 0.0, 1.0)
    for (tp, fp) in zip(truePositives, falsePositives) where tp + fp > 0 {
      let precision = tp / (tp + fp)
      area += (tp - before) * (precision + precisionBefore) / 2
      (before, precisionBefore) = (tp, precision)
    }
    return .ratio(area, positives, or: "0 positives")
  }
}
