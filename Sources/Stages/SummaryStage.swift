import Experiments
import Metrics
import Pipeline

/// `summary`: gathers the seeds of an arm, and holds them against the shortcut baseline.
func summaryStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: SummaryParameters.self)
  let seeds = try (0..<parameters.seeds).map { try JudgedSeed(context, suffix: "\($0)") }
  // Without pictures there is none.
  let shortcut =
    job.inputs["metrics.shortcut"] == nil ? nil : try JudgedSeed(context, suffix: "shortcut")
  guard let first = seeds.first else { return }
  var means = NamedEstimates()
  let bootstrap = first.metrics.bootstrap
  let twoLevel = TwoLevel(
    seeds: seeds.count, replicates: bootstrap.replicates, seed: bootstrap.seed)
  for name in first.names { means.add(name, twoLevel.mean(seeds.compactMap { $0[name] })) }
  means.makeDifferencesSimultaneous(Set(first.fairness.gaps.map(\.attribute)).sorted())
  let main = "test.\(Statistic.auroc.rawValue)"
  let summary = ArmSummary(
    seeds: parameters.seeds, per: first.metrics.per, subsets: first.metrics.subsets,
    bootstrap: bootstrap,
    thresholdOnTest: first.metrics.thresholds.contains { $0.on == "test" },
    worstGroups: worstGroups(seeds),
    shortcut: shortcut.map { shortcut in
      DifferenceSummary(
        pairedDifference(means[main] ?? .notMeasured, shortcut[main] ?? .notMeasured))
    })
  try ResultFile.write(summary, to: context.output(OutputName.summary))
  try MetricTable.write(
    means.entries.map { name, mean in
      (
        name,
        MetricSummary(
          mean, SeedSpread(seeds.compactMap { $0[name]?.point }),
          without: seeds.lazy.compactMap { $0.without[name] }.first)
      )
    }, to: context.output(OutputName.metricTable))
  try means.startingWith("test.").writeReplicates(to: context.output(OutputName.replicates))
}

/// What `eval` and `fairness` said of one experiment.
private struct JudgedSeed {
  let metrics: MetricsDocument
  let fairness: FairnessDocument
  /// What means over findings are not over, and why, by name.
  let without: [String: [String: String]]
  private let estimates: [String: Estimate]

  init(_ context: JobContext, suffix: String) throws {
    metrics = try ResultFile.read(MetricsDocument.self, context.input("metrics.\(suffix)"))
    fairness = try ResultFile.read(FairnessDocument.self, context.input("fairness.\(suffix)"))
    without = metrics.metrics.merging(fairness.metrics) { first, _ in first }
      .compactMapValues(\.without)
    let named = [
      try NamedEstimates(metrics.metrics, replicates: context.input("replicates.\(suffix)")),
      try NamedEstimates(
        fairness.metrics, replicates: context.input("group_replicates.\(suffix)")),
    ]
    estimates = Dictionary(named.flatMap(\.entries).map { ($0.name, $0.estimate) }) { $1 }
  }

  var names: [String] { estimates.keys.sorted() }

  subscript(name: String) -> Estimate? { estimates[name] }
}

/// The group with the lowest AUROC on test by attribute, where all seeds and findings agree.
private func worstGroups(_ seeds: [JudgedSeed]) -> [String: String] {
  var found: [String: Set<String>] = [:]
  for gap in seeds.flatMap(\.fairness.gaps)
  where gap.subset == "test" && gap.gap == Gap.worstGroupAUROC.rawValue {
    found[gap.attribute, default: []].insert(gap.lowest ?? "")
  }
  return found.compactMapValues { groups in
    groups.count == 1 ? groups.first.flatMap { $0.isEmpty ? nil : $0 } : nil
  }
}
