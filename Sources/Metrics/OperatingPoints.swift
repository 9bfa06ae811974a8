import Basics

/// The confusion counts at every distinct score, from the highest score to the lowest.
///
/// Point `i` predicts positive where `s ≥ thresholds[i]`. ROC and precision–recall curves, the areas
/// under them and the fitted thresholds are all read from these counts.
public struct OperatingPoints: Sendable {
  /// The distinct scores, descending.
  public let thresholds: [Double]
  /// The weight of positives with `s ≥ thresholds[i]`, ascending.
  public let truePositives: [Double]
  /// The weight of negatives with `s ≥ thresholds[i]`, ascending.
  public let falsePositives: [Double]
  /// The weight of all positives.
  public var positives: Double { truePositives.last ?? 0 }
  /// The weight of all negatives.
  public var negatives: Double { falsePositives.last ?? 0 }

  /// Counts over `scores` and `truth`, each case once or with its weight.
  ///
  /// - Throws: for lists of different lengths, scores that are not finite (with their number) and
  ///   weights that are negative or not finite (with their number).
  public init(
    scores: [Double], truth: [Bool], weights: [Double]? = nil
  ) throws(Diagnostic) {
    try checkCases(scores: scores, truth: truth.count, weights: weights)
    var thresholds: [Double] = []
    var truePositives: [Double] = []
    var falsePositives: [Double] = []
    var (tp, fp) = (0.0, 0.0)
    // A case without weight is no case, and its score no threshold.
    let order = descendingOrder(of: scores.indices.filter { weights?[$0] != 0 }, by: scores)
    for (position, index) in order.enumerated() {
      let weight = weights?[index] ?? 1
      if truth[index] { tp += weight } else { fp += weight }
      let next = position + 1
      if next < order.count, scores[order[next]] == scores[index] { continue }
      thresholds.append(scores[index])
      truePositives.append(tp)
      falsePositives.append(fp)
    }
    self.thresholds = thresholds
    self.truePositives = truePositives
    self.falsePositives = falsePositives
  }
}

/// The `indices` by falling score; equal scores keep the order of their indices.
func descendingOrder(of indices: [Int], by scores: [Double]) -> [Int] {
  var keyed = indices.map { (score: scores[$0], index: $0) }
  keyed.sort { $0.score > $1.score || ($0.score == $1.score && $0.index < $1.index) }
  return keyed.map(\.index)
}

/// Refuses lists of different lengths, scores that are not finite and impossible weights.
func checkCases(scores: [Double], truth: Int, weights: [Double]?) throws(Diagnostic) {
  guard scores.count == truth else {
    throw Diagnostic("there are \(scores.count) scores for \(truth) truths")
  }
  let broken = scores.count { !$0.isFinite }
  guard broken == 0 else {
    throw Diagnostic("\(broken) of \(scores.count) scores are NaN or infinite")
  }
  guard let weights else { return }
  guard weights.count == scores.count else {
    throw Diagnostic("there are \(weights.count) weights for \(scores.count) scores")
  }
  let impossible = weights.count { !($0.isFinite && $0 >= 0) }
  guard impossible == 0 else {
    throw Diagnostic("\(impossible) of \(weights.count) weights are negative or not finite")
  }
}
