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

  /// The first arm minus the second.
  public var point: Measure
  /// The lower end of its interval; `nil` without one.
  public var low: Double?
  /// The upper end of its interval; `nil` without one.
  public var high: Double?
  /// What follows from the interval.
  public var verdict: Verdict
}

/// The paired difference of two arms: `a` minus `b`.
///
/// Both arms must stand on the same draws of the same patients; then each replicate is a pair, and
/// what patients have in common cancels.
///
/// - Parameter higherIsBetter: which side of zero is the better one; `false` for gaps.
public func pairedDifference(
  _ a: Estimate, _ b: Estimate, higherIsBetter: Bool = true, level: Double = 0.95
) -> Difference {
  let paired = a.replicates.count == b.replicates.count
  let difference = Estimate(
    point: a.point - b.point,
    replicates: paired ? zip(a.replicates, b.replicates).map { $0 - $1 } : [], level: level)
  let verdict: Difference.Verdict =
    switch (difference.low, difference.high) {
    case (let low?, _) where low > 0: higherIsBetter ? .better : .worse
    case (_, let high?) where high < 0: higherIsBetter ? .worse : .better
    default: .notDistinguishable
    }
  return Difference(
    point: difference.point, low: difference.low, high: difference.high, verdict: verdict)
}
