import Basics

/// Which cases each of several systems gets right, on the same cases.
public struct Correctness: Sendable {
  /// The patient of each case.
  public let patient: [Int]
  /// A bit for each case, system by system; 1 where it is right.
  private var rows: [[UInt64]] = []
  /// How many cases each system gets right.
  private var right: [Int] = []

  /// No systems yet.
  ///
  /// - Throws: for patients that are negative or too large.
  public init(patient: [Int]) throws(Diagnostic) {
    if let wrong = patient.first(where: { !(0..<Cases.patientLimit).contains($0) }) {
      throw Diagnostic("a case has the patient number \(wrong), not in 0..<\(Cases.patientLimit)")
    }
    self.patient = patient
  }

  /// The cases that all `systems` have; `nil` is a case that a system does not have.
  ///
  /// - Parameter included: the cases to look at; without, all.
  /// - Throws: for lists of different lengths, and patients that are negative or too large.
  init(
    systems: [[Bool?]], patient: [Int], included: [Bool]? = nil
  ) throws(Diagnostic) {
    for system in systems where system.count != patient.count {
      throw Diagnostic(
        "a system has \(system.count) cases, and there are \(patient.count) patients")
    }
    if let included, included.count != patient.count {
      throw Diagnostic("\(included.count) cases are chosen or not, and there are \(patient.count)")
    }
    let cases = patient.indices.filter { index in
      included?[index] != false && systems.allSatisfy { $0[index] != nil }
    }
    // What is left out is checked, too.
    _ = try Correctness(patient: patient)
    try self.init(patient: cases.map { patient[$0] })
    for system in systems { try append(cases.map { system[$0] == true }) }
  }

  /// How many cases there are.
  public var count: Int { patient.count }
  /// How many systems there are.
  public var systems: Int { rows.count }

  /// Adds a system.
  ///
  /// - Throws: where it does not have one answer per case.
  public mutating func append(_ right: [Bool]) throws(Diagnostic) {
    guard right.count == count else {
      throw Diagnostic("a system has \(right.count) cases, and there are \(count) patients")
    }
    var row = [UInt64](repeating: 0, count: (count + 63) / 64)
    for (index, isRight) in right.enumerated() where isRight {
      row[index / 64] |= 1 << (index % 64)
    }
    rows.append(row)
    self.right.append(right.count { $0 })
  }

  /// The systems on the cases at `chosen`, which must be in range.
  public func cases(_ chosen: [Int]) throws(Diagnostic) -> Correctness {
    var some = try Correctness(patient: chosen.map { patient[$0] })
    for system in rows.indices { try some.append(chosen.map { isRight(system, $0) }) }
    return some
  }

  /// The systems at `chosen`, which must be in range.
  public func systems(_ chosen: [Int]) -> Correctness {
    var some = self
    some.rows = chosen.map { rows[$0] }
    some.right = chosen.map { right[$0] }
    return some
  }

  /// Whether a system is right in a case; both must be in range.
  public func isRight(_ system: Int, _ index: Int) -> Bool {
    rows[system][index / 64] >> (index % 64) & 1 == 1
  }

  /// How many systems miss each case.
  public var misses: [Int] {
    (0..<count).map { index in rows.indices.count { !isRight($0, index) } }
  }

  private func bothRight(_ a: Int, _ b: Int) -> Int {
    var sum = 0
    for (x, y) in zip(rows[a], rows[b]) { sum += (x & y).nonzeroBitCount }
    return sum
  }

  /// The error consistency κ of two systems, which must be in range; see ``ErrorConsistency``.
  public func kappa(_ a: Int, _ b: Int) -> Measure { agreement(a, b).kappa }

  func agreement(_ a: Int, _ b: Int) -> Agreement {
    Agreement(
      cases: Double(count), first: Double(right[a]), second: Double(right[b]),
      both: Double(bothRight(a, b)))
  }

  func check(_ draws: PatientDraws?) throws(Diagnostic) {
    if let draws, let last = patient.max(), last >= draws.patients {
      throw Diagnostic("a case has patient \(last), and \(draws.patients) patients are drawn")
    }
  }
}

/// How often two systems are right, each and together: what κ is made of.
struct Agreement {
  var cases, first, second, both: Double

  /// The share of cases that both get right or both get wrong.
  var observed: Measure {
    .ratio(both + (cases - first - second + both), cases, or: "0 cases")
  }

  /// The share expected of independent systems.
  var expected: Measure {
    .ratio(first * second + (cases - first) * (cases - second), cases * cases, or: "0 cases")
  }

  /// The consistency beyond chance.
  var kappa: Measure {
    guard let observed = observed.value, let expected = expected.value else {
      return .undefined("0 cases")
    }
    return .ratio(
      observed - expected, 1 - expected,
      or: first == 0 ? "both are always wrong" : "both are always right")
  }
}
