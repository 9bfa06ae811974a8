import Basics
import Foundation

/// The mean negative log-likelihood of probabilities, −Σ w [y ln s + (1 − y) ln(1 − s)] / Σ w.
///
/// At least 0; lower is better. Probabilities are clipped to [ε, 1 − ε] with ε = 2⁻⁵², as
/// scikit-learn does, so that a certain mistake costs 36 and not infinity. Undefined without cases.
///
/// - Throws: as ``OperatingPoints``.
public func logLoss(
  probabilities: [Double], truth: [Bool], weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  let least = Double.ulpOfOne
  var (sum, total) = (0.0, 0.0)
  for index in probabilities.indices {
    let weight = weights?[index] ?? 1
    let probability = min(max(probabilities[index], least), 1 - least)
    sum -= weight * log(truth[index] ? probability : 1 - probability)
    total += weight
  }
  return .ratio(sum, total, or: "0 cases")
}
