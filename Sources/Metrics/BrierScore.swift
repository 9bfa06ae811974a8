import Basics

/// The mean squared error of probabilities, Σ w (s − y)² / Σ w (Brier 1950).
///
/// In [0, 1] for probabilities; lower is better. Undefined without cases.
///
/// - Throws: as ``OperatingPoints``, and for probabilities outside [0, 1].
public func brierScore(
  probabilities: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  try checkProbabilities(probabilities)
  var (sum, total) = (0.0, 0.0)
  for index in probabilities.indices {
    let weight = weights?[index] ?? 1
    let error = probabilities[index] - (truth[index] ? 1 : 0)
    sum += weight * error * error
    total += weight
  }
  return .ratio(sum, total, or: "0 cases")
}
