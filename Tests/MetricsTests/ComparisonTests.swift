import Basics
import Testing

@testable import Metrics

private struct Families: Decodable {
  struct Case: Decodable {
    var p, holm, benjamini: [Double]
    enum CodingKeys: String, CodingKey {
      case p, holm
      case benjamini = "benjamini-hochberg"
    }
  }
  var cases: [Case]
}

private struct Accelerated: Decodable {
  struct Case: Decodable {
    var point, low, high: Double
    var replicates, jackknife: [Double]
  }
  var cases: [String: Case]
}

private struct Rankings: Decodable {
  var scores: [Double]
  var truth: [Bool]
  var groups: [String]
  var xauc: [String: Double]
}

@Suite struct ComparisonTests {
  /// Adjusted p-values agree with statsmodels and SciPy, ties included.
  @Test func `adjusted p-values agree with statsmodels`() throws {
    for sample in try golden("families", as: Families.self).cases {
      let family = TestFamily("test", sample.p.map { ("", .value($0)) })
      for (adjustment, expected) in [
        (TestFamily.Adjustment.holm, sample.holm), (.benjaminiHochberg, sample.benjamini),
      ] {
        for (found, expected) in zip(family.adjusted(adjustment), expected) {
          expectClose(found, expected, adjustment.rawValue)
        }
      }
    }
  }

  /// An undefined p-value stays so and does not count.
  @Test func `undefined tests take no part in a family`() {
    let family = TestFamily(
      "arms", [("a", .value(0.02)), ("b", .undefined("0 positives")), ("c", .value(0.03))])
    #expect(family.adjusted(.holm) == [.value(0.04), .undefined("0 positives"), .value(0.04)])
    #expect(TestFamily("none", []).adjusted(.benjaminiHochberg).isEmpty)
    #expect(TestFamily("x", [("a", .value(2))]).adjusted(.holm)[0].value == nil)
  }

  /// BCa intervals agree with SciPy's from the same replicates.
  @Test func `accelerated intervals agree with SciPy`() throws {
    for (name, sample) in try golden("bca", as: Accelerated.self).cases {
      let found = Estimate(point: .value(sample.point), replicates: sample.replicates)
        .accelerated(jackknife: sample.jackknife)
      expectClose(
        Measure(found.low ?? .nan, otherwise: ""), sample.low, "\(name): low", within: 1e-10)
      expectClose(
        Measure(found.high ?? .nan, otherwise: ""), sample.high, "\(name): high", within: 1e-10)
    }
  }

  /// Without a patient each: by reweighting and by leaving out the cases, and in lots where there are
  /// many patients.
  @Test func `the jackknife leaves out patients`() throws {
    let cases = try randomCases(90, patients: 30, seed: 4, areProbabilities: true)
    let set = RankedCases(
      order: cases.ranked, cases: cases, slot: cases.patient, decision: .threshold(0.5),
      scope: .everything)
    let without = jackknife([set], patients: 31, slots: 30, threads: 2)[0]
    #expect(without.count == 31)
    for patient in 0..<31 {
      var counts = [Int](repeating: 1, count: 31)
      counts[patient] = 0
      let left = resampled(cases, counts)
      for (statistic, measure) in try closedForms(left.scores, left.truth, 0.5) {
        expectClose(
          statistic.measure(of: without[patient]), measure.value, "\(statistic) without \(patient)")
      }
    }
    let many = try randomCases(2_500, patients: 2_500, seed: 4)
    let draws = try PatientDraws(patients: 2_500, replicates: 200, seed: 1)
    let plain = try evaluate(many, threshold: 0.5, draws: draws)[.auroc]
    let bca = try evaluate(many, threshold: 0.5, draws: draws, interval: .bca)[.auroc]
    #expect(plain.replicates == bca.replicates)
    let (a, b) = (try #require(plain.low), try #require(bca.low))
    #expect(a != b && abs(a - b) < 0.01)
    let beyond = Estimate(point: .value(5), replicates: [1, 2, 3]).accelerated(jackknife: [1, 2])
    #expect(beyond.low == nil && beyond.withheld == "the number lies beyond all replicates")
    let flat = Estimate(point: .value(2), replicates: [1, 2, 3]).accelerated(jackknife: [2, 2])
    #expect(flat.withheld == "the number does not vary from patient to patient")
  }

  /// Cross-group AUROCs are the share of pairs, ties at ½, also in every replicate.
  @Test func `cross-group rankings agree with their definition`() throws {
    let file = try golden("xauc", as: Rankings.self)
    let cases = try Cases(
      scores: file.scores, truth: file.truth, patient: Array(file.scores.indices))
    let draws = try PatientDraws(patients: cases.count, replicates: 40, seed: 1)
    let found = try crossGroupRankings(cases, groups: file.groups, draws: draws)
    #expect(found.map { "\($0.first) \($0.second)" } == ["a b", "a c", "b c"])
    for ranking in found {
      let (a, b) = (ranking.first, ranking.second)
      expectClose(ranking.firstOverSecond.point, file.xauc["\(a) \(b)"], "xAUC")
      expectClose(ranking.secondOverFirst.point, file.xauc["\(b) \(a)"], "xAUC back")
      expectClose(
        ranking.gap.point,
        try #require(file.xauc["\(a) \(b)"]) - (try #require(file.xauc["\(b) \(a)"])), "gap")
      #expect(ranking.gap.low != nil)
      for replicate in [0, 39] {
        let counts = draws.counts(of: replicate)
        let drawn = resampled(cases, counts) { file.groups[$0] == (file.truth[$0] ? a : b) }
        expectClose(
          Measure(ranking.firstOverSecond.replicates[replicate], otherwise: "NaN"),
          try auroc(scores: drawn.scores, truth: drawn.truth).value, "replicate")
      }
    }
    let few = try crossGroupRankings(
      cases, groups: file.groups, rule: GroupRule(positives: 1_000))
    #expect(few[0].gap.point.reason?.hasSuffix("fewer than 1000") == true)
    let none = try Cases(scores: [], truth: [], patient: [])
    #expect(try crossGroupRankings(none, groups: []).isEmpty)
  }

  /// Two arms with the same scores do not differ; one that ranks better does; the sign is a minus b;
  /// threads change nothing.
  @Test func `a paired permutation test finds a difference`() throws {
    var stream = RandomStream("paired", seed: 1)
    let patient = (0..<240).map { $0 / 2 }
    let truth = patient.map { _ in stream.uniform() < 0.4 }
    func arm(_ shift: Double) throws -> ScoredSystem {
      let scores = truth.map { 1 / (1 + pow2(-stream.normal() - ($0 ? shift : 0))) }
      return ScoredSystem(
        try Cases(scores: scores, truth: truth, patient: patient), threshold: 0.6)
    }
    func pow2(_ x: Double) -> Double { x < 0 ? 1 / (1 - x) : 1 + x }
    let (weak, strong) = (try arm(0.3), try arm(2))
    for statistic in [Statistic.auroc, .balancedAccuracy, .brier] {
      let test = try pairedPermutationTest(
        [strong, strong], [weak, weak], statistic, permutations: 199, seed: 1, threads: 1)
      #expect(test.pValue == .value(1.0 / 200), "\(statistic)")
      let better = try #require(test.difference.value) > 0
      #expect(better == statistic.higherIsBetter)
      let two = try pairedPermutationTest(
        [strong, strong], [weak, weak], statistic, permutations: 199, seed: 1, threads: 2)
      #expect(test.pValue == two.pValue && test.difference == two.difference)
    }
    let a = try evaluate(strong.cases, threshold: 0.6)
    let b = try evaluate(weak.cases, threshold: 0.6)
    let test = try pairedPermutationTest([strong], [weak], .f1, permutations: 9, seed: 1)
    expectClose(test.difference, (a[.f1].point - b[.f1].point).value, "difference")
    let same = try pairedPermutationTest([weak], [weak], .auroc, permutations: 99, seed: 1)
    #expect(same.difference == .value(0) && same.pValue == .value(1))
  }

  /// What cannot be compared is undefined or an error.
  @Test func `impossible paired tests are errors or undefined`() throws {
    let one = ScoredSystem(try Cases(scores: [1, 0], truth: [true, true], patient: [0, 1]))
    let other = ScoredSystem(try Cases(scores: [1, 0], truth: [true, nil], patient: [0, 1]))
    func test(_ a: [ScoredSystem], _ b: [ScoredSystem], _ statistic: Statistic = .auroc) throws
      -> Measure
    { try pairedPermutationTest(a, b, statistic, permutations: 9, seed: 0).pValue }
    #expect(try test([one], [one]) == .undefined("0 negatives"))
    #expect(try test([one], [one], .accuracy) == .undefined("no threshold"))
    #expect(try test([], []) == .undefined("0 seeds"))
    #expect(throws: Diagnostic("one arm has 1 seeds and the other 0")) { try test([one], []) }
    #expect(throws: Diagnostic("the arms do not have the same cases, patients and truth")) {
      try test([one], [other])
    }
    let none = ScoredSystem(try Cases(scores: [], truth: [], patient: []))
    #expect(try test([none], [none]) == .undefined("0 cases"))
  }
}
