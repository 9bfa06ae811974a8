import Basics
import Foundation

/// Slope and intercepts of a ``CalibrationFit`` with intervals over patients.
public struct CalibrationEstimates: Sendable {
  /// See ``CalibrationFit/slope``.
  public let slope: Estimate
  /// See ``CalibrationFit/intercept``.
  public let intercept: Estimate
  /// See ``CalibrationFit/interceptAtSlopeOne``.
  public let interceptAtSlopeOne: Estimate

  /// Fits, and fits again in each replicate: Newton's steps from the fit of all cases, until one is
  /// below 10⁻⁴, which leaves an error of about 10⁻⁸.
  ///
  /// All are undefined where a score is not in [0, 1].
  ///
  /// - Throws: as ``evaluate(_:threshold:draws:interval:level:threads:)``.
  public init(
    _ cases: Cases, draws: PatientDraws? = nil, interval: IntervalMethod = .percentile,
    level: Double = 0.95, threads: Int = processorCount
  ) throws(Diagnostic) {
    try check(cases, threshold: nil, draws: draws, level: level)
    if let objection = cases.probabilityObjection {
      let none = Estimate(point: .undefined(objection))
      (slope, intercept, interceptAtSlopeOne) = (none, none, none)
      return
    }
    let rows = cases.scores.indices.filter { cases.truth[$0] != nil }
    let fit = try CalibrationFit(
      probabilities: rows.map { cases.scores[$0] }, truth: rows.map { cases.truth[$0] == true })
    let refit = CalibrationRefit(cases, rows, from: fit)
    let found = estimates(
      [fit.slope, fit.intercept, fit.interceptAtSlopeOne],
      slots: (cases.patient.max() ?? -1) + 1, draws: draws, interval: interval, level: level,
      threads: threads, refit.sweep)
    (slope, intercept, interceptAtSlopeOne) = (found[0], found[1], found[2])
  }
}

/// The fits of replicates, which lie near that of all cases.
private struct CalibrationRefit: Sendable {
  private struct Row {
    var logit, odds, truth: Double
    var slot: Int32
  }

  private let rows: [Row]
  private let start: CalibrationFit

  init(_ cases: Cases, _ indices: [Int], from fit: CalibrationFit) {
    let least = Double.ulpOfOne
    rows = indices.map { index in
      let clipped = min(max(cases.scores[index], least), 1 - least)
      return Row(
        logit: log(clipped) - log1p(-clipped), odds: (1 - clipped) / clipped,
        truth: cases.truth[index] == true ? 1 : 0, slot: Int32(clamping: cases.patient[index]))
    }
    start = fit
  }

  func sweep(_ weights: UnsafePointer<PatientDraws.Lanes>) -> [SIMD8<Double>] {
    var found = [SIMD8<Double>](repeating: SIMD8(repeating: .nan), count: 3)
    var drawn: [(row: Row, weight: Double)] = []
    drawn.reserveCapacity(rows.count)
    for lane in 0..<PatientDraws.lanes {
      drawn.removeAll(keepingCapacity: true)
      for row in rows {
        let weight = weights[Int(row.slot)][lane]
        if weight > 0 { drawn.append((row, Double(weight))) }
      }
      guard drawn.contains(where: { $0.row.truth > 0 }),
        drawn.contains(where: { $0.row.truth == 0 })
      else { continue }
      found[2][lane] = interceptAtSlopeOne(drawn)
      if start.slope.value != nil { (found[0][lane], found[1][lane]) = line(drawn) }
    }
    return found
  }

  private static let tolerance = 1e-4

  /// Slope and intercept; NaN where the steps do not lead to a maximum, as where a threshold
  /// separates the classes.
  private func line(_ drawn: [(row: Row, weight: Double)]) -> (Double, Double) {
    var (a, b) = (start.intercept.orNaN, start.slope.orNaN)
    for _ in 0..<25 {
      var (ga, gb, haa, hab, hbb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (row, weight) in drawn {
        let p = 1 / (1 + exp(-(a + b * row.logit)))
        let residual = weight * (row.truth - p)
        let curvature = weight * p * (1 - p)
        ga += residual
        gb += residual * row.logit
        haa += curvature
        hab += curvature * row.logit
        hbb += curvature * row.logit * row.logit
      }
      let determinant = haa * hbb - hab * hab
      let da = (hbb * ga - hab * gb) / determinant
      let db = (haa * gb - hab * ga) / determinant
      guard da.isFinite, db.isFinite else { return (.nan, .nan) }
      (a, b) = (a + da, b + db)
      if abs(da) <= Self.tolerance * (1 + abs(a)), abs(db) <= Self.tolerance * (1 + abs(b)) {
        return (b, a)
      }
    }
    return (.nan, .nan)
  }

  private func interceptAtSlopeOne(_ drawn: [(row: Row, weight: Double)]) -> Double {
    var a = start.interceptAtSlopeOne.orNaN
    for _ in 0..<25 {
      let factor = exp(-a)
      var (gradient, curvature) = (0.0, 0.0)
      for (row, weight) in drawn {
        let p = 1 / (1 + factor * row.odds)
        gradient += weight * (row.truth - p)
        curvature += weight * p * (1 - p)
      }
      let step = gradient / curvature
      guard step.isFinite else { return .nan }
      a += step
      if abs(step) <= Self.tolerance * (1 + abs(a)) { return a }
    }
    return .nan
  }
}
