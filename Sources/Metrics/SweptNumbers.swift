/// Numbers for which ``RankedCases`` has no pass, computed for 8 reweightings of patients at once.
///
/// - Parameters:
///   - points: the numbers on the cases as they are.
///   - slots: one more than the largest patient number.
///   - sweep: the same numbers, in the same order, for 8 replicates; NaN where undefined. Called for
///     several blocks of replicates at once.
func estimates(
  _ points: [Measure], slots: Int, draws: PatientDraws?, interval: IntervalMethod, level: Double,
  threads: Int,
  _ sweep: @escaping @Sendable (UnsafePointer<PatientDraws.Lanes>) -> [SIMD8<Double>]
) -> [Estimate] {
  guard let draws, draws.patients > 0, slots > 0, points.contains(where: { $0.value != nil }) else {
    return points.map { Estimate(point: $0) }
  }
  let lots = JackknifeLots(patients: interval == .bca ? draws.patients : 0, slots: slots)
  let blocks = draws.blocks + lots.blocks
  var swept = [[SIMD8<Double>]](repeating: [], count: blocks)
  swept.withUnsafeMutableBufferPointer { swept in
    draws.counts.withUnsafeBufferPointer { counts in
      guard let start = counts.baseAddress else { return }
      // Read together, and every block writes its own numbers.
      nonisolated(unsafe) let (counts, swept) = (start, swept)
      concurrently(blocks, threads: threads) { block in
        if block < draws.blocks {
          swept[block] = sweep(counts + block * draws.patients)
        } else {
          lots.weights(block - draws.blocks).withUnsafeBufferPointer { weights in
            if let weights = weights.baseAddress { swept[block] = sweep(weights) }
          }
        }
      }
    }
  }
  let lanes = PatientDraws.lanes
  return points.enumerated().map { index, point in
    guard point.value != nil else { return Estimate(point: point) }
    func number(_ block: Int, _ position: Int) -> Double {
      swept[block + position / lanes][index][position % lanes]
    }
    let estimate = Estimate(
      point: point, replicates: (0..<draws.replicates).map { number(0, $0) }, level: level)
    guard lots.count > 0 else { return estimate }
    return estimate.accelerated(
      jackknife: (0..<lots.count).map { number(draws.blocks, $0) }, level: level)
  }
}
