import Basics

extension Estimate {
  /// The estimate with the bias-corrected and accelerated interval (BCa, Efron 1987) of its replicates.
  ///
  /// With z₀ = Φ⁻¹ of the share of replicates below the point, equal ones at ½, and
  /// a = Σ d³ / 6 (Σ d²)^{3/2} of d = mean of the jackknife − jackknife, the ends are the quantiles at
  /// Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z))). It corrects for a skewed or biased number, and equals the
  /// percentile interval where there is neither. As SciPy's `bootstrap(method="BCa")`.
  ///
  /// Withheld where the percentile interval is, and where the correction is not finite: the point lies
  /// beyond all replicates, as that of a maximum minus a minimum can, or the jackknife never varies.
  ///
  /// - Parameter jackknife: the number without each patient in turn, NaN where undefined.
  public func accelerated(jackknife: [Double], level: Double = 0.95) -> Estimate {
    var result = Estimate(point: point, replicates: replicates, level: level)
    guard let point = point.value, result.low != nil else { return result }
    (result.low, result.high) = (nil, nil)
    let sorted = replicates.filter { !$0.isNaN }.sorted()
    let (below, upTo) = (sorted.count { $0 < point }, sorted.count { $0 <= point })
    let bias = NormalDistribution.quantile(Double(below + upTo) / Double(2 * sorted.count))
    guard bias.isFinite else {
      result.withheld = "the number lies beyond all replicates"
      return result
    }
    let left = jackknife.filter { !$0.isNaN }
    guard Double(jackknife.count - left.count) <= Self.tolerated * Double(jackknife.count) else {
      result.withheld = "undefined without \(jackknife.count - left.count) of the patients"
      return result
    }
    let mean = left.reduce(0, +) / Double(max(left.count, 1))
    let squares = left.reduce(0) { $0 + (mean - $1) * (mean - $1) }
    let cubes = left.reduce(0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
    let acceleration = cubes / (6 * squares * squares.squareRoot())
    let ends = [(1 - level) / 2, (1 + level) / 2].map { probability in
      let z = bias + NormalDistribution.quantile(probability)
      return NormalDistribution.cumulative(bias + z / (1 - acceleration * z))
    }
    guard ends.allSatisfy(\.isFinite) else {
      result.withheld = "the number does not vary from patient to patient"
      return result
    }
    result.low = quantile(sorted: sorted, at: ends[0])
    result.high = quantile(sorted: sorted, at: ends[1])
    return result
  }
}

/// Which interval is made of bootstrap replicates.
public enum IntervalMethod: String, CaseIterable, Sendable, Codable {
  /// The quantiles of the replicates.
  case percentile
  /// Bias-corrected and accelerated; see ``Estimate/accelerated(jackknife:level:)``.
  case bca
}

/// Every statistic of `set` without each patient in turn.
///
/// With more than 1,000 patients, without each of 1,000 lots of them (patient p in lot p mod 1,000),
/// which leaves the acceleration what it is on average and makes the cost that of 1,000 replicates.
func jackknife(
  _ set: RankedCases, patients: Int, slots: Int, threads: Int
) -> [Tally] {
  let lots = min(patients, 1_000)
  guard lots > 1, slots > 0 else { return [] }
  let lanes = PatientDraws.lanes
  let blocks = PatientDraws.blocks(of: lots)
  var tallies = [TallyLanes](repeating: TallyLanes(), count: blocks)
  tallies.withUnsafeMutableBufferPointer { tallies in
    // Every block writes its own tally.
    nonisolated(unsafe) let tallies = tallies
    concurrently(blocks, threads: threads) { block in
      var weights = [PatientDraws.Lanes](repeating: .one, count: slots)
      for lane in 0..<lanes {
        for patient in stride(from: block * lanes + lane, to: slots, by: lots) {
          weights[patient][lane] = 0
        }
      }
      weights.withUnsafeBufferPointer { weights in
        if let weights = weights.baseAddress { tallies[block] = set.sweep(weights) }
      }
    }
  }
  return (0..<lots).map { tallies[$0 / lanes][$0 % lanes] }
}
