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
    public let observed: Estimate
    /// The share expected of independent systems.
    public let expected: Estimate
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
    let cases = try commonCases(systems, patient, included, draws)
    let count = systems.count
    let sides = (0..<count).flatMap { a in (a + 1..<max(count, a + 1)).map { (a, $0) } }
    // Columns: cases, right by system, both right by pair.
    let sums = PatientSums(columns: 1 + count + sides.count, patient: patient, cases: cases) {
      index, add in
      add(0, 1)
      for system in 0..<count where systems[system][index] == true { add(1 + system, 1) }
      for (pair, (a, b)) in sides.enumerated()
      where systems[a][index] == true && systems[b][index] == true {
        add(1 + count + pair, 1)
      }
    }
    let (totals, replicates) = (sums.totals, sums.replicates(draws, threads: threads))
    func estimate(_ number: ([Double]) -> Measure) -> Estimate {
      PatientSums.estimate(totals, replicates, level: level, number)
    }
    let pairs = sides.enumerated().map { pair, sides in
      func observed(_ sums: [Double]) -> Measure {
        let (a, b) = (sums[1 + sides.0], sums[1 + sides.1])
        let both = sums[1 + count + pair]
        return .ratio(both + (sums[0] - a - b + both), sums[0], or: "0 cases")
      }
      func expected(_ sums: [Double]) -> Measure {
        let (a, b) = (sums[1 + sides.0], sums[1 + sides.1])
        return .ratio(a * b + (sums[0] - a) * (sums[0] - b), sums[0] * sums[0], or: "0 cases")
      }
      func kappa(_ sums: [Double]) -> Measure {
        guard let observed = observed(sums).value, let expected = expected(sums).value else {
          return .undefined("0 cases")
        }
        return .ratio(
          observed - expected, 1 - expected,
          or: sums[1 + sides.0] == 0 ? "both are always wrong" : "both are always right")
      }
      return Pair(
        first: sides.0, second: sides.1, observed: estimate(observed),
        expected: estimate(expected), kappa: estimate(kappa))
    }
    self.pairs = pairs
    mean =
      pairs.isEmpty
      ? Estimate(point: .undefined("\(count) systems, 2 are needed"))
      : Estimate.mean(pairs.map(\.kappa), level: level)
    accuracies = (0..<count).map { system in
      estimate { .ratio($0[1 + system], $0[0], or: "0 cases") }
    }
    counts = (cases.count, Set(cases.map { patient[$0] }).count)
  }
}

extension Cases {
  /// Whether `[s ≥ threshold]` is the truth; `nil` where the case is not evaluated.
  public func isRight(at threshold: Double) -> [Bool?] {
    zip(scores, truth).map { score, truth in truth.map { $0 == (score >= threshold) } }
  }
}

/// The included cases that every system has.
///
/// - Throws: for lists of different lengths, and patients that are negative or not drawn.
func commonCases(
  _ systems: [[Bool?]], _ patient: [Int], _ included: [Bool]?, _ draws: PatientDraws?
) throws(Diagnostic) -> [Int] {
  for system in systems where system.count != patient.count {
    throw Diagnostic("a system has \(system.count) cases, and there are \(patient.count) patients")
  }
  if let included, included.count != patient.count {
    throw Diagnostic("\(included.count) cases are chosen or not, and there are \(patient.count)")
  }
  if let wrong = patient.first(where: { !(0..<Cases.patientLimit).contains($0) }) {
    throw Diagnostic("a case has the patient number \(wrong), not in 0..<\(Cases.patientLimit)")
  }
  if let draws, let last = patient.max(), last >= draws.patients {
    throw Diagnostic("a case has patient \(last), and \(draws.patients) patients are drawn")
  }
  return patient.indices.filter { index in
    included?[index] != false && systems.allSatisfy { $0[index] != nil }
  }
}
