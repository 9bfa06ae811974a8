extension Measure {
  /// The mean over the measures that are defined; undefined where none is.
  public static func mean(_ measures: [Measure]) -> Measure {
    let values = measures.compactMap(\.value)
    if values.isEmpty { return .undefined(measures.first?.reason ?? "nothing to average") }
    return .value(values.reduce(0, +) / Double(values.count))
  }
}

extension Estimate {
  /// The mean over the estimates that are defined, replicate by replicate: a mean over findings.
  ///
  /// The replicates must share their draws. A replicate in which one of them is undefined is
  /// undefined.
  public static func mean(_ estimates: [Estimate], level: Double = 0.95) -> Estimate {
    let defined = estimates.filter { $0.point.value != nil }
    let point = Measure.mean(estimates.map(\.point))
    let count = defined.map(\.replicates.count).min() ?? 0
    let replicates = (0..<count).map { replicate in
      defined.reduce(0) { $0 + $1.replicates[replicate] } / Double(defined.count)
    }
    return Estimate(point: point, replicates: replicates, level: level)
  }
}
