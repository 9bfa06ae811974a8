import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `comparison`: an arm minus another, paired over the patients drawn, and how often chance alone
/// makes the difference.
func comparisonStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ComparisonParameters.self)
  let (arm, baseline) = (try ArmEstimates(context, "arm"), try ArmEstimates(context, "baseline"))
  // On other cases or other patients there is nothing to pair.
  guard arm.isPaired(with: baseline) else {
    try ComparisonTable.write([], to: context.output(OutputName.comparison))
    return
  }
  let pValues = try pValues(parameters, context, threads: job.threads)
  var differences: [(name: String, difference: DifferenceSummary)] = []
  for (name, estimate) in arm.test.entries {
    guard let better = MetricName.higherIsBetter(name), let other = baseline.test[name] else {
      continue
    }
    var difference = DifferenceSummary(
      pairedDifference(estimate, other, higherIsBetter: better))
    difference.pValue = pValues[name]
    differences.append((name, difference))
  }
  try ComparisonTable.write(differences, to: context.output(OutputName.comparison))
}

/// The statistics that are tested.
private let testedStatistics: [Statistic] = [
  .auroc, .averagePrecision, .accuracy, .balancedAccuracy, .sensitivity, .specificity, .f1, .brier,
]

/// The p-values of paired permutation tests by metric.
private func pValues(
  _ parameters: ComparisonParameters, _ context: JobContext, threads: Int
) throws -> [String: Double] {
  let (findings, eval) = (parameters.labels.findings, parameters.eval)
  let truth = try LabelTable(path: context.input("truth"))
  let unit = EvaluationUnit(name: eval.per, rule: Units.Rule(rawValue: eval.aggregate) ?? .max)
  /// For each finding a system for each seed.
  func systems(_ name: String) throws -> [[ScoredSystem]] {
    var byFinding = findings.map { _ in [ScoredSystem]() }
    for seed in 0..<parameters.seeds {
      let predictions = try Predictions(
        path: context.input("predictions.\(name).\(seed)"), findings: findings)
      let judged = try JudgedSubset(predictions, truth, subset: .test)
      let thresholds = try [ThresholdRecord].read(
        context.input("thresholds.\(name).\(seed)"), findings: findings, per: eval.per)
      for finding in findings.indices {
        byFinding[finding].append(
          ScoredSystem(
            try judged.cases(finding, unit), threshold: thresholds[finding].threshold))
      }
    }
    return byFinding
  }
  guard parameters.seeds > 0 else { return [:] }
  let tests = try pairedPermutationTests(
    systems("arm"), systems("baseline"), testedStatistics, permutations: eval.bootstrap,
    seed: eval.seed, threads: threads)
  var found: [String: Double] = [:]
  for (statistic, test) in zip(testedStatistics, tests) {
    found["test.\(statistic.rawValue)"] = test.mean.pValue.value
    guard findings.count > 1 else { continue }
    for (finding, test) in zip(findings, test.findings) {
      found["test.\(finding).\(statistic.rawValue)"] = test.pValue.value
    }
  }
  return found
}

extension ArmEstimates {
  fileprivate init(_ context: JobContext, _ name: String) throws {
    try self.init(
      summary: context.input("summary.\(name)"), metrics: context.input("metrics.\(name)"),
      replicates: context.input("replicates.\(name)"))
  }
}
