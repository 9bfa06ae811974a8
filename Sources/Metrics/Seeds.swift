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
  let mean = Estimate.mean(estimates, level: level)
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
  let (first, second) = (Estimate.mean(a, level: level), Estimate.mean(b, level: level))
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
