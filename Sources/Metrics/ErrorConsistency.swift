import Basics

/// Whether systems err on the same cases (Geirhos, Meding and Wichmann 2020).
///
/// For two systems with accuracies p₁ and p₂ on the same cases: observed = the share of cases where
/// both are right or both are wrong, expected = p₁p₂ + (1 − p₁)(1 − p₂), κ = (observed − expected) /
/// (1 − expected), Cohen's κ of their correctness. 1 where they err on the same cases, 0 where they
/// agree as independent systems of these accuracies would, below 0 where they err on different ones.
/// Undefined where expected = 1: both always right, or both always wrong.
public struct ErrorConsistency: Sendable {
  /// Each pair of systems, first by first.
  public let pairs: [Pair]
  /// The mean κ over the pairs for which it is defined.
  public let mean: Estimate
  /// The accuracy of each system on the cases.
  public let accuracies: [Estimate]
  /// The cases, and their patients.
  public let counts: (cases: Int, patients: Int)

  /// Two systems.
  public struct Pair: Sendable {
    /// The systems, `first < second`.
    public let first, second: Int
    /// The share of cases that both get right or both get wrong.
    public let observed: Measure
    /// The share expected of independent systems.
    public let expected: Measure
    /// The consistency beyond chance.
    public let kappa: Estimate
  }

  /// The consistency of `systems` over the cases that all of them have.
  ///
  /// - Parameters:
  ///   - systems: whether each case is right, `nil` where it is not evaluated; see
  ///     ``Cases/isRight(at:)``.
  ///   - patient: the patient of each case.
  ///   - included: the cases to look at; without, all. A group, or a finding.
  /// - Throws: for lists of different lengths, and patients that are negative or not drawn.
  public init(
    systems: [[Bool?]], patient: [Int], included: [Bool]? = nil, draws: PatientDraws? = nil,
    level: Double = 0.95, threads: Int = processorCount
  ) throws(Diagnostic) {
    try self.init(
      Correctness(systems: systems, patient: patient, included: included), draws: draws,
      level: level, threads: threads)
  }

  /// The consistency of the systems of `correctness`, on all its cases.
  ///
  /// The bootstrap takes about 0.1 ms per pair for 1,000 replicates of 500 patients, and as much memory
  /// as the replicates.
  ///
  /// - Throws: for patients that are not drawn.
  public init(
    _ correctness: Correctness, draws: PatientDraws? = nil, level: Double = 0.95,
    threads: Int = processorCount
  ) throws(Diagnostic) {
    try correctness.check(draws)
    let (count, patient) = (correctness.systems, correctness.patient)
    // Columns: cases, then right by system.
    let own = PatientSums(columns: 1 + count, patient: patient, cases: patient.indices) {
      index, add in
      add(0, 1)
      for system in 0..<count where correctness.isRight(system, index) { add(1 + system, 1) }
    }
    let (totals, replicates) = (own.totals, own.replicates(draws, threads: threads))
    let sides = (0..<count).flatMap { a in (a + 1..<max(count, a + 1)).map { (a, $0) } }
    var pairs: [Pair] = []
    // Some pairs at a time, so that their sums need little memory.
    for start in stride(from: 0, to: sides.count, by: 256) {
      let some = sides[start..<min(start + 256, sides.count)]
      let sums =
        draws == nil
        ? []
        : PatientSums(columns: some.count, patient: patient, cases: patient.indices) { index, add in
          for (column, (a, b)) in some.enumerated()
          where correctness.isRight(a, index) && correctness.isRight(b, index) {
            add(column, 1)
          }
        }.replicates(draws, threads: threads)
      for (column, (a, b)) in some.enumerated() {
        let point = correctness.agreement(a, b)
        let kappas = zip(replicates, sums).map { own, both in
          Agreement(cases: own[0], first: own[1 + a], second: own[1 + b], both: both[column])
            .kappa.orNaN
        }
        pairs.append(
          Pair(
            first: a, second: b, observed: point.observed, expected: point.expected,
            kappa: Estimate(point: point.kappa, replicates: kappas, level: level)))
      }
    }
    self.pairs = pairs
    mean =
      pairs.isEmpty
      ? Estimate(point: .undefined("\(count) systems, 2 are needed"))
      : Estimate.mean(pairs.map(\.kappa), level: level)
    accuracies = (0..<count).map { system in
      PatientSums.estimate(totals, replicates, level: level) {
        .ratio($0[1 + system], $0[0], or: "0 cases")
      }
    }
    counts = (correctness.count, Set(patient).count)
  }
}

extension Cases {
  /// Whether `[s ≥ threshold]` is the truth; `nil` where the case is not evaluated.
  public func isRight(at threshold: Double) -> [Bool?] {
    zip(scores, truth).map { score, truth in truth.map { $0 == (score >= threshold) } }
  }
}
