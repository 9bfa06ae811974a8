import Basics
import Metrics

/// A row of `history.csv`: how an epoch went, picture by picture on valid.
///
/// Each metric is the mean over the findings for which it is defined; accuracies are taken at 0.5;
/// the loss is the unweighted mean of the binary cross-entropy over labelled cases.
struct EpochRecord {
  static let header =
    "epoch,lr,train_loss,valid_loss,valid_auroc,valid_average_precision,valid_accuracy,"
    + "valid_balanced_accuracy,kept"

  private let epoch: Int
  private let learningRate: Double
  private let trainLoss: Double
  private let metrics: [(name: String, value: Measure)]

  /// The record of an epoch with `scores` and `truth`, row by row, one for each finding.
  init(
    epoch: Int, learningRate: Double, trainLoss: Double, scores: [[Float]], truth: [[Float?]]
  ) throws {
    self.epoch = epoch
    self.learningRate = learningRate
    self.trainLoss = trainLoss
    var losses: [Measure] = []
    var estimates: [Estimates] = []
    for finding in truth.first?.indices ?? 0..<0 {
      let labels = truth.map { row in row[finding].map { $0 > 0.5 } }
      let values = scores.map { Double($0[finding]) }
      let known = labels.indices.filter { labels[$0] != nil }
      losses.append(
        try logLoss(
          probabilities: known.map { values[$0] }, truth: known.map { labels[$0] == true }))
      let cases = try Cases(
        scores: values, truth: labels, patient: Array(repeating: 0, count: values.count))
      estimates.append(try evaluate(cases, threshold: 0.5, threads: 1))
    }
    func mean(_ statistic: Statistic) -> Measure {
      Measure.mean(estimates.map { $0[statistic].point })
    }
    metrics = [
      ("loss", Measure.mean(losses)), ("auroc", mean(.auroc)),
      ("average_precision", mean(.averagePrecision)), ("accuracy", mean(.accuracy)),
      ("balanced_accuracy", mean(.balancedAccuracy)),
    ]
  }

  /// The metric called `name` as a score, higher is better.
  ///
  /// - Throws: where it is undefined on valid.
  func score(_ name: String) throws -> Double {
    let measure = metrics.first { $0.name == name }?.value ?? .undefined("unknown")
    guard let value = measure.value else {
      throw Diagnostic(
        "epochs cannot be chosen by `\(name)`: it is undefined on valid"
          + (measure.reason.map { " (\($0))" } ?? ""),
        hint: "a larger valid subset, or `train.select: loss`")
    }
    return name == "loss" ? -value : value
  }

  /// The row as CSV; an undefined metric is an empty cell.
  func row(isBest: Bool) -> String {
    let cells =
      ["\(epoch)", "\(learningRate)", "\(trainLoss)"]
      + metrics.map { metric in metric.value.value.map { "\($0)" } ?? "" } + [isBest ? "1" : "0"]
    return cells.joined(separator: ",")
  }
}
