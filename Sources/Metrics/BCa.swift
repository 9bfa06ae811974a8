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
    result.jackknife = jackknife
    guard let point = point.value, result.low != nil else { return result }
    (result.low, result.high) = (nil, nil)
    let sorted = replicates.filter { !$0.isNaN }.sorted()
    // As they are kept: what equals the point must do so also after it was read again.
    let (kept, single) = (sorted.map(Float.init), Float(point))
    let (below, upTo) = (kept.count { $0 < single }, kept.count { $0 <= single })
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

/// The patients that a jackknife leaves out together.
///
/// Each alone; with more than 1,000 patients 1,000 lots of them (patient p in lot p mod 1,000), which
/// leaves the acceleration what it is on average and makes the cost that of 1,000 replicates.
struct JackknifeLots {
  /// How many lots there are; none where there is nothing to leave out.
  let count: Int
  private let slots: Int

  init(patients: Int, slots: Int) {
    let lots = min(patients, 1_000)
    count = lots > 1 && slots > 0 ? lots : 0
    self.slots = slots
  }

  var blocks: Int { PatientDraws.blocks(of: count) }

  /// The weight of each slot without 8 lots, one after the other.
  func weights(_ block: Int) -> [PatientDraws.Lanes] {
    var weights = [PatientDraws.Lanes](repeating: .one, count: slots)
    for lane in 0..<PatientDraws.lanes {
      for patient in stride(from: block * PatientDraws.lanes + lane, to: slots, by: count) {
        weights[patient][lane] = 0
      }
    }
    return weights
  }
}

/// The tallies of each of `sets` without each lot of patients in turn.
func jackknife(
  _ sets: [RankedCases], patients: Int, slots: Int, threads: Int
) -> [[Tally]] {
  let lots = JackknifeLots(patients: patients, slots: slots)
  let lanes = PatientDraws.lanes
  var tallies = [TallyLanes](repeating: TallyLanes(), count: sets.count * lots.blocks)
  tallies.withUnsafeMutableBufferPointer { tallies in
    // Every block writes its own tallies.
    nonisolated(unsafe) let tallies = tallies
    concurrently(lots.blocks, threads: threads) { block in
      lots.weights(block).withUnsafeBufferPointer { weights in
        guard let weights = weights.baseAddress else { return }
        for (index, set) in sets.enumerated() {
          tallies[index * lots.blocks + block] = set.sweep(weights)
        }
      }
    }
  }
  return sets.indices.map { index in
    (0..<lots.count).map { tallies[index * lots.blocks + $0 / lanes][$0 % lanes] }
  }
}
