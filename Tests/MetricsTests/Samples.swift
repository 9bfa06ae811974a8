import Basics

@testable import Metrics

/// Cases drawn at random: a few per patient, tied scores where `steps` is small, some not evaluated;
/// scores up to 1.25, or probabilities.
func randomCases(
  _ count: Int, patients: Int, seed: Int, steps: Double = 20, positives: Double = 0.3,
  areProbabilities: Bool = false
) throws -> Cases {
  var stream = RandomStream("test cases", seed: seed)
  var scores: [Double] = []
  var truth: [Bool?] = []
  var patient: [Int] = []
  for _ in 0..<count {
    let positive = stream.uniform() < positives
    scores.append((stream.uniform() * steps + (positive ? steps / 4 : 0)).rounded() / steps)
    truth.append(stream.uniform() < 0.1 ? nil : positive)
    patient.append(stream.below(patients))
  }
  return try Cases(
    scores: areProbabilities ? scores.map { min($0 * 0.8, 1) } : scores, truth: truth,
    patient: patient)
}

/// The evaluated cases of `cases`, each as often as its patient is drawn.
func resampled(
  _ cases: Cases, _ counts: [Int], where included: (Int) -> Bool = { _ in true }
) -> (scores: [Double], truth: [Bool]) {
  var scores: [Double] = []
  var truth: [Bool] = []
  for index in 0..<cases.count where included(index) {
    guard let positive = cases.truth[index] else { continue }
    for _ in 0..<counts[cases.patient[index]] {
      scores.append(cases.scores[index])
      truth.append(positive)
    }
  }
  return (scores, truth)
}

/// Each statistic by its closed form, without ranks or weights.
func closedForms(_ scores: [Double], _ truth: [Bool], _ threshold: Double) throws -> [Statistic:
  Measure]
{
  let points = try OperatingPoints(scores: scores, truth: truth)
  let confusion = try Confusion(scores: scores, truth: truth, threshold: threshold)
  return [
    .auroc: points.auroc, .averagePrecision: points.averagePrecision,
    .trapezoidAUPRC: points.trapezoidAUPRC,
    .accuracy: confusion.accuracy, .accuracyNegative: confusion.specificity,
    .accuracyPositive: confusion.sensitivity, .balancedAccuracy: confusion.balancedAccuracy,
    .sensitivity: confusion.sensitivity, .specificity: confusion.specificity,
    .falsePositiveRate: confusion.falsePositiveRate,
    .positivePredictiveValue: confusion.positivePredictiveValue,
    .negativePredictiveValue: confusion.negativePredictiveValue, .f1: confusion.f1,
    .predictedPositiveRate: confusion.predictedPositiveRate, .prevalence: confusion.prevalence,
    .falseNegativeRate: confusion.falseNegativeRate,
    .matthewsCorrelation: confusion.matthewsCorrelation, .classGap: confusion.classGap,
    .likelihoodRatio: confusion.likelihoodRatio,
    .generalizedEntropy: confusion.generalizedEntropy, .theilIndex: confusion.theilIndex,
  ]
}

/// The statistics of probabilities by their closed forms.
func calibrationForms(_ scores: [Double], _ truth: [Bool]) throws -> [Statistic: Measure] {
  [
    .brier: try brierScore(probabilities: scores, truth: truth),
    .logLoss: try logLoss(probabilities: scores, truth: truth),
    .calibrationError: try expectedCalibrationError(probabilities: scores, truth: truth),
    .calibrationInTheLarge: try calibrationInTheLarge(probabilities: scores, truth: truth),
  ]
}
