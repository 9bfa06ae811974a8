import Basics

/// The AUROCs of several systems on the same cases with their sampling covariance, without resampling.
///
/// DeLong, DeLong and Clarke-Pearson 1988; with clusters, Obuchowski 1997. The placement of a positive
/// is the share of negatives below it, that of a negative the share of positives above it, ties at ½
/// (from midranks: Sun and Xu 2014). The covariance of areas θ over clusters c, of which I⁺ have a
/// positive, I⁻ a negative, with m positives and n negatives in all, and the deviations
/// D⁺_c = Σ_{i ∈ c}(V⁺_i − θ) and D⁻_c alike:
///
///     S⁺ = I⁺/(I⁺−1) Σ D⁺D⁺ᵀ / m²    S⁻ = I⁻/(I⁻−1) Σ D⁻D⁻ᵀ / n²    S± = I/(I−1) Σ D⁺D⁻ᵀ / mn
///     covariance = S⁺ + S⁻ + S± + S±ᵀ
///
/// Where every case is a cluster of its own, S± is 0 and this is DeLong's. DeLong's form assumes
/// independent cases: of patients with several pictures it is too narrow.
public struct DeLong: Sendable {
  /// The AUROC of each system.
  public let areas: [Measure]
  /// Their covariance `[system, system]`; empty where `undefined`.
  public let covariance: [[Double]]
  /// Why there is no covariance.
  public let undefined: String?

  /// The areas of `systems`, each a score for every case.
  ///
  /// - Parameter clusters: the patient of each case; without, cases are independent.
  /// - Throws: as ``OperatingPoints``, and where there is not one cluster per case.
  public init(
    systems: [[Double]], truth: [Bool], clusters: [Int]? = nil
  ) throws(Diagnostic) {
    for scores in systems { try checkCases(scores: scores, truth: truth.count, weights: nil) }
    if let clusters, clusters.count != truth.count {
      throw Diagnostic("there are \(clusters.count) clusters for \(truth.count) cases")
    }
    let (m, n) = (truth.count { $0 }, truth.count { !$0 })
    guard m > 0, n > 0 else {
      let reason = m == 0 ? "0 positives" : "0 negatives"
      (areas, covariance, undefined) = (systems.map { _ in .undefined(reason) }, [], reason)
      return
    }
    let placements = systems.map { Self.placements($0, truth, Double(m), Double(n)) }
    let areas = placements.map { placement in
      zip(placement, truth).reduce(0) { $0 + ($1.1 ? $1.0 : 0) } / Double(m)
    }
    self.areas = areas.map { .value($0) }
    let clusters = clusters ?? Array(truth.indices)
    var position: [Int: Int] = [:]
    for cluster in clusters where position[cluster] == nil { position[cluster] = position.count }
    var sums = Self.Sums(clusters: position.count, systems: systems.count)
    for (index, positive) in truth.enumerated() {
      sums.add(position[clusters[index]] ?? 0, positive, placements.map { $0[index] }, areas)
    }
    (covariance, undefined) = sums.covariance(Double(m), Double(n))
  }

  /// The share of the other class that each case is ranked rightly against.
  private static func placements(
    _ scores: [Double], _ truth: [Bool], _ m: Double, _ n: Double
  ) -> [Double] {
    let order = descendingOrder(of: Array(scores.indices), by: scores)
    var result = [Double](repeating: 0, count: scores.count)
    var (tp, fp, start) = (0.0, 0.0, 0)
    while start < order.count {
      var (end, positives) = (start, 0.0)
      while end < order.count, scores[order[end]] == scores[order[start]] {
        positives += truth[order[end]] ? 1 : 0
        end += 1
      }
      let negatives = Double(end - start) - positives
      for index in order[start..<end] {
        result[index] = truth[index] ? (n - fp - negatives / 2) / n : (tp + positives / 2) / m
      }
      (tp, fp, start) = (tp + positives, fp + negatives, end)
    }
    return result
  }

  /// The deviations summed by cluster.
  private struct Sums {
    var positive: [[Double]], negative: [[Double]]
    var hasPositive: [Bool], hasNegative: [Bool]

    init(clusters: Int, systems: Int) {
      let none = [[Double]](repeating: [Double](repeating: 0, count: systems), count: clusters)
      (positive, negative) = (none, none)
      hasPositive = [Bool](repeating: false, count: clusters)
      hasNegative = hasPositive
    }

    mutating func add(_ cluster: Int, _ isPositive: Bool, _ placements: [Double], _ areas: [Double])
    {
      for system in areas.indices {
        let deviation = placements[system] - areas[system]
        if isPositive {
          positive[cluster][system] += deviation
        } else {
          negative[cluster][system] += deviation
        }
      }
      if isPositive { hasPositive[cluster] = true } else { hasNegative[cluster] = true }
    }

    func covariance(_ m: Double, _ n: Double) -> ([[Double]], String?) {
      let withPositive = Double(hasPositive.count { $0 })
      let withNegative = Double(hasNegative.count { $0 })
      guard withPositive > 1 else { return ([], "1 independent positive, 2 are needed") }
      guard withNegative > 1 else { return ([], "1 independent negative, 2 are needed") }
      let all = Double(positive.count)
      func product(_ a: [[Double]], _ r: Int, _ b: [[Double]], _ s: Int) -> Double {
        zip(a, b).reduce(0) { $0 + $1.0[r] * $1.1[s] }
      }
      let systems = (positive.first ?? []).indices
      let matrix = systems.map { r in
        systems.map { s in
          product(positive, r, positive, s) * withPositive / (withPositive - 1) / (m * m)
            + product(negative, r, negative, s) * withNegative / (withNegative - 1) / (n * n)
            + (product(positive, r, negative, s) + product(positive, s, negative, r))
            * all / (all - 1) / (m * n)
        }
      }
      return (matrix, nil)
    }
  }
}

extension DeLong {
  /// The standard error of the area of a system; undefined where the variance is.
  public func standardError(of system: Int) -> Measure {
    covariance.indices.contains(system)
      ? variance([system: 1]) : .undefined(undefined ?? "there is no system \(system)")
  }

  /// The area of a system with its normal interval, cut at 0 and 1.
  public func estimate(of system: Int, level: Double = 0.95) -> Estimate {
    guard areas.indices.contains(system) else {
      return Estimate(point: .undefined("there is no system \(system)"))
    }
    return Self.normal(
      areas[system], standardError(of: system), level: level, within: 0...1)
  }

  /// The area of system `a` minus that of `b`, with its normal interval and the two-sided p-value of
  /// no difference.
  ///
  /// The p-value is undefined where the difference has no variance, as for a system and itself.
  public func difference(
    _ a: Int, _ b: Int, level: Double = 0.95
  ) -> (estimate: Estimate, pValue: Measure) {
    guard areas.indices.contains(a), areas.indices.contains(b) else {
      let none = Measure.undefined("there is no such system")
      return (Estimate(point: none), none)
    }
    let point = areas[a] - areas[b]
    let error =
      covariance.isEmpty
      ? Measure.undefined(undefined ?? "no cases")
      : a == b ? .value(0) : variance([a: 1, b: -1])
    let pValue: Measure
    switch (point, error) {
    case (.value(let point), .value(let error)) where error > 0:
      pValue = .value(NormalDistribution.twoSided(point / error))
    case (.value, .value): pValue = .undefined("the difference has no variance")
    default: pValue = point.value == nil ? point : error
    }
    return (Self.normal(point, error, level: level, within: -1...1), pValue)
  }

  /// The standard error of a combination of areas.
  private func variance(_ factors: [Int: Double]) -> Measure {
    var sum = 0.0
    for r in covariance.indices {
      for s in covariance.indices {
        sum += (factors[r] ?? 0) * (factors[s] ?? 0) * covariance[r][s]
      }
    }
    // Rounding can leave a variance of nothing just below 0.
    return Measure(max(sum, 0).squareRoot(), otherwise: "the result is not a number")
  }

  private static func normal(
    _ point: Measure, _ error: Measure, level: Double, within range: ClosedRange<Double>
  ) -> Estimate {
    var estimate = Estimate(point: point)
    let reach = NormalDistribution.quantile((1 + level) / 2)
    guard let center = point.value else { return estimate }
    guard let error = error.value, reach.isFinite else {
      estimate.withheld = error.reason ?? "the level \(level) is not between 0 and 1"
      return estimate
    }
    estimate.low = max(center - reach * error, range.lowerBound)
    estimate.high = min(center + reach * error, range.upperBound)
    return estimate
  }
}
