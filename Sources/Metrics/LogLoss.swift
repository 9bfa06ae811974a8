import Basics
import Foundation

/// The mean negative log-likelihood of probabilities, −Σ w [y ln s + (1 − y) ln(1 − s)] / Σ w.
///
/// At least 0; lower is better. Probabilities are clipped to [ε, 1 − ε] with ε = 2⁻⁵², as
/// scikit-learn does, so that a certain mistake costs 36 and not infinity. Undefined without cases.
///
/// - Throws: as ``OperatingPoints``, and for probabilities outside [0, 1].
public func logLoss(
  probabilities: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  try checkProbabilities(probabilities)
  var (sum, total) = (0.0, 0.0)
  for index in probabilities.indices {
    let weight = weights?[index] ?? 1
    sum += weight * negativeLogLikelihood(probabilities[index], truth[index])
    total += weight
  }
  return .ratio(sum, total, or: "0 cases")
}

/// −ln of the probability that was given to the truth, clipped.
func negativeLogLikelihood(_ probability: Double, _ truth: Bool) -> Double {
  let least = Double.ulpOfOne
  let clipped = min(max(probability, least), 1 - least)
  return -log(truth ? clipped : 1 - clipped)
}
