/// One number over the seeds of an arm.
public struct Summary: Sendable, Codable {
  /// The mean over the seeds where the number is defined; undefined where it is in none.
  public var mean: Measure
  /// The standard deviation over seeds, with n − 1; `nil` for fewer than two.
  public var sd: Double?
  /// How many seeds the mean is over.
  public var n: Int
  /// The lower end of the interval of the mean; `nil` without one.
  public var low: Double?
  /// The upper end of the interval of the mean; `nil` without one.
  public var high: Double?
  /// In how many seeds the number is undefined.
  public var undefined: Int
}

/// The mean of an arm over its seeds, with its spread and interval.
///
/// The interval is the percentile interval of the mean over seeds, replicate by replicate: replicates
/// of all seeds are of the same drawn patients. It says how the mean would vary over patients, with
/// the trained models as they are; `sd` says how it varies over trainings.
public func summarize(_ estimates: [Estimate], level: Double = 0.95) -> Summary {
  let points = estimates.compactMap(\.point.value)
  let mean = meanOverSeeds(estimates, level: level)
  return Summary(
    mean: mean.point, sd: standardDeviation(points), n: points.count, low: mean.low,
    high: mean.high, undefined: estimates.count - points.count)
}

/// Whether one arm differs from another.
public struct Difference: Sendable, Codable {
  /// What the data can decide.
  public enum Verdict: String, Sendable, Codable {
    /// The interval lies wholly on the better side of zero.
    case better
    /// The interval lies wholly on the worse side of zero.
    case worse
    /// The interval holds zero, or there is none.
    case notDistinguishable = "not distinguishable"
  }

  /// The mean over seeds of the first arm minus that of the second.
  public var point: Measure
  /// The lower end of its interval; `nil` without one.
  public var low: Double?
  /// The upper end of its interval; `nil` without one.
  public var high: Double?
  /// What follows from the interval.
  public var verdict: Verdict
}

/// The paired difference of two arms: `a` minus `b`, on means over seeds.
///
/// Both arms must stand on the same draws of the same patients; then each replicate is a pair, and
/// what patients have in common cancels.
///
/// - Parameter higherIsBetter: which side of zero is the better one; `false` for gaps.
public func pairedDifference(
  _ a: [Estimate], _ b: [Estimate], higherIsBetter: Bool = true, level: Double = 0.95
) -> Difference {
  let (first, second) = (meanOverSeeds(a, level: level), meanOverSeeds(b, level: level))
  let paired = first.replicates.count == second.replicates.count
  let difference = Estimate(
    point: first.point - second.point,
    replicates: paired ? zip(first.replicates, second.replicates).map { $0 - $1 } : [],
    level: level)
  let verdict: Difference.Verdict =
    switch (difference.low, difference.high) {
    case (let low?, _) where low > 0: higherIsBetter ? .better : .worse
    case (_, let high?) where high < 0: higherIsBetter ? .worse : .better
    default: .notDistinguishable
    }
  return Difference(
    point: difference.point, low: difference.low, high: difference.high, verdict: verdict)
}

/// The mean over the seeds where the number is defined, in each replicate too; without replicates
/// where seeds have different numbers of them.
private func meanOverSeeds(_ estimates: [Estimate], level: Double) -> Estimate {
  let defined = estimates.filter { $0.point.value != nil }
  guard let first = defined.first else {
    let reason = estimates.lazy.compactMap(\.point.reason).first
    return Estimate(point: .undefined(reason ?? "0 seeds"))
  }
  let count = Double(defined.count)
  var sums = [Double](repeating: 0, count: first.replicates.count)
  for estimate in defined {
    guard estimate.replicates.count == sums.count else {
      sums = []
      break
    }
    for (index, number) in estimate.replicates.enumerated() { sums[index] += number }
  }
  return Estimate(
    point: .value(defined.reduce(0) { $0 + $1.point.orNaN } / count),
    replicates: sums.map { $0 / count }, level: level)
}
