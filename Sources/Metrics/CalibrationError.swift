import Basics

/// The expected calibration error Σ_b (n_b / n) |mean truth − mean probability| over bins of equal
/// width (Guo et al. 2017).
///
/// Bin `b` of `B` holds b/B ≤ s < (b + 1)/B, the last one s = 1 too. In [0, 1]; lower is better, and
/// the number depends on `B`, which belongs in its name (`ece_15`). Undefined without cases.
///
/// - Throws: as ``OperatingPoints``, for probabilities outside [0, 1] and for fewer than 1 bin.
public func expectedCalibrationError(
  probabilities: [Double], truth: [Bool], bins: Int = 15, weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  let outside = probabilities.count { !(0...1).contains($0) }
  guard outside == 0 else {
    throw Diagnostic("\(outside) of \(probabilities.count) probabilities are not in 0…1")
  }
  guard bins > 0 else { throw Diagnostic("a calibration error needs at least 1 bin") }
  var excess = [Double](repeating: 0, count: bins)
  var total = 0.0
  for index in probabilities.indices {
    let weight = weights?[index] ?? 1
    let bin = min(Int(probabilities[index] * Double(bins)), bins - 1)
    excess[bin] += weight * ((truth[index] ? 1 : 0) - probabilities[index])
    total += weight
  }
  return .ratio(excess.reduce(0) { $0 + abs($1) }, total, or: "0 cases")
}
