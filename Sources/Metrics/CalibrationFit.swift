import Basics
import Foundation

/// Logistic recalibration: how truth depends on the logits of the probabilities (Cox 1958).
///
/// The maximum-likelihood fit of P(y = 1) = σ(intercept + slope · logit s). Good probabilities have
/// slope 1 and intercept 0; a slope below 1 says that they are too extreme. Probabilities are clipped to
/// [ε, 1 − ε] with ε = 2⁻⁵² as in ``logLoss(probabilities:truth:weights:)``.
public struct CalibrationFit: Hashable, Sendable {
  /// The slope; undefined with one class, with constant scores, and where a threshold on the scores
  /// separates the classes, so that no fit is best.
  public let slope: Measure
  /// The intercept of the same fit; undefined as the slope.
  public let intercept: Measure
  /// The intercept where the slope is held at 1 (calibration in the large, Steyerberg 2019), above 0
  /// where the probabilities are too low; undefined with one class.
  public let interceptAtSlopeOne: Measure

  /// Fits.
  ///
  /// - Throws: as ``brierScore(probabilities:truth:weights:)``.
  public init(
    probabilities: [Double], truth: [Bool], weights: [Double]? = nil
  ) throws(Diagnostic) {
    try checkCases(scores: probabilities, truth: truth.count, weights: weights)
    try checkProbabilities(probabilities)
    let least = Double.ulpOfOne
    var rows: [Row] = []
    for index in probabilities.indices {
      let weight = weights?[index] ?? 1
      guard weight > 0 else { continue }
      let clipped = min(max(probabilities[index], least), 1 - least)
      rows.append(Row(logit: log(clipped) - log1p(-clipped), truth: truth[index], weight: weight))
    }
    // Only the ratios of weights matter; scaled, no sum of them overflows.
    let largest = rows.map(\.weight).max() ?? 1
    for index in rows.indices { rows[index].weight /= largest }
    rows.removeAll { $0.weight == 0 }
    let classes = [true, false].map { side in rows.filter { $0.truth == side }.map(\.logit) }
    guard let highest = classes[0].max(), let lowest = classes[0].min(),
      let highestNegative = classes[1].max(), let lowestNegative = classes[1].min()
    else {
      let reason = Measure.undefined(classes[0].isEmpty ? "0 positives" : "0 negatives")
      (slope, intercept, interceptAtSlopeOne) = (reason, reason, reason)
      return
    }
    interceptAtSlopeOne =
      Self.fit(rows, isSlopeFree: false).map { .value($0.intercept) } ?? Self.none
    guard min(lowest, lowestNegative) < max(highest, highestNegative) else {
      let reason = Measure.undefined("the scores are constant")
      (slope, intercept) = (reason, reason)
      return
    }
    guard highestNegative > lowest, highest > lowestNegative else {
      let reason = Measure.undefined("a threshold separates the classes")
      (slope, intercept) = (reason, reason)
      return
    }
    let both = Self.fit(rows, isSlopeFree: true)
    slope = both.map { .value($0.slope) } ?? Self.none
    intercept = both.map { .value($0.intercept) } ?? Self.none
  }

  private static let none = Measure.undefined("the fit does not converge")

  private struct Row {
    var logit: Double
    var truth: Bool
    var weight: Double
  }

  /// Newton's method on the concave log-likelihood, with steps halved until it rises.
  private static func fit(
    _ rows: [Row], isSlopeFree: Bool
  ) -> (intercept: Double, slope: Double)? {
    func likelihood(_ a: Double, _ b: Double) -> Double {
      rows.reduce(0) { sum, row in
        let z = (row.truth ? 1 : -1) * (a + b * row.logit)
        return sum - row.weight * (max(-z, 0) + log1p(exp(-abs(z))))
      }
    }
    var (a, b) = (0.0, isSlopeFree ? 0.0 : 1.0)
    var height = likelihood(a, b)
    for _ in 0..<200 {
      var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for row in rows {
        let p = 1 / (1 + exp(-(a + b * row.logit)))
        let residual = row.weight * ((row.truth ? 1 : 0) - p)
        let curvature = row.weight * p * (1 - p)
        ga += residual
        gb += residual * row.logit
        haa += curvature
        hab += curvature * row.logit
        hbb += curvature * row.logit * row.logit
      }
      let determinant = haa * hbb - hab * hab
      var (da, db) =
        isSlopeFree
        ? ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant)
        : (ga / haa, 0)
      // Far from the optimum the curvature can vanish: a plain step of the gradient goes on.
      if !da.isFinite || !db.isFinite {
        (da, db) = (ga.sign == .minus ? -1 : 1, isSlopeFree ? (gb.sign == .minus ? -1 : 1) : 0)
      }
      var next = likelihood(a + da, b + db)
      var halvings = 0
      while !(next >= height), halvings < 60 {
        (da, db) = (da / 2, db / 2)
        next = likelihood(a + da, b + db)
        halvings += 1
      }
      guard next >= height else { return (a, b) }
      (a, b, height) = (a + da, b + db, next)
      if abs(da) <= 1e-13 * (1 + abs(a)), abs(db) <= 1e-13 * (1 + abs(b)) { return (a, b) }
    }
    return nil
  }
}
