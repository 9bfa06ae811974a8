import Basics

/// Every statistic of `cases`, with bootstrap intervals where there are `draws`.
///
/// Statistics at a threshold are undefined without one.
///
/// - Parameters:
///   - threshold: t of ŷ = [s ≥ t], fitted elsewhere; replicates keep it.
///   - interval: percentile, or bias-corrected and accelerated.
///   - level: the coverage of the intervals.
///   - threads: how many threads to use; the numbers do not depend on it.
/// - Throws: for a threshold that is NaN, a level outside (0, 1), and a patient beyond those drawn.
public func evaluate(
  _ cases: Cases, threshold: Double? = nil, draws: PatientDraws? = nil,
  interval: IntervalMethod = .percentile, level: Double = 0.95, threads: Int = processorCount
) throws(Diagnostic) -> Estimates {
  try check(cases, threshold: threshold, draws: draws, level: level)
  let ranked = RankedCases(
    order: cases.ranked, cases: cases, slot: cases.patient,
    decision: threshold.map { .threshold($0) } ?? .none, scope: .everything)
  let patients = (cases.patient.max() ?? -1) + 1
  let replicated = replicate(
    [ranked], slots: patients, draws: draws, interval: interval, threads: threads)
  let objections = Objections(
    threshold: threshold == nil ? "no threshold" : nil, probabilities: cases.probabilityObjection)
  return Estimates { replicated[0].estimate(of: $0, objections, level: level) }
}

/// Refuses what an evaluation cannot use.
func check(
  _ cases: Cases, threshold: Double?, draws: PatientDraws?, level: Double
) throws(Diagnostic) {
  if let threshold, threshold.isNaN { throw Diagnostic("the threshold is NaN") }
  guard level > 0, level < 1 else {
    throw Diagnostic("the level \(level) of an interval is not between 0 and 1")
  }
  if let draws, let last = cases.patient.max(), last >= draws.patients {
    throw Diagnostic("a case has patient \(last), and \(draws.patients) patients are drawn")
  }
}

/// Why statistics are undefined whatever the cases say.
struct Objections {
  /// Of those at a threshold.
  var threshold: String?
  /// Of those of probabilities.
  var probabilities: String?

  subscript(statistic: Statistic) -> String? {
    statistic.needsThreshold ? threshold : statistic.needsProbabilities ? probabilities : nil
  }
}

/// The tallies of one set of cases: on the cases as they are, in each replicate and, for
/// bias-corrected and accelerated intervals, without each lot of patients.
struct Replicated {
  var point: Tally
  var replicates: [Tally]
  var jackknife: [Tally] = []

  /// The statistic with its interval.
  func estimate(of statistic: Statistic, _ objections: Objections, level: Double) -> Estimate {
    if let objection = objections[statistic] { return Estimate(point: .undefined(objection)) }
    let estimate = Estimate(
      point: statistic.measure(of: point),
      replicates: replicates.map { statistic.measure(of: $0).orNaN }, level: level)
    guard !jackknife.isEmpty else { return estimate }
    return estimate.accelerated(
      jackknife: jackknife.map { statistic.measure(of: $0).orNaN }, level: level)
  }
}

/// Tallies every set of cases as it is and in every replicate of `draws`.
func replicate(
  _ sets: [RankedCases], slots: Int, draws: PatientDraws?, interval: IntervalMethod = .percentile,
  threads: Int
) -> [Replicated] {
  let ones = [PatientDraws.Lanes](repeating: .one, count: slots)
  let points = sets.map { set in
    ones.withUnsafeBufferPointer { $0.baseAddress.map { set.sweep($0)[0] } ?? Tally() }
  }
  guard let draws, draws.patients > 0 else {
    return points.map { Replicated(point: $0, replicates: []) }
  }
  let blocks = draws.blocks
  var lanes = [TallyLanes](repeating: TallyLanes(), count: sets.count * blocks)
  lanes.withUnsafeMutableBufferPointer { lanes in
    draws.counts.withUnsafeBufferPointer { counts in
      guard let start = counts.baseAddress else { return }
      // Read together, and every block writes its own lanes.
      nonisolated(unsafe) let (counts, lanes) = (start, lanes)
      concurrently(blocks, threads: threads) { block in
        for (index, set) in sets.enumerated() {
          lanes[index * blocks + block] = set.sweep(counts + block * draws.patients)
        }
      }
    }
  }
  let without =
    interval == .bca
    ? jackknife(sets, patients: draws.patients, slots: slots, threads: threads) : []
  return points.enumerated().map { index, point in
    let replicates = (0..<draws.replicates).map { replicate in
      lanes[index * blocks + replicate / PatientDraws.lanes][replicate % PatientDraws.lanes]
    }
    return Replicated(
      point: point, replicates: replicates, jackknife: without.isEmpty ? [] : without[index])
  }
}
