extension Confusion {
  /// The Matthews correlation coefficient, the correlation of truth and prediction (Matthews 1975):
  /// (TP · TN − FP · FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)).
  ///
  /// In [−1, 1], 0 for predictions that say nothing. Undefined where truth or prediction has one class
  /// only; scikit-learn says 0 there.
  public var matthewsCorrelation: Measure {
    let (predicted, unpredicted) = (
      truePositives + falsePositives, trueNegatives + falseNegatives
    )
    guard positives > 0 else { return .undefined("0 positives") }
    guard negatives > 0 else { return .undefined("0 negatives") }
    guard predicted > 0 else { return .undefined("0 predicted positive") }
    guard unpredicted > 0 else { return .undefined("0 predicted negative") }
    // Rates and not products of four counts, which large weights would overflow.
    let product = truePositives * trueNegatives - falsePositives * falseNegatives
    let scale = (positives * negatives).squareRoot() * (predicted * unpredicted).squareRoot()
    return .ratio(product, scale, or: "0 cases")
  }
}
