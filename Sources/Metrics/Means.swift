extension Measure {
  /// The mean over the measures that are defined; undefined where none is.
  public static func mean(_ measures: [Measure]) -> Measure {
    let values = measures.compactMap(\.value)
    guard !values.isEmpty else {
      return .undefined(measures.lazy.compactMap(\.reason).first ?? "nothing to average")
    }
    return .value(values.reduce(0, +) / Double(values.count))
  }
}

extension Estimate {
  /// The mean over the estimates that are defined, in each replicate too: a mean over findings or
  /// seeds.
  ///
  /// The estimates must share their draws. A replicate in which one of them is undefined is
  /// undefined; where they have different numbers of replicates, the mean has none. Its interval is
  /// bias-corrected and accelerated where theirs are.
  public static func mean(_ estimates: [Estimate], level: Double = 0.95) -> Estimate {
    let defined = estimates.filter { $0.point.value != nil }
    var sums = [Double](repeating: 0, count: defined.first?.replicates.count ?? 0)
    for estimate in defined {
      guard estimate.replicates.count == sums.count else {
        sums = []
        break
      }
      for (index, number) in estimate.replicates.enumerated() { sums[index] += number }
    }
    let mean = Estimate(
      point: Measure.mean(estimates.map(\.point)),
      replicates: sums.map { $0 / Double(defined.count) }, level: level)
    let lots = defined.first?.jackknife.count ?? 0
    guard lots > 0, defined.allSatisfy({ $0.jackknife.count == lots }) else { return mean }
    let jackknife = (0..<lots).map { lot in
      defined.reduce(0) { $0 + $1.jackknife[lot] } / Double(defined.count)
    }
    return mean.accelerated(jackknife: jackknife, level: level)
  }

  /// What `combine` makes of the numbers of `estimates`, in each replicate too.
  ///
  /// Undefined where one of them is, and for `reason` where the result is not finite; so is a replicate.
  static func combined(
    _ estimates: [Estimate], level: Double, or reason: String, _ combine: ([Double]) -> Double
  ) -> Estimate {
    if let missing = estimates.first(where: { $0.point.value == nil }) {
      return Estimate(point: missing.point)
    }
    let count = estimates.map(\.replicates.count).min() ?? 0
    let replicates = (0..<count).map { replicate in
      let numbers = estimates.map { $0.replicates[replicate] }
      return numbers.contains(where: \.isNaN) ? .nan : combine(numbers)
    }
    return Estimate(
      point: Measure(combine(estimates.map(\.point.orNaN)), otherwise: reason),
      replicates: replicates.map { $0.isFinite ? $0 : .nan }, level: level)
  }
}
