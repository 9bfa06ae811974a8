/// What one pass over ranked cases counts, and what every statistic is computed from.
///
/// All are sums of whole weights, hence exact in a Double, but for the areas under the precision–recall
/// curve and the sums over probabilities.
struct Tally {
  /// The weight of positives.
  var positives = 0.0
  /// The weight of negatives.
  var negatives = 0.0
  /// The weight of positives that are predicted positive.
  var truePositives = 0.0
  /// The weight of negatives that are predicted positive.
  var falsePositives = 0.0
  /// The weight of positive–negative pairs that are ranked rightly, ties at ½.
  var pairs = 0.0
  /// The sum over positives of the precision at their score.
  var precision = 0.0
  /// The sum over positives of the mean of the precisions at their score and just above it.
  var trapezoids = 0.0
  /// The sums over probabilities, where the scores are some.
  var calibration: Calibration?

  struct Calibration {
    /// Σ w (y − s).
    var excess: Double
    /// Σ w (s − y)².
    var squaredError: Double
    /// −Σ w ln P(y).
    var logLoss: Double
    /// Σ over bins of equal width of |Σ w (y − s)|.
    var excessByWidth: Double
    /// Σ over bins of equal mass of |Σ w (y − s)|.
    var excessByMass: Double
  }

  /// The counts at the threshold.
  var confusion: Confusion {
    Confusion(
      truePositives: truePositives, falsePositives: falsePositives,
      trueNegatives: negatives - falsePositives, falseNegatives: positives - truePositives)
  }

  /// A mean over cases of a sum over probabilities.
  func mean(_ sum: (Calibration) -> Double) -> Measure {
    guard positives + negatives > 0 else { return .undefined("0 cases") }
    guard let calibration else { return .undefined("the scores are not all in 0…1") }
    return .ratio(sum(calibration), positives + negatives, or: "0 cases")
  }
}

/// The tallies of 8 replicates.
struct TallyLanes {
  var positives = SIMD8<Double>()
  var negatives = SIMD8<Double>()
  var truePositives = SIMD8<Double>()
  var falsePositives = SIMD8<Double>()
  var pairs = SIMD8<Double>()
  var precision = SIMD8<Double>()
  var trapezoids = SIMD8<Double>()
  var isCalibrated = false
  var excess = SIMD8<Double>()
  var squaredError = SIMD8<Double>()
  var logLoss = SIMD8<Double>()
  var excessByWidth = SIMD8<Double>()
  var excessByMass = SIMD8<Double>()

  subscript(lane: Int) -> Tally {
    Tally(
      positives: positives[lane], negatives: negatives[lane],
      truePositives: truePositives[lane], falsePositives: falsePositives[lane],
      pairs: pairs[lane], precision: precision[lane], trapezoids: trapezoids[lane],
      calibration: isCalibrated
        ? Tally.Calibration(
          excess: excess[lane], squaredError: squaredError[lane], logLoss: logLoss[lane],
          excessByWidth: excessByWidth[lane], excessByMass: excessByMass[lane]) : nil)
  }
}
