import Basics

/// A bin of a reliability curve (Murphy and Winkler 1977).
public struct ReliabilityPoint: Hashable, Sendable, Codable {
  /// The bin, from 0.
  public var bin: Int
  /// The mean probability of its cases.
  public var meanProbability: Double
  /// The share of positives among its cases.
  public var meanTruth: Double
  /// The weight of its cases, which is their number without weights.
  public var weight: Double
}

/// Mean probability and share of positives in each bin that has a case, as scikit-learn's
/// `calibration_curve`.
///
/// - Throws: as ``expectedCalibrationError(probabilities:truth:bins:weights:)``.
public func reliabilityCurve(
  probabilities: [Double], truth: [Bool], bins: ProbabilityBins = .equalWidth(15),
  weights: [Double]? = nil
) throws(Diagnostic) -> [ReliabilityPoint] {
  try checkCases(scores: probabilities, truth: truth.count, weights: weights)
  try checkProbabilities(probabilities)
  let indices = try bins.indices(of: probabilities)
  var points = (0..<bins.count).map {
    ReliabilityPoint(bin: $0, meanProbability: 0, meanTruth: 0, weight: 0)
  }
  for (index, bin) in indices.enumerated() {
    let weight = weights?[index] ?? 1
    points[bin].meanProbability += weight * probabilities[index]
    points[bin].meanTruth += truth[index] ? weight : 0
    points[bin].weight += weight
  }
  return points.filter { $0.weight > 0 }.map {
    var point = $0
    point.meanProbability /= point.weight
    point.meanTruth /= point.weight
    return point
  }
}
