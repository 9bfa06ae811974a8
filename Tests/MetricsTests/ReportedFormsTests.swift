import Basics
import Metrics
import Testing

@Suite struct ReportedFormsTests {
  /// MEDFAIR's forms are 1 minus ours, ends of intervals turned round.
  @Test func `MEDFAIR's forms follow from the gaps`() throws {
    let cases = try randomCases(400, patients: 100, seed: 4)
    let groups = cases.patient.map { $0 % 2 == 0 ? "F" : "M" }
    let draws = try PatientDraws(patients: 100, replicates: 40, seed: 4)
    let grouped = try fairness(cases, groups: groups, threshold: 0.5, draws: draws)
    let gap = try #require(grouped[.equalOpportunityDifference]?.estimate)
    let parity = MEDFAIR.parity(gap)
    expectClose(parity.point, 1 - (try #require(gap.point.value)), "parity")
    #expect(abs(try #require(parity.low) - (1 - (try #require(gap.high)))) < 1e-12)
    let fpr = try #require(grouped[.predictiveEqualityDifference]?.estimate.point.value)
    expectClose(
      MEDFAIR.equalizedOdds(grouped).point, 1 - (fpr + (try #require(gap.point.value))) / 2,
      "EqOdd")
  }

  /// The distance is to the best of each metric; an arm that is best in all has none.
  @Test func `the distance to utopia is Euclidean`() {
    let arms: [[Measure]] = [
      [.value(0.9), .value(0.1)], [.value(0.6), .value(0.1)], [.value(0.9), .value(0.5)],
      [.undefined("0 positives"), .value(0.3)], [.value(0.6), .value(0.5)], [],
    ]
    let found = MEDFAIR.distanceToUtopia(arms: arms, higherIsBetter: [true, false])
    expectClose(found[0], 0, "best")
    expectClose(found[1], 0.3, "one off")
    expectClose(found[4], 0.5, "both off")
    #expect(found[3] == .undefined("0 positives") && found[5] == .undefined("0 of 2 metrics"))
    #expect(MEDFAIR.distanceToUtopia(arms: [], higherIsBetter: []).isEmpty)
  }

  /// The ill who are called healthy are the false positives of `No Finding`.
  @Test func `underdiagnosis is the false positive rate of no finding`() throws {
    let cases = try randomCases(300, patients: 300, seed: 2)
    let groups = (0..<300).map { $0 % 2 == 0 ? "F" : "M" }
    let grouped = try fairness(cases, groups: groups, threshold: 0.5)
    let rates = Underdiagnosis.rates(noFinding: grouped)
    #expect(rates.map(\.group) == ["F", "M"])
    for (rate, group) in zip(rates, grouped.byGroup) {
      #expect(rate.underdiagnosis.point == group.estimates[.falsePositiveRate].point)
      let sensitivity = try #require(group.estimates[.sensitivity].point.value)
      expectClose(rate.overdiagnosis.point, 1 - sensitivity, "overdiagnosis")
    }
  }

  /// A mean over findings names those that it lacks, measured or not.
  @Test func `means over findings say what they lack`() {
    let named: [(finding: String, estimate: Estimate)] = [
      ("Edema", Estimate(point: .value(0.5))), ("Cardiomegaly", Estimate(point: .value(0.7))),
      ("Consolidation", Estimate(point: .undefined("0 positives"))),
      ("Fracture", Estimate(point: .value(0.1))),
    ]
    let mean = FindingsMean(named, over: FindingsMean.competition)
    expectClose(mean.mean.point, 0.6, "mean")
    #expect(mean.findings == ["Cardiomegaly", "Edema"])
    #expect(
      mean.undefined.map { "\($0.finding): \($0.reason)" } == [
        "Atelectasis: not measured", "Consolidation: 0 positives", "Pleural Effusion: not measured",
      ])
    #expect(FindingsMean([], over: nil).mean.point.value == nil)
    expectClose(FindingsMean(named).mean.point, 1.3 / 3, "all")
  }

  /// Quantile bins hold equally many and say their edges.
  @Test func `ages fall into quantiles`() throws {
    let ages = (0..<100).map { Double($0) as Double? } + [nil, .nan, -3]
    let bins = try AgeBins(quantiles: 4, of: ages)
    #expect(bins.description == "0–24–49–74+")
    #expect(try AgeBins(quantiles: 4, of: [50, 50, 50, 50]).description == "0–50+")
    #expect(throws: Diagnostic.self) { try AgeBins(quantiles: 4, of: [nil]) }
    #expect(throws: Diagnostic.self) { try AgeBins(quantiles: .max, of: ages) }
  }

  /// Weights near the largest number, and a quantile of no probability, are undefined and no crash.
  @Test func `numbers beyond all numbers are undefined`() throws {
    let confusion = Confusion(
      truePositives: 1e308, falsePositives: 1e308, trueNegatives: 1e308, falseNegatives: 1e308)
    for measure in [
      confusion.accuracy, confusion.matthewsCorrelation, confusion.f1, confusion.theilIndex,
      confusion.generalizedEntropy, confusion.classGap, confusion.likelihoodRatio,
    ] { #expect(measure.value?.isFinite ?? true) }
    #expect(quantile(sorted: [1, 2], at: .nan) == nil)
    let spread = TwoLevel(seeds: 2, replicates: 2, seed: 0)
    #expect(
      spread.mean([Estimate(point: .value(1), replicates: [1, 2])], level: .nan).low == nil)
    let fixed = try ThresholdRule.fixed(.nan).threshold(scores: [1], truth: [true])
    #expect(fixed.value == nil)
  }
}
