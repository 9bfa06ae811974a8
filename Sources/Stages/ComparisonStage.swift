import Experiments
import Metrics
import Pipeline

/// `comparison`: an arm minus another, paired over the patients drawn.
func comparisonStage(_ job: Job, _ context: JobContext) throws {
  let (arm, baseline) = (try ArmEstimates(context, "arm"), try ArmEstimates(context, "baseline"))
  var differences: [String: DifferenceSummary] = [:]
  // On other cases or other patients there is nothing to pair.
  let isPaired =
    arm.summary.subsets == baseline.summary.subsets && arm.summary.per == baseline.summary.per
  for (name, estimate) in isPaired ? arm.test.entries : [] {
    guard let better = MetricName.higherIsBetter(name), let other = baseline.test[name] else {
      continue
    }
    differences[name] = DifferenceSummary(
      pairedDifference([estimate], [other], higherIsBetter: better))
  }
  try ResultFile.write(
    ComparisonDocument(differences: differences), to: context.output(OutputName.comparison))
}

/// What `summary` kept of an arm.
private struct ArmEstimates {
  let summary: ArmSummary
  /// The means over seeds on test, with their replicates.
  let test: NamedEstimates

  init(_ context: JobContext, _ name: String) throws {
    summary = try ResultFile.read(ArmSummary.self, context.input("summary.\(name)"))
    let metrics = summary.metrics.filter { $0.key.hasPrefix("test.") }
    test = try NamedEstimates(
      metrics.mapValues { EstimateRecord($0.estimate(replicates: [])) },
      replicates: context.input("replicates.\(name)"))
  }
}
