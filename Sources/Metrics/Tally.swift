/// What one pass over ranked cases counts, and what every statistic is computed from.
///
/// All are sums of whole weights, hence exact in a Double, but for the sum of precisions.
struct Tally {
  /// The weight of positives.
  var positives = 0.0
  /// The weight of negatives.
  var negatives = 0.0
  /// The weight of positives at or above the decision threshold.
  var truePositives = 0.0
  /// The weight of negatives at or above the decision threshold.
  var falsePositives = 0.0
  /// The weight of positive–negative pairs that are ranked rightly, ties at ½.
  var pairs = 0.0
  /// The sum over positives of the precision at their score.
  var precision = 0.0

  /// The counts at the threshold.
  var confusion: Confusion {
    Confusion(
      truePositives: truePositives, falsePositives: falsePositives,
      trueNegatives: negatives - falsePositives, falseNegatives: positives - truePositives)
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

  subscript(lane: Int) -> Tally {
    Tally(
      positives: positives[lane], negatives: negatives[lane],
      truePositives: truePositives[lane], falsePositives: falsePositives[lane],
      pairs: pairs[lane], precision: precision[lane])
  }
}
