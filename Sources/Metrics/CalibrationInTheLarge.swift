import Basics

/// The share of positives minus the mean probability, Σ w (y − s) / Σ w.
///
/// In [−1, 1], 0 where as many are predicted as there are, above 0 where the probabilities are too low.
/// Undefined without cases. The intercept of ``CalibrationFit`` says the same on the scale of logits.
///
/// - Throws: as ``brierScore(probabilities:truth:weights:)``.
public func calibrationInTheLarge(
  probabilities: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  try checkProbabilities(probabilities)
  var (sum, total) = (0.0, 0.0)
  for index in probabilities.indices {
    let weight = weights?[index] ?? 1
    sum += weight * ((truth[index] ? 1 : 0) - probabilities[index])
    total += weight
  }
  return .ratio(sum, total, or: "0 cases")
}
