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

/// A difference between two arms and how often chance alone makes one as large.
public struct PairedTest: Sendable, Hashable {
  /// The first arm minus the second.
  public var difference: Measure
  /// Two-sided.
  public var pValue: Measure

  static func undefined(_ reason: String) -> PairedTest {
    PairedTest(difference: .undefined(reason), pValue: .undefined(reason))
  }
}

/// Whether two arms differ in a statistic: the p-value of a paired permutation test.
///
/// - Parameters:
///   - a: one arm, a system for each seed.
///   - b: the other.
/// - Returns, throws: as ``pairedPermutationTests(_:_:_:permutations:seed:threads:)``.
public func pairedPermutationTest(
  _ a: [ScoredSystem], _ b: [ScoredSystem], _ statistic: Statistic, permutations: Int, seed: Int,
  threads: Int = processorCount
) throws(Diagnostic) -> PairedTest {
  try pairedPermutationTests(
    [a], [b], [statistic], permutations: permutations, seed: seed, threads: threads
  )[0].mean
}

/// Whether two arms differ in statistics, finding by finding and in their means over findings.
///
/// Where two arms do not differ, which of the two made the scores of a patient is a matter of a coin.
/// Each permutation exchanges the scores of the arms for every patient with probability ½, in all
/// findings at once, and takes the difference of the means over seeds anew; p = (1 + #) / (1 + n) of
/// those at least as far from 0 (Phipson and Smyth 2010), two-sided. Permutation `r` is drawn from the
/// stream `exchange r`.
///
/// Scores of two networks are not on one scale, so statistics of the ranking exchange midranks
/// (Bandos, Rockette and Gur 2005), statistics at a threshold exchange decisions, and those of
/// probabilities exchange the probabilities.
///
/// - Parameters:
///   - a: one arm: for each finding a system for each seed. Patients are numbered alike in all findings.
///   - b: the other, with as many seeds; the first is exchanged with the first, and so on.
/// - Returns: for each of `statistics` the test of each finding, and of the mean over the findings for
///   which it is defined in both arms. Undefined where the statistic is, and where more than 5 % of the
///   permutations leave it undefined.
/// - Throws: where the arms do not have the same findings, cases and truth, or not as many seeds.
public func pairedPermutationTests(
  _ a: [[ScoredSystem]], _ b: [[ScoredSystem]], _ statistics: [Statistic], permutations: Int,
  seed: Int, threads: Int = processorCount
) throws(Diagnostic) -> [(findings: [PairedTest], mean: PairedTest)] {
  guard a.count == b.count else {
    throw Diagnostic("one arm has \(a.count) findings and the other \(b.count)")
  }
  guard (0...1_000_000).contains(permutations) else {
    throw Diagnostic("\(permutations) permutations are not in 0…1000000")
  }
  for (a, b) in zip(a, b) {
    guard a.count == b.count else {
      throw Diagnostic("one arm has \(a.count) seeds and the other \(b.count)")
    }
    for system in a + b {
      guard system.cases.truth == a[0].cases.truth, system.cases.patient == a[0].cases.patient
      else { throw Diagnostic("the arms do not have the same cases, patients and truth") }
      try check(system.cases, threshold: system.threshold, draws: nil, level: 0.95)
    }
  }
  let patients = 1 + (a.compactMap { $0.first?.cases.patient.max() }.max() ?? -1)
  let findings = try zip(a, b).map { a, b throws(Diagnostic) in
    try ExchangedFinding(a, b, statistics, patients: patients, threads: threads)
  }
  let lanes = PatientDraws.lanes
  let rounds = PatientDraws.blocks(of: permutations)
  let count = rounds * lanes
  // Of each statistic, of each finding, of each permutation.
  var permuted = [Double](repeating: .nan, count: statistics.count * findings.count * count)
  permuted.withUnsafeMutableBufferPointer { permuted in
    // Every round writes its own permutations.
    nonisolated(unsafe) let permuted = permuted
    concurrently(rounds, threads: threads) { round in
      let exchanged = exchanges(round, patients: patients, seed: seed)
      for (place, finding) in findings.enumerated() {
        let differences = finding.differences(exchanged)
        for (index, values) in differences.enumerated() {
          for (lane, value) in values.enumerated() {
            permuted[(index * findings.count + place) * count + round * lanes + lane] = value
          }
        }
      }
    }
  }
  return statistics.indices.map { index in
    let observed = findings.map { $0.observed[index] }
    func permutation(_ place: Int) -> ArraySlice<Double> {
      let start = (index * findings.count + place) * count
      return permuted[start..<start + permutations]
    }
    let each = findings.indices.map { test(observed[$0], permutation($0)) }
    let defined = findings.indices.filter { observed[$0].value != nil }
    guard defined.count > 1 else {
      return (each, defined.first.map { each[$0] } ?? each.first ?? .undefined("0 findings"))
    }
    var means = [Double](repeating: 0, count: permutations)
    for place in defined {
      for (number, value) in permutation(place).enumerated() { means[number] += value }
    }
    return (
      each, test(Measure.mean(observed), means.map { $0 / Double(defined.count) }[...])
    )
  }
}

/// Which patients change sides in 8 permutations.
private func exchanges(_ round: Int, patients: Int, seed: Int) -> [PatientDraws.Lanes] {
  var exchanged = [PatientDraws.Lanes](repeating: PatientDraws.Lanes(), count: patients)
  for lane in 0..<PatientDraws.lanes {
    var stream = RandomStream("exchange \(round * PatientDraws.lanes + lane)", seed: seed)
    var bits: UInt64 = 0
    for patient in 0..<patients {
      if patient.isMultiple(of: 64) { bits = stream.next() }
      exchanged[patient][lane] = UInt8(truncatingIfNeeded: bits & 1)
      bits >>= 1
    }
  }
  return exchanged
}

/// How far `observed` is from what permutations make.
private func test(_ observed: Measure, _ permuted: ArraySlice<Double>) -> PairedTest {
  guard let difference = observed.value else {
    return PairedTest(difference: observed, pValue: observed)
  }
  guard !permuted.isEmpty else {
    return PairedTest(difference: observed, pValue: .undefined("0 permutations"))
  }
  let defined = permuted.filter { !$0.isNaN }
  let undefined = permuted.count - defined.count
  guard Double(undefined) <= Estimate.tolerated * Double(permuted.count) else {
    return PairedTest(
      difference: observed,
      pValue: .undefined("undefined in \(undefined) of \(permuted.count) permutations"))
  }
  // Equal differences may differ in their last bit.
  let far = defined.count { abs($0) >= abs(difference) - 1e-12 }
  return PairedTest(
    difference: observed, pValue: .value(Double(1 + far) / Double(1 + defined.count)))
}

/// The systems of two arms on one finding, ready to be exchanged.
private struct ExchangedFinding {
  /// The difference of each statistic as it is.
  private(set) var observed: [Measure] = []
  private let statistics: [Statistic]
  /// The pairs of seeds in one ranking, for statistics of ranks and decisions and for those of
  /// probabilities; empty where no statistic needs them.
  private let pairs: [Bool: [RankedCases]]

  init(
    _ a: [ScoredSystem], _ b: [ScoredSystem], _ statistics: [Statistic], patients: Int,
    threads: Int
  ) throws(Diagnostic) {
    self.statistics = statistics
    var pairs: [Bool: [RankedCases]] = [:]
    for isProbability in Set(statistics.map(\.needsProbabilities)) {
      pairs[isProbability] = try zip(a, b).map { a, b throws(Diagnostic) in
        try exchangeable(a, b, asProbabilities: isProbability, patients: patients)
      }
    }
    self.pairs = pairs
    guard let first = a.first else {
      observed = statistics.map { _ in .undefined("0 seeds") }
      return
    }
    guard first.cases.truth.contains(where: { $0 != nil }) else {
      observed = statistics.map { _ in .undefined("0 cases") }
      return
    }
    let isDecided = (a + b).allSatisfy { $0.threshold != nil }
    let none = [PatientDraws.Lanes](repeating: PatientDraws.Lanes(), count: patients)
    let differences = differences(none).map { $0[0] }
    for (statistic, difference) in zip(statistics, differences) {
      if statistic.needsThreshold, !isDecided {
        observed.append(.undefined("no threshold"))
      } else if difference.isNaN {
        let points = try (a + b).map { system throws(Diagnostic) in
          try evaluate(system.cases, threshold: system.threshold, threads: threads)[statistic].point
        }
        observed.append(.undefined(points.lazy.compactMap(\.reason).first ?? "not a number"))
      } else {
        observed.append(.value(difference))
      }
    }
  }

  /// The difference of the means over seeds of each statistic in 8 exchanges, NaN where undefined.
  func differences(_ exchanged: [PatientDraws.Lanes]) -> [[Double]] {
    // The slots of a patient: its scores by the first arm, and by the second.
    let kept = exchanged.map { PatientDraws.Lanes.one &- $0 }
    let sides = [kept + exchanged, exchanged + kept]
    let tallies = pairs.mapValues { pairs in
      sides.map { weights in
        weights.withUnsafeBufferPointer { weights in
          pairs.map { pair in weights.baseAddress.map { pair.sweep($0) } ?? TallyLanes() }
        }
      }
    }
    return statistics.map { statistic in
      let sides = tallies[statistic.needsProbabilities] ?? []
      return (0..<PatientDraws.lanes).map { lane in
        let means = sides.map { seeds in
          seeds.reduce(0) { $0 + statistic.measure(of: $1[lane]).orNaN } / Double(seeds.count)
        }
        return means.count == 2 ? means[0] - means[1] : .nan
      }
    }
  }
}

/// The cases of two systems in one ranking; patient p of the second has the slot `patients + p`.
private func exchangeable(
  _ a: ScoredSystem, _ b: ScoredSystem, asProbabilities: Bool, patients: Int
) throws(Diagnostic) -> RankedCases {
  let scores =
    asProbabilities
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
