import Basics

/// The confusion counts of predictions ŷ = [s ≥ t], and the rates read from them.
///
/// Counts are sums of case weights, so whole numbers without weights. Every rate is in [0, 1].
public struct Confusion: Hashable, Sendable, Codable {
  /// Positives that are predicted positive.
  public var truePositives: Double
  /// Negatives that are predicted positive.
  public var falsePositives: Double
  /// Negatives that are predicted negative.
  public var trueNegatives: Double
  /// Positives that are predicted negative.
  public var falseNegatives: Double

  /// Given counts.
  public init(
    truePositives: Double, falsePositives: Double, trueNegatives: Double, falseNegatives: Double
  ) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.trueNegatives = trueNegatives
    self.falseNegatives = falseNegatives
  }

  /// The counts of `[s ≥ threshold]` against the truth.
  ///
  /// - Throws: as ``OperatingPoints``, and for a threshold that is NaN.
  public init(
    scores: [Double], truth: [Bool], threshold: Double, weights: [Double]? = nil
  ) throws(Diagnostic) {
    try checkCases(scores: scores, truth: truth.count, weights: weights)
    guard !threshold.isNaN else { throw Diagnostic("the threshold is NaN") }
    self.init(truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0)
    for index in scores.indices {
      let weight = weights?[index] ?? 1
      switch (truth[index], scores[index] >= threshold) {
      case (true, true): truePositives += weight
      case (false, true): falsePositives += weight
      case (false, false): trueNegatives += weight
      case (true, false): falseNegatives += weight
      }
    }
  }

  /// TP + FN.
  public var positives: Double { truePositives + falseNegatives }
  /// TN + FP.
  public var negatives: Double { trueNegatives + falsePositives }
  /// All cases.
  public var total: Double { positives + negatives }

  /// (TP + TN) / n; undefined without cases.
  public var accuracy: Measure { .ratio(truePositives + trueNegatives, total, or: "0 cases") }

  /// (sensitivity + specificity) / 2; undefined without positives or without negatives.
  public var balancedAccuracy: Measure { (sensitivity + specificity).map { $0 / 2 } }

  /// The true positive rate TP / (TP + FN), also recall; undefined without positives.
  public var sensitivity: Measure { .ratio(truePositives, positives, or: "0 positives") }

  /// The true negative rate TN / (TN + FP); undefined without negatives.
  public var specificity: Measure { .ratio(trueNegatives, negatives, or: "0 negatives") }

  /// FP / (TN + FP) = 1 − specificity; undefined without negatives.
  public var falsePositiveRate: Measure { .ratio(falsePositives, negatives, or: "0 negatives") }

  /// FN / (TP + FN) = 1 − sensitivity; undefined without positives.
  public var falseNegativeRate: Measure { .ratio(falseNegatives, positives, or: "0 positives") }

  /// The positive predictive value TP / (TP + FP), also precision; undefined where no case is
  /// predicted positive.
  public var positivePredictiveValue: Measure {
    .ratio(truePositives, truePositives + falsePositives, or: "0 predicted positive")
  }

  /// The negative predictive value TN / (TN + FN); undefined where no case is predicted negative.
  public var negativePredictiveValue: Measure {
    .ratio(trueNegatives, trueNegatives + falseNegatives, or: "0 predicted negative")
  }

  /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall; undefined where no case is
  /// positive or predicted positive.
  public var f1: Measure {
    .ratio(
      2 * truePositives, 2 * truePositives + falsePositives + falseNegatives,
      or: "0 positive or predicted positive")
  }

  /// The predicted positive rate (TP + FP) / n; undefined without cases.
  public var predictedPositiveRate: Measure {
    .ratio(truePositives + falsePositives, total, or: "0 cases")
  }

  /// (TP + FN) / n; undefined without cases.
  public var prevalence: Measure { .ratio(positives, total, or: "0 cases") }
}
