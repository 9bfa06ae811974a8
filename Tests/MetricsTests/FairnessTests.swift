import Basics
import Foundation
import Testing

@testable import Metrics

private struct File: Decodable {
  struct Case: Decodable {
    var scores: [Double]
    var truth: [Bool]
    var groups: [String]
    var threshold: Double
    var expected: [String: Double?]
    var worst: String
    var beside: [String: [String: Double?]]
    var median: [String: Double?]
  }
  var cases: [String: Case]
}

@Suite struct FairnessTests {
  /// Gaps agree with Fairlearn to 1e-12, and are undefined where it has no number.
  @Test func `gaps agree with Fairlearn`() throws {
    for (name, sample) in try golden("fairness", as: File.self).cases {
      let cases = try Cases(
        scores: sample.scores, truth: sample.truth, patient: Array(sample.scores.indices))
      let grouped = try fairness(cases, groups: sample.groups, threshold: sample.threshold)
      for (key, expected) in sample.expected {
        let gap = try #require(Gap(rawValue: key))
        let found = try #require(grouped[gap])
        expectClose(found.estimate.point, expected, "\(name): \(key)")
      }
      #expect(grouped[.worstGroupAUROC]?.lowest == sample.worst)
    }
  }

  /// What stands beside a privileged group agrees with AIF360 to 1e-12, for each group and for all
  /// others together.
  @Test func `comparisons with a privileged group agree with AIF360`() throws {
    for (name, sample) in try golden("fairness", as: File.self).cases {
      let cases = try Cases(
        scores: sample.scores, truth: sample.truth, patient: Array(sample.scores.indices))
      let privileged = ["two groups": "F", "four groups": "0–18", "ratio of nothing": "a"][name]
      let grouped = try fairness(
        cases, groups: sample.groups, threshold: sample.threshold, privileged: privileged)
      #expect(Set(grouped.besidePrivileged.map(\.group)) == Set(sample.beside.keys))
      for found in grouped.besidePrivileged {
        let expected = try #require(sample.beside[found.group])
        for (key, estimate) in [
          ("statistical_parity_difference", found.statisticalParityDifference),
          ("equal_opportunity_difference", found.equalOpportunityDifference),
          ("average_odds_difference", found.averageOddsDifference),
          ("average_abs_odds_difference", found.averageAbsoluteOddsDifference),
          ("disparate_impact", found.disparateImpact),
        ] {
          expectClose(estimate.point, try #require(expected[key]), "\(name) \(found.group) \(key)")
        }
        let impact = found.disparateImpact.point.value
        #expect(found.breaksFourFifthsRule == impact.map { $0 < 0.8 || $0 > 1.25 })
      }
      for difference in grouped.medianDifferences where difference.statistic == .auroc {
        let expected = try #require(sample.median[difference.group])
        expectClose(difference.estimate.point, expected, "\(name) \(difference.group) − median")
      }
    }
    let two = try Cases(scores: [0, 1], truth: [false, true], patient: [0, 1])
    #expect(throws: Diagnostic("the privileged group `X` is not among the groups")) {
      try fairness(two, groups: ["a", "b"], privileged: "X")
    }
  }

  /// With a threshold for each group, every rate is that of the decisions, overall and in the rest too.
  @Test func `groups can have thresholds of their own`() throws {
    let cases = try randomCases(500, patients: 120, seed: 12)
    let groups: [String?] = cases.patient.map { ["a", "b", "c"][$0 % 3] }
    let thresholds = try ThresholdRule.sensitivity(atLeast: 0.8).thresholds(
      of: cases, groups: groups)
    #expect(thresholds.keys.sorted() == ["a", "b", "c"])
    let draws = try PatientDraws(patients: 120, replicates: 20, seed: 2)
    let grouped = try fairness(
      cases, groups: groups, groupThresholds: thresholds, draws: draws, permutations: 20)
    // Shifted by their group's threshold, scores share the threshold 0.
    let margins = try zip(cases.scores, groups).map { score, group in
      score - (try #require(thresholds[group ?? ""]?.value))
    }
    let shifted = try Cases(scores: margins, truth: cases.truth, patient: cases.patient)
    let expected = try fairness(
      shifted, groups: groups, threshold: 0, draws: draws, permutations: 20)
    for statistic in [
      Statistic.accuracy, .sensitivity, .falsePositiveRate, .f1, .predictedPositiveRate,
    ] {
      let (a, b) = (grouped.overall.estimates[statistic], expected.overall.estimates[statistic])
      #expect(a.point == b.point && a.replicates == b.replicates, "\(statistic)")
    }
    for (a, b) in zip(grouped.differences, expected.differences) where a.statistic != .auroc {
      #expect(a.estimate.replicates == b.estimate.replicates)
    }
    #expect(
      grouped[.equalizedOddsDifference]?.pValue == expected[.equalizedOddsDifference]?.pValue)
    #expect((grouped[.equalOpportunityDifference]?.estimate.point.value ?? 1) < 0.2)
    let lacking = try fairness(
      cases, groups: groups,
      groupThresholds: ["a": .value(0.5), "b": .value(0.5), "c": .undefined("0 positives")])
    #expect(
      lacking.overall.estimates[.accuracy].point == .undefined("no threshold for `c`: 0 positives"))
    #expect(lacking.byGroup[0].estimates[.accuracy].point.value != nil)
    #expect(lacking.overall.estimates[.auroc].point.value != nil)
  }

  /// Groups and gaps of every replicate are those of the drawn cases, counted one by one.
  @Test func `gaps are recomputed in every replicate`() throws {
    let cases = try randomCases(600, patients: 150, seed: 8)
    let groups = (0..<600).map { ["a", "b", "c", nil][cases.patient[$0] % 4] }
    let draws = try PatientDraws(patients: 150, replicates: 33, seed: 1)
    let grouped = try fairness(cases, groups: groups, threshold: 0.6, draws: draws)
    #expect(grouped.byGroup.map(\.name) == ["a", "b", "c", "unknown"])
    for replicate in 0..<33 {
      let counts = draws.counts(of: replicate)
      let forms = try ["a", "b", "c"].map { name in
        let drawn = resampled(cases, counts) { groups[$0] == name }
        return try closedForms(drawn.scores, drawn.truth, 0.6)
      }
      for (form, group) in zip(forms, grouped.byGroup) {
        for (statistic, measure) in form {
          let found = Measure(group.estimates[statistic].replicates[replicate], otherwise: "NaN")
          expectClose(found, measure.value, "\(group.name) \(statistic)")
        }
      }
      func spread(_ statistic: Statistic) -> Double {
        let rates = forms.compactMap { $0[statistic]?.value }
        return (rates.max() ?? .nan) - (rates.min() ?? .nan)
      }
      func found(_ gap: Gap) -> Measure {
        Measure(grouped[gap]?.estimate.replicates[replicate] ?? .nan, otherwise: "NaN")
      }
      expectClose(found(.aurocGap), spread(.auroc), "AUROC gap")
      let odds = max(spread(.sensitivity), spread(.falsePositiveRate))
      expectClose(found(.equalizedOddsDifference), odds, "equalized odds")
      for difference in grouped.differences where difference.statistic == .auroc {
        let rest = resampled(cases, counts) {
          groups[$0] != nil && groups[$0] != difference.group
        }
        let group = try #require(["a", "b", "c"].firstIndex(of: difference.group))
        let restAUROC = try auroc(scores: rest.scores, truth: rest.truth)
        let expected = try #require(forms[group][.auroc]) - restAUROC
        let number = difference.estimate.replicates[replicate]
        expectClose(Measure(number, otherwise: "NaN"), expected.value, "difference")
      }
    }
  }

  /// A group that is too small is shown with its counts and a reason, and is in no gap.
  @Test func `small groups are shown and not compared`() throws {
    let cases = try randomCases(400, patients: 400, seed: 3)
    var groups: [String?] = (0..<400).map { $0 % 2 == 0 ? "F" : "M" }
    for index in 0..<5 { groups[index] = "X" }
    let grouped = try fairness(cases, groups: groups, threshold: 0.6)
    let without = try fairness(
      cases, groups: groups.map { $0 == "X" ? nil : $0 }, threshold: 0.6)
    let small = try #require(grouped.byGroup.last)
    #expect(small.name == "X" && small.counts.images >= 3)
    let reason = "\(small.counts.patients) patients, fewer than 10"
    #expect(small.estimates[.auroc].point == .undefined(reason))
    for (a, b) in zip(grouped.gaps, without.gaps) { #expect(a.estimate.point == b.estimate.point) }
  }

  /// A rate among positives needs 5 positives; other rates of the group are given.
  @Test func `a group with few positives has no sensitivity`() throws {
    let truth = (0..<60).map { $0 < 30 ? $0 % 2 == 0 : $0 < 33 }
    let cases = try Cases(
      scores: (0..<60).map { Double(($0 * 7) % 60) / 60 }, truth: truth, patient: Array(0..<60))
    let grouped = try fairness(
      cases, groups: (0..<60).map { $0 < 30 ? "a" : "b" }, threshold: 0.5)
    let few = grouped.byGroup[1].estimates
    #expect(few[.sensitivity].point == .undefined("3 positives, fewer than 5"))
    #expect(few[.falsePositiveRate].point.value != nil)
    #expect(grouped[.predictiveEqualityDifference]?.estimate.point.value != nil)
    #expect(
      grouped[.equalizedOddsDifference]?.estimate.point
        == .undefined("1 of 2 groups can be compared, 2 are needed"))
  }

  /// Missing attributes are the group `unknown`, compared only when asked for.
  @Test func `unknown is a group and not compared`() throws {
    let cases = try randomCases(300, patients: 300, seed: 6)
    let groups: [String?] = (0..<300).map { $0 % 3 == 0 ? nil : "known" }
    let grouped = try fairness(cases, groups: groups, threshold: 0.5)
    #expect(grouped.byGroup.map(\.name) == ["known", "unknown"])
    #expect(grouped.byGroup[1].estimates[.auroc].point.value != nil)
    #expect(
      grouped[.aurocGap]?.estimate.point
        == .undefined("1 of 1 groups can be compared, 2 are needed"))
    #expect(grouped.differences.isEmpty)
    let compared = try fairness(
      cases, groups: groups, threshold: 0.5, rule: GroupRule(comparesUnknown: true))
    #expect(compared[.aurocGap]?.estimate.point.value != nil)
  }

  /// A group of which no case is evaluated is shown with zeros.
  @Test func `a group without evaluated cases is shown`() throws {
    let cases = try Cases(scores: [0, 1, 0.5], truth: [true, false, nil], patient: [0, 1, 2])
    let groups = try fairness(cases, groups: ["F", "F", "M"], threshold: 0.5).byGroup
    #expect(groups.map(\.name) == ["F", "M"])
    #expect(groups[1].counts.images == 0 && groups[1].counts.patients == 0)
    let none = try fairness(
      cases, groups: ["F", "F", "M"], threshold: 0.5,
      rule: GroupRule(patients: 0, positives: 0, negatives: 0))
    #expect(none.byGroup[1].estimates[.auroc].point == .undefined("0 positives"))
    #expect(none[.accuracyGap]?.estimate.point.value == nil)
  }

  /// Without cases, groups or a threshold, gaps are undefined with a reason.
  @Test func `gaps of nothing are undefined`() throws {
    let none = try Cases(scores: [], truth: [], patient: [])
    let empty = try fairness(none, groups: [], permutations: 10)
    #expect(empty.gaps.count == Gap.allCases.count)
    #expect(empty.gaps.allSatisfy { $0.estimate.point.value == nil })
    let cases = try randomCases(200, patients: 200, seed: 6)
    let groups = (0..<200).map { $0 % 2 == 0 ? "F" : "M" }
    let ranked = try fairness(cases, groups: groups)
    #expect(ranked[.aurocGap]?.estimate.point.value != nil)
    #expect(ranked[.demographicParityRatio]?.estimate.point == .undefined("no threshold"))
    #expect(throws: Diagnostic("there are 1 groups for 200 cases")) {
      try fairness(cases, groups: ["F"])
    }
  }

  /// Numbers are the same on one thread and on two, and survive JSON.
  @Test func `threads change nothing`() throws {
    let cases = try randomCases(400, patients: 100, seed: 4)
    let groups = cases.patient.map { $0 % 2 == 0 ? "F" : "M" }
    let draws = try PatientDraws(patients: 100, replicates: 50, seed: 4)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try [1, 2].map { threads in
      try encoder.encode(
        try fairness(
          cases, groups: groups, threshold: 0.5, draws: draws, permutations: 50, threads: threads))
    }
    #expect(json[0] == json[1])
    let copy = try JSONDecoder().decode(Grouped.self, from: json[0])
    #expect(try encoder.encode(copy) == json[0])
  }
}
