import Basics
import Metrics
import Testing

private struct File: Decodable {
  struct Case: Decodable {
    var scores: [Double]
    var truth: [Bool]
    var weights: [Double]?
    var threshold: Double
    var expected: [String: Double?]
    var thresholds: [String: Double?]
  }
  var cases: [String: Case]
}

@Suite struct DiscriminationTests {
  /// Closed forms agree with scikit-learn to 1e-12, and are undefined where it has no number.
  @Test func `closed forms agree with scikit-learn`() throws {
    for (name, sample) in try golden("discrimination", as: File.self).cases {
      let (scores, truth, weights) = (sample.scores, sample.truth, sample.weights)
      let confusion = try Confusion(
        scores: scores, truth: truth, threshold: sample.threshold, weights: weights)
      let measures: [String: Measure] = [
        "auroc": try auroc(scores: scores, truth: truth, weights: weights),
        "auprc_trapezoid": try OperatingPoints(scores: scores, truth: truth, weights: weights)
          .trapezoidAUPRC,
        "average_precision": try averagePrecision(scores: scores, truth: truth, weights: weights),
        "accuracy": confusion.accuracy,
        "accuracy_negative": confusion.specificity,
        "accuracy_positive": confusion.sensitivity,
        "balanced_accuracy": confusion.balancedAccuracy,
        "sensitivity": confusion.sensitivity,
        "specificity": confusion.specificity,
        "fpr": confusion.falsePositiveRate,
        "ppv": confusion.positivePredictiveValue,
        "npv": confusion.negativePredictiveValue,
        "f1": confusion.f1,
        "mcc": confusion.matthewsCorrelation,
        "fnr": confusion.falseNegativeRate,
        "class_gap": confusion.classGap,
        "likelihood_ratio": confusion.likelihoodRatio,
        "generalized_entropy": confusion.generalizedEntropy,
        "theil_index": confusion.theilIndex,
        "ppr": confusion.predictedPositiveRate,
        "prevalence": confusion.prevalence,
        "brier": try brierScore(probabilities: scores, truth: truth, weights: weights),
        "log_loss": try logLoss(probabilities: scores, truth: truth, weights: weights),
        "ece_15": try expectedCalibrationError(
          probabilities: scores, truth: truth, weights: weights),
        "ece_15_equal_mass": try expectedCalibrationError(
          probabilities: scores, truth: truth, bins: .equalMass(15), weights: weights),
        "calibration_in_the_large": try calibrationInTheLarge(
          probabilities: scores, truth: truth, weights: weights),
      ]
      // AIF360 knows no weights that are not whole.
      let missing = Set(measures.keys).subtracting(sample.expected.keys)
      #expect(missing.isEmpty || missing == ["generalized_entropy", "theil_index"])
      #expect(Set(sample.expected.keys).isSubset(of: measures.keys))
      for (key, expected) in sample.expected {
        expectClose(try #require(measures[key]), expected, "\(name): \(key)")
      }
    }
  }

  /// A fitted threshold is the one an exhaustive search finds, the highest of equals.
  @Test func `threshold rules agree with an exhaustive search`() throws {
    var compared = 0
    for (name, sample) in try golden("discrimination", as: File.self).cases {
      for (text, expected) in sample.thresholds {
        let fitted = try ThresholdRule(parsing: text)
          .threshold(scores: sample.scores, truth: sample.truth)
        #expect(fitted.value == expected, "\(name): \(text)")
        compared += 1
      }
    }
    #expect(compared >= 40)
  }

  /// Scores that are not finite and impossible weights are errors that say how many there are.
  @Test func `broken scores and weights are errors by count`() {
    #expect(throws: Diagnostic("2 of 3 scores are NaN or infinite")) {
      try auroc(scores: [.nan, 0.5, .infinity], truth: [true, false, true])
    }
    #expect(throws: Diagnostic("1 of 2 weights are negative or not finite")) {
      try auroc(scores: [0, 1], truth: [true, false], weights: [1, -1])
    }
    #expect(throws: Diagnostic("there are 1 scores for 2 truths")) {
      try averagePrecision(scores: [0], truth: [true, false])
    }
  }

  /// Nothing in is undefined, with a reason.
  @Test func `no cases are undefined`() throws {
    #expect(try auroc(scores: [], truth: []) == .undefined("0 positives"))
    #expect(try brierScore(probabilities: [], truth: []) == .undefined("0 cases"))
    let youden = try ThresholdRule.youden.threshold(scores: [], truth: [])
    #expect(youden == .undefined("0 positives"))
  }
}
