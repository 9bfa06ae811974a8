import Experiments
import Metrics
import Pipeline

/// `comparison`: an arm minus another, paired over the patients drawn.
func comparisonStage(_ job: Job, _ context: JobContext) throws {
  let (arm, baseline) = (try ArmEstimates(context, "arm"), try ArmEstimates(context, "baseline"))
  var differences: [(name: String, difference: DifferenceSummary)] = []
  // On other cases or other patients there is nothing to pair.
  let isPaired =
    arm.summary.subsets == baseline.summary.subsets && arm.summary.per == baseline.summary.per
  for (name, estimate) in isPaired ? arm.test.entries : [] {
    guard let better = MetricName.higherIsBetter(name), let other = baseline.test[name] else {
      continue
    }
    let difference = pairedDifference([estimate], [other], higherIsBetter: better)
    differences.append((name, DifferenceSummary(difference)))
  }
  try ComparisonTable.write(differences, to: context.output(OutputName.comparison))
}

/// What `summary` kept of an arm.
private struct ArmEstimates {
  let summary: ArmSummary
  /// The means over seeds on test, with their replicates.
  let test: NamedEstimates

  init(_ context: JobContext, _ name: String) throws {
    summary = try ResultFile.read(ArmSummary.self, context.input("summary.\(name)"))
    let metrics = try MetricTable(path: context.input("metrics.\(name)"))
    let records = metrics.names(startingWith: "test.").compactMap { name in
      metrics[name].map { (name, EstimateRecord($0.estimate(replicates: []))) }
    }
    test = try NamedEstimates(
      Dictionary(uniqueKeysWithValues: records),
      replicates: context.input("replicates.\(name)"))
  }
}
