import Basics
import Foundation
import Testing

@testable import Metrics

/// Cases of two groups, one per patient; scores of group `b` are shifted by `shift`.
private func twoGroups(_ count: Int, shift: Double, seed: Int) throws -> (Cases, [String]) {
  var stream = RandomStream("two groups", seed: seed)
  let groups = (0..<count).map { $0 % 2 == 0 ? "a" : "b" }
  let truth = (0..<count).map { _ in stream.uniform() < 0.4 }
  let scores = zip(groups, truth).map { group, positive in
    stream.normal() + (positive ? 1 : 0) + (group == "b" ? shift : 0)
  }
  return (try Cases(scores: scores, truth: truth, patient: Array(0..<count)), groups)
}

@Suite struct InferenceTests {
  /// Where the attribute says nothing, small p-values are as rare as they should be, and the
  /// simultaneous intervals hold zero about 95 times in 100.
  @Test func `no gap is found where there is none`() throws {
    var (small, held) = (0, 0)
    for trial in 0..<120 {
      let (cases, groups) = try twoGroups(160, shift: 0, seed: trial)
      let draws = try PatientDraws(patients: 160, replicates: 200, seed: trial)
      let grouped = try fairness(
        cases, groups: groups, threshold: 0.5, draws: draws, permutations: 99, seed: trial)
      let pValue = try #require(grouped[.demographicParityDifference]?.pValue?.value)
      if pValue <= 0.1 { small += 1 }
      let differences = grouped.differences.filter { $0.statistic == .predictedPositiveRate }
      let holds = differences.allSatisfy {
        ($0.estimate.low ?? 1) <= 0 && 0 <= $0.estimate.high ?? -1
      }
      if holds { held += 1 }
    }
    #expect((3...24).contains(small), "\(small) of 120 p-values are at most 0.1")
    #expect((106...120).contains(held), "\(held) of 120 intervals hold zero")
  }

  /// A wide gap is found by the p-value and by the difference from the rest, with its sign.
  @Test func `a gap is found where there is one`() throws {
    let (cases, groups) = try twoGroups(300, shift: 1.5, seed: 1)
    let draws = try PatientDraws(patients: 300, replicates: 200, seed: 1)
    let grouped = try fairness(
      cases, groups: groups, threshold: 0.5, draws: draws, permutations: 199)
    #expect(grouped[.demographicParityDifference]?.pValue == .value(1.0 / 200))
    #expect(grouped[.demographicParityRatio]?.pValue == .value(1.0 / 200))
    #expect(grouped[.worstGroupAUROC]?.pValue == nil)
    #expect(grouped[.demographicParityDifference]?.lowest == "a")
    #expect(grouped[.demographicParityDifference]?.highest == "b")
    let differences = grouped.differences.filter { $0.statistic == .predictedPositiveRate }
    #expect(differences.map(\.group) == ["a", "b"])
    #expect((differences[0].estimate.high ?? 1) < 0)
    #expect((differences[1].estimate.low ?? -1) > 0)
  }

  /// All images of a patient keep one group when the attribute is permuted: 12 patients with 40 equal
  /// images each are 12 draws, which cannot give a small p-value.
  @Test func `permutations move patients and not images`() throws {
    let patient = (0..<480).map { $0 / 40 }
    let cases = try Cases(
      scores: patient.map { [5, 6, 7, 8].contains($0) ? 1 : 0 },
      truth: patient.indices.map { $0 % 2 == 0 }, patient: patient)
    let grouped = try fairness(
      cases, groups: patient.map { $0 < 6 ? "a" : "b" }, threshold: 0.5,
      rule: GroupRule(patients: 2), permutations: 199)
    let pValue = try #require(grouped[.demographicParityDifference]?.pValue?.value)
    #expect(pValue > 0.2)
  }

  /// One difference: max-t is point ± the quantile of |replicate − point|, since the deviation cancels.
  @Test func `simultaneous intervals of one group are known`() throws {
    let estimate = Estimate(point: .value(1), replicates: [0, 0.5, 1.25, 1.5, 3])
    let interval = simultaneous([estimate], level: 0.5)[0]
    expectClose(Measure(interval.low ?? .nan, otherwise: ""), 0.5, "low")
    expectClose(Measure(interval.high ?? .nan, otherwise: ""), 1.5, "high")
    // Two alike are as wide as one, and an undefined one does not disturb.
    let none = Estimate(point: .undefined("0 positives"))
    let family = simultaneous([estimate, none, estimate], level: 0.5)
    #expect(family[0].low == interval.low && family[2].high == interval.high)
    #expect(family[1].low == nil)
    let broken = Estimate(point: .value(1), replicates: [0, .nan, 1.25, 1.5, 3])
    #expect(simultaneous([broken], level: 0.5)[0].withheld == "undefined in 1 of 5 replicates")
  }
}
