import Testing

@testable import Metrics

/// Numbers that need passes of their own.
@Suite struct SweptNumbersTests {
  /// Newton's steps from the fit of all cases end where a fit of the replicate's own cases does.
  @Test func `calibration fits of replicates are fits of the cases drawn`() throws {
    let cases = try randomCases(
      150, patients: 60, seed: 6, steps: 40, positives: 0.4, areProbabilities: true)
    let draws = try PatientDraws(patients: 60, replicates: 30, seed: 2)
    let found = try CalibrationEstimates(cases, draws: draws, interval: .bca, threads: 2)
    for replicate in 0..<30 {
      let drawn = resampled(cases, draws.counts(of: replicate))
      let fit = try CalibrationFit(probabilities: drawn.scores, truth: drawn.truth)
      for (measure, estimate) in [
        (fit.slope, found.slope), (fit.intercept, found.intercept),
        (fit.interceptAtSlopeOne, found.interceptAtSlopeOne),
      ] {
        #expect(abs(estimate.replicates[replicate] - measure.orNaN) < 1e-6)
      }
    }
    let whole = resampled(cases, [Int](repeating: 1, count: 60))
    let fit = try CalibrationFit(probabilities: whole.scores, truth: whole.truth)
    #expect(found.slope.point == fit.slope && found.intercept.point == fit.intercept)
    for patient in [0, 59] {
      var counts = [Int](repeating: 1, count: 60)
      counts[patient] = 0
      let left = resampled(cases, counts)
      let fit = try CalibrationFit(probabilities: left.scores, truth: left.truth)
      #expect(abs(found.slope.jackknife[patient] - fit.slope.orNaN) < 1e-6)
    }
  }

  /// What cannot be fitted has a reason, also where single replicates cannot.
  @Test func `calibration without a fit says why`() throws {
    let draws = try PatientDraws(patients: 4, replicates: 100, seed: 2)
    func estimates(_ scores: [Double], _ truth: [Bool?]) throws -> CalibrationEstimates {
      try CalibrationEstimates(
        Cases(scores: scores, truth: truth, patient: [0, 1, 2, 3]), draws: draws)
    }
    let outside = try estimates([0.1, 0.2, 1.5, -3], [true, false, nil, true])
    #expect(outside.slope.point == .undefined("2 of 4 scores are not in 0…1"))
    #expect(outside.interceptAtSlopeOne.point == outside.slope.point)
    let separated = try estimates([0.1, 0.2, 0.8, 0.9], [false, false, true, true])
    #expect(separated.slope.point == .undefined("a threshold separates the classes"))
    #expect(separated.interceptAtSlopeOne.point.value != nil)
    let mixed = try estimates([0.1, 0.6, 0.4, 0.9], [false, false, true, true])
    #expect(mixed.slope.point.value != nil && mixed.slope.low == nil)
    #expect(mixed.slope.withheld?.hasPrefix("undefined in ") == true)
    let oneClass = try estimates([0.1, 0.2, 0.8, 0.9], [false, false, nil, false])
    #expect(oneClass.intercept.point == .undefined("0 positives"))
    #expect(oneClass.intercept.replicates.isEmpty)
  }

  /// In every replicate the operating point is chosen anew.
  @Test func `sensitivities at specificities and back agree with operating points`() throws {
    for (seed, steps) in [(1, 6.0), (2, 200.0)] {
      let cases = try randomCases(120, patients: 40, seed: seed, steps: steps, positives: 0.4)
      let draws = try PatientDraws(patients: 41, replicates: 50, seed: 2)
      let rates = [0, 0.5, 0.9, 0.95, 1]
      let found = try GivenRates(
        cases, atSpecificity: rates, atSensitivity: rates, draws: draws, interval: .bca)
      func expectAlike(_ counts: [Int], _ number: (Estimate) -> Double) throws {
        let drawn = resampled(cases, counts)
        let points = try OperatingPoints(scores: drawn.scores, truth: drawn.truth)
        for (index, rate) in rates.enumerated() {
          let sensitivity = points.sensitivity(atSpecificity: rate)
          let specificity = points.specificity(atSensitivity: rate)
          expectClose(sensitivity, number(found.sensitivities[index]), "sensitivity at \(rate)")
          expectClose(specificity, number(found.specificities[index]), "specificity at \(rate)")
        }
      }
      let ones = [Int](repeating: 1, count: 41)
      try expectAlike(ones) { $0.point.orNaN }
      for replicate in 0..<50 {
        try expectAlike(draws.counts(of: replicate)) { $0.replicates[replicate] }
      }
      for patient in [0, 17, 40] {
        var counts = ones
        counts[patient] = 0
        try expectAlike(counts) { $0.jackknife[patient] }
      }
    }
  }

  /// The accelerated interval of a mean is that of the mean's own jackknife.
  @Test func `a mean of accelerated estimates is accelerated`() throws {
    let draws = try PatientDraws(patients: 60, replicates: 300, seed: 2)
    let estimates = try [1, 2].map { seed in
      try evaluate(
        randomCases(150, patients: 60, seed: seed), threshold: 0.5, draws: draws, interval: .bca)[
          .auroc]
    }
    let mean = Estimate.mean(estimates)
    let jackknife = zip(estimates[0].jackknife, estimates[1].jackknife).map { ($0 + $1) / 2 }
    let expected = Estimate(point: mean.point, replicates: mean.replicates)
      .accelerated(jackknife: jackknife)
    #expect(mean.low == expected.low && mean.high == expected.high && mean.low != nil)
    var plain = estimates[1]
    plain.jackknife = []
    let mixed = Estimate.mean([estimates[0], plain])
    #expect(mixed.low == Estimate(point: mean.point, replicates: mean.replicates).low)
  }

  /// Fewer points draw the same curve.
  @Test func `corners of a precision–recall curve keep both ends of every fall`() throws {
    let cases = try randomCases(200, patients: 50, seed: 3, steps: 1_000)
    let order = cases.ranked
    let points = try OperatingPoints(
      scores: order.map { cases.scores[$0] }, truth: order.map { cases.truth[$0] == true })
    let (all, corners) = (
      points.precisionRecallCurve(corners: false).points, points.precisionRecallCurve().points
    )
    #expect(corners.count < all.count && Set(corners).isSubset(of: all))
    func area(_ points: [CurvePoint]) -> Double {
      zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2 }
    }
    #expect(abs(area(all) - area(corners)) < 1e-12)
  }
}
