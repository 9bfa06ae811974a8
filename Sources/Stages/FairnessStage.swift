import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `fairness`: group metrics and gaps on valid and test, at the thresholds of `eval`.
func fairnessStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: FairnessParameters.self)
  let findings = parameters.labels.findings
  let (section, eval) = (parameters.fairness, parameters.eval)
  let predictions = try Predictions(path: context.input("predictions"), findings: findings)
  let truth = try LabelTable(path: context.input("truth"))
  let cohort = try context.cohort()
  let thresholds = try [ThresholdRecord].read(
    context.input("thresholds"), findings: findings, per: eval.per
  ).map(\.threshold)
  let unit = EvaluationUnit(name: eval.per, rule: Units.Rule(rawValue: eval.aggregate) ?? .max)
  var report = FairnessReport()
  for subset in predictions.judgedSubsets {
    let judged = try JudgedSubset(predictions, truth, subset: subset)
    let draws = try PatientDraws(
      patients: judged.patientCount, replicates: eval.bootstrap, seed: eval.seed,
      threads: job.threads)
    for attribute in section.by {
      let groups = try section.groups(attribute, cohort: cohort, images: judged.images)
      let grouped = try findings.indices.map { finding in
        let (cases, caseGroups) = try judged.cases(finding, unit, groups: groups)
        return try fairness(
          cases, groups: caseGroups, threshold: thresholds[finding], draws: draws,
          rule: GroupRule(patients: section.minGroup), permutations: eval.bootstrap,
          seed: eval.seed, threads: job.threads)
      }
      report.add(grouped, findings: findings, subset: subset.rawValue, attribute: attribute)
    }
  }
  report.named.makeDifferencesSimultaneous(section.by)
  try ResultFile.write(
    report.document(per: eval.per), to: context.output(OutputName.fairness))
  try report.named.writeReplicates(to: context.output(OutputName.replicates))
}

extension FairnessSection {
  /// The group of each of `images`: one attribute or a crossing; ages in bins; `nil` where missing.
  func groups(_ name: String, cohort: Cohort, images: [String]) throws -> [String?] {
    let rowOf = Dictionary(
      zip(cohort.images, cohort.images.indices), uniquingKeysWith: { first, _ in first })
    let groups = try cohort.groups(name, ageEdges: ageEdges)
    return try images.map { image in
      guard let row = rowOf[image] else {
        throw Diagnostic("picture `\(image)` is predicted and not in the cohort")
      }
      return groups[row]
    }
  }
}

/// Collects what `fairness.json` says.
private struct FairnessReport {
  var named = NamedEstimates()
  private var groups: [GroupRecord] = []
  private var gaps: [GapRecord] = []

  /// The statistics of each group that are kept with their replicates.
  private static let groupStatistics: [Statistic] = [
    .prevalence, .auroc, .sensitivity, .falsePositiveRate, .predictedPositiveRate,
  ]

  mutating func add(
    _ grouped: [Grouped], findings: [String], subset: String, attribute: String
  ) {
    for (finding, result) in zip(findings, grouped) {
      for group in result.byGroup {
        groups.append(
          GroupRecord(
            subset: subset, finding: finding, attribute: attribute, group: group.name,
            cases: group.counts.images, patients: group.counts.patients,
            positives: group.counts.positives, negatives: group.counts.negatives))
      }
      for gap in result.gaps {
        gaps.append(
          GapRecord(
            subset: subset, finding: finding, attribute: attribute, gap: gap.gap.rawValue,
            lowest: gap.lowest, highest: gap.highest, pValue: gap.pValue?.value))
      }
    }
    for gap in Gap.allCases {
      let name = gap.metricName(attribute)
      named.add("\(subset).\(name)", grouped.compactMap { $0[gap]?.estimate }, findings) {
        "\(subset).\($0).\(name)"
      }
    }
    var names: [String] = []
    for group in grouped.flatMap(\.byGroup) where !names.contains(group.name) {
      names.append(group.name)
    }
    for group in names {
      for statistic in Self.groupStatistics {
        let name = "group.\(attribute).\(group).\(statistic.rawValue)"
        let estimates = grouped.map { result in
          result.byGroup.first { $0.name == group }?.estimates[statistic]
            ?? Estimate(point: .undefined("no cases"))
        }
        named.add("\(subset).\(name)", estimates, findings) { "\(subset).\($0).\(name)" }
      }
      for statistic in Set(grouped.flatMap(\.differences).map(\.statistic.rawValue)).sorted() {
        let name = NamedEstimates.differenceName(attribute, group, statistic)
        let estimates = grouped.map { result in
          result.differences.first { $0.group == group && $0.statistic.rawValue == statistic }?
            .estimate ?? Estimate(point: .undefined("too few groups to compare"))
        }
        named.add("\(subset).\(name)", estimates, findings) { "\(subset).\($0).\(name)" }
      }
    }
  }

  func document(per unit: String) -> FairnessDocument {
    FairnessDocument(per: unit, groups: groups, gaps: gaps, metrics: named.records)
  }
}
