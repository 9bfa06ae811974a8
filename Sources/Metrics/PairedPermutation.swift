import Basics

/// A system on the cases of a finding: its scores, and the threshold it decides at.
public struct ScoredSystem: Sendable {
  /// Its cases.
  public var cases: Cases
  /// t of ŷ = [s ≥ t].
  public var threshold: Double?

  /// A system.
  public init(_ cases: Cases, threshold: Double? = nil) {
    self.cases = cases
    self.threshold = threshold
  }
}

/// Whether two arms differ in a statistic: the p-value of a paired permutation test.
///
/// Where two arms do not differ, which of the two made the scores of a patient is a matter of a coin.
/// Each permutation exchanges the scores of the arms for every patient with probability ½, and takes
/// the difference of the means over seeds anew; p = (1 + #) / (1 + n) of those at least as far from 0
/// (Phipson and Smyth 2010), two-sided. Permutation `r` is drawn from the stream `exchange r`.
///
/// Scores of two networks are not on one scale, so statistics of the ranking exchange midranks
/// (Bandos, Rockette and Gur 2005), statistics at a threshold exchange decisions, and those of
/// probabilities exchange the probabilities.
///
/// - Parameters:
///   - a: one arm, a system for each seed.
///   - b: the other, with as many seeds; the first is exchanged with the first, and so on.
/// - Returns: the difference and its p-value; undefined where one of the statistics is, and where more
///   than 5 % of the permutations leave it undefined.
/// - Throws: where the systems do not have the same cases and truth, or not as many seeds.
public func pairedPermutationTest(
  _ a: [ScoredSystem], _ b: [ScoredSystem], _ statistic: Statistic, permutations: Int, seed: Int,
  threads: Int = processorCount
) throws(Diagnostic) -> (difference: Measure, pValue: Measure) {
  guard a.count == b.count else {
    throw Diagnostic("one arm has \(a.count) seeds and the other \(b.count)")
  }
  guard (0...1_000_000).contains(permutations) else {
    throw Diagnostic("\(permutations) permutations are not in 0…1000000")
  }
  guard let first = a.first?.cases else {
    return (.undefined("0 seeds"), .undefined("0 seeds"))
  }
  for system in a + b {
    guard system.cases.truth == first.truth, system.cases.patient == first.patient else {
      throw Diagnostic("the arms do not have the same cases, patients and truth")
    }
    try check(system.cases, threshold: system.threshold, draws: nil, level: 0.95)
  }
  if statistic.needsThreshold, (a + b).contains(where: { $0.threshold == nil }) {
    return (.undefined("no threshold"), .undefined("no threshold"))
  }
  let pairs = try zip(a, b).map { a, b throws(Diagnostic) in try exchangeable(a, b, statistic) }
  let patients = (first.patient.max() ?? -1) + 1
  guard patients > 0 else { return (.undefined("0 cases"), .undefined("0 cases")) }
  let lanes = PatientDraws.lanes
  let rounds = PatientDraws.blocks(of: permutations)
  /// The difference in 8 exchanges; slots of a patient: its scores by the first arm, by the second.
  @Sendable func differences(_ exchanged: [PatientDraws.Lanes]) -> [Double] {
    let kept = exchanged.map { PatientDraws.Lanes.one &- $0 }
    let sides = [kept + exchanged, exchanged + kept].map { weights in
      weights.withUnsafeBufferPointer { weights in
        pairs.map { pair in weights.baseAddress.map { pair.sweep($0) } ?? TallyLanes() }
      }
    }
    return (0..<lanes).map { lane in
      let means = sides.map { Measure.mean($0.map { statistic.measure(of: $0[lane]) }) }
      let isWhole = sides.allSatisfy {
        $0.allSatisfy { statistic.measure(of: $0[lane]).value != nil }
      }
      return isWhole ? (means[0] - means[1]).orNaN : .nan
    }
  }
  let none = [PatientDraws.Lanes](repeating: PatientDraws.Lanes(), count: patients)
  let observed = differences(none)[0]
  guard !observed.isNaN else {
    let systems = try (a + b).map { system throws(Diagnostic) in
      try evaluate(system.cases, threshold: system.threshold, threads: threads)[statistic].point
    }
    let reason = systems.lazy.compactMap(\.reason).first ?? "not a number"
    return (.undefined(reason), .undefined(reason))
  }
  var permuted = [Double](repeating: .nan, count: rounds * lanes)
  permuted.withUnsafeMutableBufferPointer { permuted in
    // Every round writes its own permutations.
    nonisolated(unsafe) let permuted = permuted
    concurrently(rounds, threads: threads) { round in
      var exchanged = none
      for lane in 0..<lanes {
        var stream = RandomStream("exchange \(round * lanes + lane)", seed: seed)
        var bits: UInt64 = 0
        for patient in 0..<patients {
          if patient.isMultiple(of: 64) { bits = stream.next() }
          exchanged[patient][lane] = UInt8(truncatingIfNeeded: bits & 1)
          bits >>= 1
        }
      }
      for (lane, difference) in differences(exchanged).enumerated() {
        permuted[round * lanes + lane] = difference
      }
    }
  }
  guard permutations > 0 else { return (.value(observed), .undefined("0 permutations")) }
  let defined = permuted.prefix(permutations).filter { !$0.isNaN }
  let undefined = permutations - defined.count
  guard Double(undefined) <= Estimate.tolerated * Double(permutations) else {
    return (
      .value(observed), .undefined("undefined in \(undefined) of \(permutations) permutations")
    )
  }
  // Equal differences may differ in their last bit.
  let far = defined.count { abs($0) >= abs(observed) - 1e-12 }
  return (.value(observed), .value(Double(1 + far) / Double(1 + defined.count)))
}

/// The cases of two systems in one ranking; patient p of the second has the slot `patients + p`.
private func exchangeable(
  _ a: ScoredSystem, _ b: ScoredSystem, _ statistic: Statistic
) throws(Diagnostic) -> RankedCases {
  let patients = (a.cases.patient.max() ?? -1) + 1
  let scores =
    statistic.needsProbabilities
    ? a.cases.scores + b.cases.scores : midranks(a.cases) + midranks(b.cases)
  let both = try Cases(
    scores: scores, truth: a.cases.truth + b.cases.truth,
    patient: a.cases.patient + b.cases.patient)
  let decisions = [a, b].flatMap { system in
    system.cases.scores.map { score in system.threshold.map { score >= $0 } ?? false }
  }
  return RankedCases(
    order: both.ranked, cases: both,
    slot: a.cases.patient + b.cases.patient.map { patients + $0 }, decision: .cases(decisions),
    scope: .everything)
}

/// The rank of each evaluated case among them, the lowest score first, ties at their mean; 0 for the
/// others.
private func midranks(_ cases: Cases) -> [Double] {
  let order = cases.ranked
  var ranks = [Double](repeating: 0, count: cases.count)
  var start = 0
  while start < order.count {
    var end = start
    while end < order.count, cases.scores[order[end]] == cases.scores[order[start]] { end += 1 }
    let rank = Double(order.count) - Double(start + end - 1) / 2
    for index in order[start..<end] { ranks[index] = rank }
    start = end
  }
  return ranks
}
