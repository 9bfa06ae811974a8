import Basics
import Metrics
import Testing

private struct FitFile: Decodable {
  struct Case: Decodable {
    var probabilities: [Double]
    var truth: [Bool]
    var weights: [Double]?
    var slope, intercept, at_slope_one: Double?
  }
  var cases: [String: Case]
}

@Suite struct CalibrationTests {
  /// Slope and intercepts agree with statsmodels and SciPy to 1e-8, and are undefined where no fit is
  /// best.
  @Test func `calibration fits agree with statsmodels`() throws {
    for (name, sample) in try golden("calibration_fits", as: FitFile.self).cases {
      let fit = try CalibrationFit(
        probabilities: sample.probabilities, truth: sample.truth, weights: sample.weights)
      for (found, expected, what) in [
        (fit.slope, sample.slope, "slope"), (fit.intercept, sample.intercept, "intercept"),
        (fit.interceptAtSlopeOne, sample.at_slope_one, "intercept at slope 1"),
      ] {
        expectClose(found, expected, "\(name): \(what)", within: 1e-8)
      }
    }
  }

  /// Where nothing can be fitted the reason says so.
  @Test func `fits say why there is none`() throws {
    func fit(_ probabilities: [Double], _ truth: [Bool]) throws -> CalibrationFit {
      try CalibrationFit(probabilities: probabilities, truth: truth)
    }
    #expect(try fit([], []).slope == .undefined("0 positives"))
    #expect(try fit([0.1], [true]).interceptAtSlopeOne == .undefined("0 negatives"))
    #expect(try fit([0.3, 0.3], [true, false]).slope == .undefined("the scores are constant"))
    #expect(
      try fit([0, 1], [false, true]).slope == .undefined("a threshold separates the classes"))
    #expect(throws: Diagnostic("1 of 2 probabilities are not in 0…1")) {
      try fit([0, 1.5], [false, true])
    }
    #expect(throws: Diagnostic("1 of 2 scores are NaN or infinite")) {
      try fit([0, .nan], [false, true])
    }
    // Zeros and ones on the wrong side, and weights as large as numbers go.
    let wrong = try CalibrationFit(
      probabilities: [0, 1, 0.5, 0.5, 1, 0], truth: [true, false, true, false, true, false],
      weights: [1e308, 1e308, 1e308, 1e308, 1e307, 1e307])
    #expect(wrong.slope.value.map { $0 < 0 } == true)
  }

  /// What needs probabilities refuses other scores, by count.
  @Test func `scores that are no probabilities are errors`() {
    let error = Diagnostic("2 of 3 probabilities are not in 0…1")
    let (scores, truth) = ([-0.1, 0.5, 1.1], [true, false, true])
    #expect(throws: error) { try brierScore(probabilities: scores, truth: truth) }
    #expect(throws: error) { try logLoss(probabilities: scores, truth: truth) }
    #expect(throws: error) { try expectedCalibrationError(probabilities: scores, truth: truth) }
    #expect(throws: error) { try calibrationInTheLarge(probabilities: scores, truth: truth) }
    for bins in [0, -1, Int.min, Int.max] {
      #expect(throws: Diagnostic.self) {
        try expectedCalibrationError(probabilities: [1], truth: [true], bins: .equalMass(bins))
      }
    }
  }

  /// Any number can be bootstrapped, and where the fast path has it too, the replicates are the same.
  @Test func `the general bootstrap agrees with the fast one`() throws {
    var stream = RandomStream("general", seed: 1)
    let truth = (0..<80).map { _ in stream.uniform() < 0.4 }
    let scores = truth.map { min(max(0.4 + ($0 ? 0.2 : 0) + 0.2 * stream.normal(), 0), 1) }
    let patient = (0..<80).map { $0 / 2 }
    let cases = try Cases(scores: scores, truth: truth, patient: patient)
    let draws = try PatientDraws(patients: 40, replicates: 30, seed: 2)
    let fast = try evaluate(cases, draws: draws)[.brier]
    let general = bootstrap(draws) { weights in
      let brier = try? brierScore(
        probabilities: scores, truth: truth, weights: patient.map { weights[$0] })
      return brier ?? .undefined("an error")
    }
    expectClose(general.point, fast.point.value, "point")
    for (a, b) in zip(general.replicates, fast.replicates) { #expect(abs(a - b) < 1e-12) }
    let slopes = bootstrap(draws) { weights in
      let fit = try? CalibrationFit(
        probabilities: scores, truth: truth, weights: patient.map { weights[$0] })
      return fit?.slope ?? .undefined("an error")
    }
    let point = try #require(slopes.point.value)
    #expect(try #require(slopes.low) < point && point < (try #require(slopes.high)))
  }
}
