import Basics
import Metrics
import Testing

private struct File: Decodable {
  struct Pair: Decodable { var observed, expected, kappa: Double }
  var right: [[Bool]]
  var pairs: [String: Pair]
  var mean: Double
  var misses: [Double]
}

@Suite struct ConsistencyTests {
  /// κ is Cohen's κ of what is right, as scikit-learn has it.
  @Test func `consistency agrees with scikit-learn`() throws {
    let file = try golden("consistency", as: File.self)
    let patient = Array(file.right[0].indices)
    let found = try ErrorConsistency(systems: file.right, patient: patient)
    #expect(found.pairs.count == 3 && found.counts.cases == 300)
    for pair in found.pairs {
      let expected = try #require(file.pairs["\(pair.first) \(pair.second)"])
      expectClose(pair.observed, expected.observed, "observed")
      expectClose(pair.expected, expected.expected, "expected")
      expectClose(pair.kappa.point, expected.kappa, "κ")
    }
    expectClose(found.mean.point, file.mean, "mean κ")
    let misses = try CommonMisses(systems: file.right, patient: patient)
    #expect(misses.byCount.compactMap(\.point.value) == file.misses)
    #expect(misses.common.count == Int(file.misses[3]) && misses.atLeast == 3)
    #expect(misses.common.allSatisfy { index in file.right.allSatisfy { !$0[index] } })
  }

  /// Replicates are of the drawn patients, only cases that all systems have count, and threads change
  /// nothing.
  @Test func `consistency is bootstrapped over patients`() throws {
    var stream = RandomStream("consistency", seed: 2)
    let patient = (0..<120).map { $0 / 3 }
    let systems: [[Bool?]] = (0..<3).map { _ in
      patient.map { _ in stream.uniform() < 0.05 ? nil : stream.uniform() < 0.7 }
    }
    let groups: [String?] = patient.map { [nil, "F", "M"][$0 % 3] }
    let included = groups.map { $0 == "F" }
    let draws = try PatientDraws(patients: 40, replicates: 24, seed: 1)
    let found = try ErrorConsistency(
      systems: systems, patient: patient, included: included, draws: draws, threads: 2)
    let misses = try CommonMisses(
      systems: systems, patient: patient, groups: groups, atLeast: 2, draws: draws, threads: 1)
    #expect(misses.groups.map(\.name) == ["F", "M", "unknown"])
    for replicate in 0..<24 {
      let counts = draws.counts(of: replicate)
      let drawn = patient.indices.flatMap { index in
        [Int](repeating: index, count: counts[patient[index]])
      }
      let whole = drawn.filter { index in systems.allSatisfy { $0[index] != nil } }
      let women = whole.filter { included[$0] }
      let again = try ErrorConsistency(
        systems: systems.map { system in women.map { system[$0] } },
        patient: Array(women.indices))
      for (a, b) in zip(found.pairs, again.pairs) {
        expectClose(
          Measure(a.kappa.replicates[replicate], otherwise: "NaN"), b.kappa.point.value, "κ")
      }
      let missed = whole.filter { index in systems.count { $0[index] == false } >= 2 }
      let share = Double(missed.count { included[$0] }) / Double(missed.count)
      let expected = share / (Double(women.count) / Double(whole.count))
      expectClose(
        Measure(misses.groups[0].representation.replicates[replicate], otherwise: "NaN"),
        expected, "representation")
    }
  }

  /// Many pairs are counted bit by bit, without replicates.
  @Test func `a pair has the same consistency alone and among all`() throws {
    var stream = RandomStream("bits", seed: 3)
    let patient = (0..<200).map { $0 / 2 }
    let right = (0..<25).map { _ in patient.map { _ in stream.uniform() < 0.8 } }
    var bits = try Correctness(patient: patient)
    for system in right { try bits.append(system) }
    let draws = try PatientDraws(patients: 100, replicates: 8, seed: 0)
    // More pairs than are summed at a time.
    let found = try ErrorConsistency(bits, draws: draws)
    #expect(found.pairs.count == 300)
    for pair in found.pairs {
      #expect(bits.kappa(pair.first, pair.second) == pair.kappa.point)
      let alone = try ErrorConsistency(bits.systems([pair.first, pair.second]), draws: draws)
      #expect(alone.pairs[0].kappa.replicates == pair.kappa.replicates)
    }
    let some = try bits.cases([3, 5, 199])
    #expect(some.misses == [3, 5, 199].map { index in right.count { !$0[index] } })
    #expect(throws: Diagnostic.self) { try bits.append([true]) }
  }

  /// κ is 1 for a system and itself, 0 for independent ones, and below for those that err elsewhere.
  @Test func `consistency has known ends`() throws {
    let a: [Bool?] = [true, true, false, false]
    func kappa(_ b: [Bool?]) throws -> Measure {
      try ErrorConsistency(systems: [a, b], patient: [0, 1, 2, 3]).pairs[0].kappa.point
    }
    #expect(try kappa(a) == .value(1))
    #expect(try kappa([true, false, true, false]) == .value(0))
    #expect(try kappa([false, false, true, true]) == .value(-1))
    #expect(try kappa([nil, nil, nil, nil]) == .undefined("0 cases"))
    let always: [Bool?] = [true, true, true, true]
    let same = try ErrorConsistency(systems: [always, always], patient: [0, 1, 2, 3])
    #expect(same.mean.point == .undefined("both are always right"))
    let never = always.map { _ in false as Bool? }
    let wrong = try ErrorConsistency(systems: [never, never], patient: [0, 1, 2, 3])
    #expect(wrong.mean.point == .undefined("both are always wrong"))
  }

  /// No systems, one system, and lists that do not fit.
  @Test func `impossible consistencies are errors or undefined`() throws {
    #expect(
      try ErrorConsistency(systems: [], patient: []).mean.point
        == .undefined("0 systems, 2 are needed"))
    let one = try ErrorConsistency(systems: [[true]], patient: [0])
    #expect(one.mean.point.value == nil && one.accuracies[0].point == .value(1))
    #expect(throws: Diagnostic("a system has 1 cases, and there are 2 patients")) {
      try ErrorConsistency(systems: [[true]], patient: [0, 1])
    }
    #expect(throws: Diagnostic.self) { try ErrorConsistency(systems: [[true]], patient: [-1]) }
    #expect(throws: Diagnostic.self) { try ErrorConsistency(systems: [[true]], patient: [.max]) }
    #expect(throws: Diagnostic.self) {
      try CommonMisses(systems: [[true]], patient: [0], groups: [])
    }
    let none = try CommonMisses(systems: [[true, nil]], patient: [0, 1], groups: ["a", "b"])
    #expect(none.groups[0].representation.point == .undefined("0 common misses"))
    #expect(none.groups[1].representation.point == .undefined("0 cases"))
    #expect(none.misses == [0, nil])
    let nobody = try CommonMisses(systems: [], patient: [0, 1])
    #expect(nobody.byCount.map(\.point) == [.undefined("0 models")] && nobody.common.isEmpty)
    let cases = try Cases(
      scores: [0.2, 0.7, 0.5], truth: [false, false, nil], patient: [0, 1, 2])
    #expect(cases.isRight(at: 0.5) == [true, false, nil])
  }

  /// Of three cases that all are of one group the bootstrap never draws another, so its interval
  /// would claim what nobody can know.
  @Test func `A few common misses say nothing of who is over-represented`() throws {
    for (misses, hasInterval) in [(3, false), (9, false), (12, true)] {
      let right = (0..<60).map { $0 >= misses }
      let groups = (0..<60).map { $0 < 20 ? "F" : "M" }
      let draws = try PatientDraws(patients: 60, replicates: 100, seed: 1)
      let found = try CommonMisses(
        systems: [right, right], patient: Array(0..<60), groups: groups, draws: draws, threads: 1)
      let representation = found.groups[0].representation
      #expect(representation.point == .value(3))
      #expect((representation.low != nil) == hasInterval)
      #expect(
        representation.withheld
          == (hasInterval ? nil : "\(misses) common misses, fewer than 10"))
    }
  }
}
