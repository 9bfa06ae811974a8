import Basics

/// The expected calibration error Σ_b (n_b / n) |mean truth − mean probability| over bins (Guo et al.
/// 2017).
///
/// In [0, 1]; lower is better. Noise makes it larger, the more the fewer cases a bin has, so it never
/// comes out at 0 and is not comparable between groups of different size. Undefined without cases.
///
/// - Throws: as ``OperatingPoints``, for probabilities outside [0, 1] and for an impossible number of
///   bins.
public func expectedCalibrationError(
  probabilities: [Double], truth: [Bool], bins: ProbabilityBins = .equalWidth(15),
  weights: [Double]? = nil
) throws(Diagnostic) -> Measure {
  let curve = try reliabilityCurve(
    probabilities: probabilities, truth: truth, bins: bins, weights: weights)
  let total = curve.reduce(0) { $0 + $1.weight }
  return .ratio(
    curve.reduce(0) { $0 + $1.weight * abs($1.meanTruth - $1.meanProbability) }, total,
    or: "0 cases")
}
