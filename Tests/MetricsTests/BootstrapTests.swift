import Basics
import Foundation
import Testing

@testable import Metrics

@Suite struct BootstrapTests {
  /// Reweighting gives in every replicate what counting the drawn cases one by one gives.
  @Test(arguments: [
    (300, 60, 20.0, 0.3), (300, 200, 1e9, 0.3), (40, 9, 4, 0.1), (60, 5, 1, 0.9), (1, 1, 4, 1),
  ])
  func `reweighting equals resampling`(
    count: Int, patients: Int, steps: Double, positives: Double
  ) throws {
    let cases = try randomCases(
      count, patients: patients, seed: count, steps: steps, positives: positives)
    let draws = try PatientDraws(patients: patients, replicates: 61, seed: 3)
    let threshold = 0.6
    let estimates = try evaluate(cases, threshold: threshold, draws: draws)
    let plain = resampled(cases, [Int](repeating: 1, count: patients))
    for (statistic, measure) in try closedForms(plain.scores, plain.truth, threshold) {
      expectClose(estimates[statistic].point, measure.value, statistic.rawValue)
      #expect(estimates[statistic].point.reason == measure.reason)
    }
    for replicate in 0..<draws.replicates {
      let drawn = resampled(cases, draws.counts(of: replicate))
      for (statistic, measure) in try closedForms(drawn.scores, drawn.truth, threshold) {
        let number = estimates[statistic].replicates[replicate]
        let name = "\(statistic.rawValue) in replicate \(replicate)"
        expectClose(Measure(number, otherwise: "NaN"), measure.value, name)
      }
    }
  }

  /// Sums over probabilities are those of the drawn cases too; bins of equal mass keep their edges.
  @Test(arguments: [(300, 60, 20.0, 0.3), (300, 200, 1e9, 0.3), (40, 9, 4, 0.1), (1, 1, 4, 1)])
  func `calibration is recomputed in every replicate`(
    count: Int, patients: Int, steps: Double, positives: Double
  ) throws {
    let cases = try randomCases(
      count, patients: patients, seed: count, steps: steps, positives: positives,
      areProbabilities: true)
    let draws = try PatientDraws(patients: patients, replicates: 21, seed: 3)
    let estimates = try evaluate(cases, draws: draws)
    let plain = resampled(cases, [Int](repeating: 1, count: patients))
    let evaluated = cases.truth.indices.filter { cases.truth[$0] != nil }
    for replicate in 0..<draws.replicates {
      let counts = draws.counts(of: replicate)
      let drawn = resampled(cases, counts)
      var expected = try calibrationForms(drawn.scores, drawn.truth)
      expected[.calibrationErrorByMass] = try expectedCalibrationError(
        probabilities: plain.scores, truth: plain.truth, bins: .equalMass(15),
        weights: evaluated.map { Double(counts[cases.patient[$0]]) })
      for (statistic, measure) in expected {
        let number = estimates[statistic].replicates[replicate]
        let name = "\(statistic.rawValue) in replicate \(replicate)"
        expectClose(Measure(number, otherwise: "NaN"), measure.value, name)
      }
    }
    let wide = try randomCases(60, patients: 9, seed: 1)
    let outside = wide.scores.count { $0 > 1 }
    let reason = Measure.undefined("\(outside) of 60 scores are not in 0…1")
    #expect(try outside > 0 && evaluate(wide)[.brier].point == reason)
    #expect(try evaluate(wide)[.auroc].point.value != nil)
  }

  /// The threshold may lie below, between, on and above all scores.
  @Test(arguments: [-1, 0.2, 0.25, 0.5, 1.25, 2])
  func `every place of the threshold is counted rightly`(threshold: Double) throws {
    let cases = try randomCases(80, patients: 80, seed: 5, steps: 4)
    let plain = resampled(cases, [Int](repeating: 1, count: 80))
    let estimates = try evaluate(cases, threshold: threshold)
    for (statistic, measure) in try closedForms(plain.scores, plain.truth, threshold) {
      expectClose(estimates[statistic].point, measure.value, statistic.rawValue)
    }
  }

  /// The numbers are the same on one thread and on two.
  @Test func `threads change nothing`() throws {
    let cases = try randomCases(500, patients: 100, seed: 1)
    let one = try PatientDraws(patients: 100, replicates: 200, seed: 9, threads: 1)
    let two = try PatientDraws(patients: 100, replicates: 200, seed: 9, threads: 2)
    #expect(one.counts == two.counts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let a = try evaluate(cases, threshold: 0.5, draws: one, threads: 1)
    let b = try evaluate(cases, threshold: 0.5, draws: two, threads: 2)
    #expect(try encoder.encode(a) == encoder.encode(b))
  }

  /// A replicate is the same whether few or many are drawn, and draws as many patients as there are.
  @Test func `a replicate stands on its own`() throws {
    let few = try PatientDraws(patients: 50, replicates: 3, seed: 4)
    let many = try PatientDraws(patients: 50, replicates: 100, seed: 4)
    let other = try PatientDraws(patients: 50, replicates: 3, seed: 5)
    #expect(few.counts(of: 2) == many.counts(of: 2))
    #expect(few.counts(of: 2) != many.counts(of: 3))
    #expect(few.counts(of: 2) != other.counts(of: 2))
    #expect((0..<100).allSatisfy { many.counts(of: $0).reduce(0, +) == 50 })
  }

  /// With strata each replicate has as many patients of each as there are; without, it need not.
  @Test func `strata keep their size`() throws {
    let strata = (0..<40).map { $0 < 4 ? 7 : 2 }
    let draws = try PatientDraws(patients: 40, replicates: 50, seed: 4, strata: strata)
    let counts = (0..<50).map { draws.counts(of: $0) }
    #expect(counts.allSatisfy { $0[..<4].reduce(0, +) == 4 && $0[4...].reduce(0, +) == 36 })
    #expect(Set(counts).count == 50)
    let free = try PatientDraws(patients: 40, replicates: 50, seed: 4)
    #expect((0..<50).contains { free.counts(of: $0)[..<4].reduce(0, +) != 4 })
    #expect(throws: Diagnostic("there are 1 strata for 2 patients")) {
      try PatientDraws(patients: 2, replicates: 1, seed: 0, strata: [0])
    }
  }

  /// Patients whose cases are not evaluated are drawn all the same.
  @Test func `patients are drawn before cases are dropped`() throws {
    let cases = try Cases(
      scores: [0.1, 0.9, 0.5, 0.6], truth: [false, true, nil, nil], patient: [0, 1, 2, 3])
    let draws = try PatientDraws(patients: 4, replicates: 400, seed: 1)
    let estimate = try evaluate(cases, draws: draws)[.auroc]
    let missing = (0..<400).count { draws.counts(of: $0)[0] == 0 || draws.counts(of: $0)[1] == 0 }
    #expect(estimate.point == .value(1))
    #expect(estimate.undefinedReplicates == missing && missing > 100)
  }

  /// An interval is withheld, with the reason, above 5 % undefined replicates.
  @Test func `an interval on many undefined replicates is withheld`() {
    let withheld = Estimate(
      point: .value(1), replicates: [.nan, .nan] + [Double](repeating: 1, count: 18))
    #expect(withheld.low == nil && withheld.undefinedReplicates == 2)
    #expect(withheld.withheld == "undefined in 2 of 20 replicates")
    let given = Estimate(point: .value(1), replicates: [.nan] + (1...19).map(Double.init))
    expectClose(Measure(given.low ?? .nan, otherwise: "withheld"), 1.45, "low")
    expectClose(Measure(given.high ?? .nan, otherwise: "withheld"), 18.55, "high")
    #expect(Estimate(point: .undefined("0 positives"), replicates: [1, 2]).low == nil)
  }

  private struct Quantiles: Decodable {
    var values, at, expected: [Double]
  }

  /// Quantiles are those of NumPy.
  @Test func `quantiles agree with numpy`() throws {
    let file = try golden("quantiles", as: Quantiles.self)
    let sorted = file.values.sorted()
    #expect(file.at.map { quantile(sorted: sorted, at: $0) } == file.expected)
    #expect(quantile(sorted: [], at: 0.5) == nil)
    #expect(quantile(sorted: [2], at: 0.5) == 2)
  }

  /// About 95 of 100 intervals hold the truth; patients with several alike cases are one draw.
  @Test func `intervals cover the truth`() throws {
    var stream = RandomStream("coverage", seed: 0)
    var covered = 0
    for trial in 0..<200 {
      // Scores N(0, 1) and N(1, 1), so the AUROC is Φ(1/√2); three equal images per patient.
      let patients = 120
      let positive = (0..<patients).map { $0 % 3 == 0 }
      let score = positive.map { stream.normal() + ($0 ? 1 : 0) }
      let patient = (0..<3 * patients).map { $0 / 3 }
      let cases = try Cases(
        scores: patient.map { score[$0] }, truth: patient.map { positive[$0] }, patient: patient)
      let draws = try PatientDraws(patients: patients, replicates: 300, seed: trial)
      let estimate = try evaluate(cases, draws: draws)[.auroc]
      let (low, high) = (try #require(estimate.low), try #require(estimate.high))
      if low <= 0.760_249_938 && 0.760_249_938 <= high { covered += 1 }
    }
    #expect((178...198).contains(covered), "\(covered) of 200")
  }

  /// What an evaluation cannot use is an error.
  @Test func `impossible evaluations are errors`() throws {
    let cases = try Cases(scores: [0.1, 0.9], truth: [false, true], patient: [0, 7])
    let draws = try PatientDraws(patients: 7, replicates: 8, seed: 0)
    #expect(throws: Diagnostic("a case has patient 7, and 7 patients are drawn")) {
      try evaluate(cases, draws: draws)
    }
    #expect(throws: Diagnostic("the threshold is NaN")) { try evaluate(cases, threshold: .nan) }
    #expect(throws: Diagnostic.self) { try evaluate(cases, level: 1) }
    #expect(throws: Diagnostic("1 of 1 scores are NaN or infinite")) {
      try Cases(scores: [.nan], truth: [nil], patient: [0])
    }
    #expect(throws: Diagnostic.self) { try Cases(scores: [0], truth: [nil], patient: [-1]) }
    #expect(throws: Diagnostic.self) { try Cases(scores: [0], truth: [nil], patient: [.max]) }
    #expect(throws: Diagnostic.self) { try PatientDraws(patients: -1, replicates: 1, seed: 0) }
    #expect(throws: Diagnostic.self) { try PatientDraws(patients: .max, replicates: 2, seed: 0) }
  }

  /// No cases, no patients and no replicates are undefined measures, not crashes.
  @Test func `empty evaluations are undefined`() throws {
    let cases = try Cases(scores: [], truth: [], patient: [])
    let draws = try PatientDraws(patients: 0, replicates: 10, seed: 0)
    let estimates = try evaluate(cases, threshold: 0.5, draws: draws)
    #expect(estimates[.auroc].point == .undefined("0 positives"))
    #expect(estimates[.accuracy].point == .undefined("0 cases"))
    let none = try PatientDraws(patients: 3, replicates: 0, seed: 0)
    let one = try Cases(scores: [1], truth: [true], patient: [2])
    #expect(try evaluate(one, draws: none)[.prevalence].point == .value(1))
    #expect(try evaluate(one)[.accuracy].point == .undefined("no threshold"))
  }

  /// JSON keeps estimates exactly, undefined replicates included.
  @Test func `estimates survive JSON`() throws {
    let cases = try randomCases(30, patients: 6, seed: 2, positives: 0.1)
    let draws = try PatientDraws(patients: 6, replicates: 40, seed: 2)
    let estimates = try evaluate(cases, draws: draws)
    let copy = try JSONDecoder().decode(
      Estimates.self, from: try JSONEncoder().encode(estimates))
    for (statistic, estimate) in estimates {
      #expect(copy[statistic].point == estimate.point)
      #expect(
        copy[statistic].replicates.map(\.bitPattern) == estimate.replicates.map(\.bitPattern))
      #expect(copy[statistic].low == estimate.low)
    }
    let text = String(decoding: try JSONEncoder().encode(Measure.undefined("x")), as: UTF8.self)
    #expect(text == #"{"undefined":"x"}"#)
  }
}
