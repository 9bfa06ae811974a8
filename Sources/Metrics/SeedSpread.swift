/// How one number varies over the seeds of an arm, whose mean is ``TwoLevel/mean(_:level:)``.
public struct SeedSpread: Sendable {
  /// The standard deviation over the seeds where the number is defined, with n − 1; `nil` for fewer
  /// than two.
  public var sd: Double?
  /// The least of them.
  public var min: Double?
  /// The greatest of them.
  public var max: Double?
  /// How many seeds these are.
  public var n: Int
  /// In how many seeds the number is undefined.
  public var undefined: Int

  /// The spread of `seeds`.
  public init(_ seeds: [Measure]) {
    let points = seeds.compactMap(\.value)
    sd = standardDeviation(points)
    (min, max) = (points.min(), points.max())
    (n, undefined) = (points.count, seeds.count - points.count)
  }
}
