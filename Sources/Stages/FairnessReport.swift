import Basics
import Experiments
import Metrics
import Radiographs

/// Collects what `fairness.json` and `group_curves.csv` say.
struct FairnessReport {
  private let section: FairnessSection
  private let eval: FairnessParameters.Eval
  private let findings: [String]
  private let means: [String: [String]]
  private let forms: Set<FairnessForm>
  private let rule: GroupRule
  var named = NamedEstimates()
  var thresholds: [GroupThresholdRecord] = []
  private(set) var curves = CurveTable(keys: ["subset", "finding", "attribute", "group"])
  private var groups: [GroupRecord] = []
  private var gaps: [GapRecord] = []
  private var privileged: [PrivilegedRecord] = []

  init(_ parameters: FairnessParameters) {
    (section, eval) = (parameters.fairness, parameters.eval)
    findings = parameters.labels.findings
    means = meansOverFindings(eval.means, findings)
    forms = Set((section.also ?? []).compactMap(FairnessForm.init))
    rule = GroupRule(patients: section.minGroup)
  }

  /// What is found of one finding.
  struct Judged {
    let grouped: Grouped
    let rankings: [CrossGroupRanking]
  }

  /// Judges the groups of the cases of a finding, at one threshold or, where there are some, at those
  /// `byGroup`.
  func judge(
    _ judged: (cases: Cases, groups: [String?]), threshold: ThresholdRecord,
    _ byGroup: [GroupThresholdRecord], privileged: String?, draws: PatientDraws, threads: Int
  ) throws -> Judged {
    let (cases, groups) = judged
    let measures = Dictionary(byGroup.map { ($0.group, $0.measure) }) { first, _ in first }
    return Judged(
      grouped: try fairness(
        cases, groups: groups, threshold: threshold.threshold,
        withoutThreshold: threshold.objection ?? "no threshold",
        groupThresholds: eval.threshold == nil ? nil : measures,
        privileged: groups.contains(privileged) ? privileged : nil, draws: draws, rule: rule,
        permutations: eval.bootstrap, seed: eval.seed,
        interval: IntervalMethod(rawValue: eval.interval) ?? .percentile, threads: threads),
      rankings: forms.contains(.xauc)
        ? try crossGroupRankings(cases, groups: groups, draws: draws, rule: rule, threads: threads)
        : [])
  }

  /// The statistics of each group that are kept with their replicates.
  private static let groupStatistics: [Statistic] = [
    .prevalence, .auroc, .sensitivity, .falsePositiveRate, .predictedPositiveRate,
  ]

  /// Adds what was found of each finding in a subset.
  mutating func add(
    _ judged: [Judged], _ cases: [(cases: Cases, groups: [String?])], subset: String,
    attribute: String, privileged: String?
  ) throws {
    for (finding, (result, cases)) in zip(findings, zip(judged.map(\.grouped), cases)) {
      for group in result.byGroup {
        groups.append(
          GroupRecord(
            subset: subset, finding: finding, attribute: attribute, group: group.name,
            cases: group.counts.images, patients: group.counts.patients,
            positives: group.counts.positives, negatives: group.counts.negatives))
        try addCurves(group, cases, keys: [subset, finding, attribute, group.name])
      }
      for gap in result.gaps {
        gaps.append(
          GapRecord(
            subset: subset, finding: finding, attribute: attribute, gap: gap.gap.rawValue,
            lowest: gap.lowest, highest: gap.highest, pValue: gap.pValue?.value))
      }
      for comparison in result.besidePrivileged {
        self.privileged.append(
          PrivilegedRecord(
            subset: subset, finding: finding, attribute: attribute, group: comparison.group,
            privileged: privileged ?? "",
            breaksFourFifthsRule: comparison.breaksFourFifthsRule))
      }
    }
    add(subset, judged.map { Self.gaps($0.grouped, attribute) }, or: "not measured")
    add(subset, judged.map { Self.groups($0.grouped, attribute) }, or: "no cases")
    add(subset, judged.map { comparisons($0, attribute) }, or: "too few groups to compare")
    addUnderdiagnosis(judged, subset, attribute)
  }

  private typealias NamedEstimate = (name: String, estimate: Estimate)

  /// Adds the metrics of each finding, those that a finding lacks as undefined for `reason`.
  private mutating func add(_ subset: String, _ metrics: [[NamedEstimate]], or reason: String) {
    let found = metrics.map { Dictionary($0.map { ($0.name, $0.estimate) }) { first, _ in first } }
    var names: [String] = []
    var known: Set<String> = []
    for metric in metrics.joined() where known.insert(metric.name).inserted {
      names.append(metric.name)
    }
    for name in names {
      named.add(
        subset, name, found.map { $0[name] ?? Estimate(point: .undefined(reason)) },
        findings: findings, means: means)
    }
  }

  private static func gaps(_ result: Grouped, _ attribute: String) -> [NamedEstimate] {
    result.gaps.map { ($0.gap.metricName(attribute), $0.estimate) }
  }

  private static func groups(_ result: Grouped, _ attribute: String) -> [NamedEstimate] {
    result.byGroup.flatMap { group in
      groupStatistics.map {
        ("group.\(attribute).\(group.name).\($0.rawValue)", group.estimates[$0])
      }
    }
  }

  /// Groups beside others, and the forms of other programs.
  private func comparisons(_ judged: Judged, _ attribute: String) -> [NamedEstimate] {
    let result = judged.grouped
    var all: [NamedEstimate] = result.differences.map {
      (NamedEstimates.differenceName(attribute, $0.group, $0.statistic.rawValue), $0.estimate)
    }
    for comparison in result.besidePrivileged {
      let name = "beside_privileged.\(attribute).\(comparison.group)"
      all += comparison.named.map { ("\(name).\($0.name)", $0.estimate) }
    }
    if forms.contains(.minusMedian) {
      all += result.medianDifferences.map {
        (
          NamedEstimates.medianDifferenceName(attribute, $0.group, $0.statistic.rawValue),
          $0.estimate
        )
      }
    }
    if forms.contains(.medfair) {
      all += MetricName.medfair.compactMap { form in
        result[form.gap].map { ("\(form.name).\(attribute)", MEDFAIR.parity($0.estimate)) }
      }
    }
    for ranking in judged.rankings {
      let (a, b) = (ranking.first, ranking.second)
      all += [
        ("xauc.\(attribute).\(a) over \(b)", ranking.firstOverSecond),
        ("xauc.\(attribute).\(b) over \(a)", ranking.secondOverFirst),
        (NamedEstimates.rankingGapName(attribute, a, b), ranking.gap),
      ]
    }
    return all
  }

  /// The rates of `No Finding`, where that is a finding, by the names they have in the field.
  private mutating func addUnderdiagnosis(_ judged: [Judged], _ subset: String, _ attribute: String)
  {
    guard let index = findings.firstIndex(of: NoFinding.name) else { return }
    for rates in Underdiagnosis.rates(noFinding: judged[index].grouped) {
      for (name, rate) in [
        (MetricName.underdiagnosis, rates.underdiagnosis),
        (MetricName.overdiagnosis, rates.overdiagnosis),
      ] {
        named.add(
          "\(subset).group.\(attribute).\(rates.group).\(name)",
          eval.threshold == nil
            ? rate : Estimate(point: .undefined("the groups have thresholds of their own")))
      }
    }
  }

  /// Adds the curves of a group that is large enough for their areas.
  private mutating func addCurves(
    _ group: Grouped.Group, _ judged: (cases: Cases, groups: [String?]), keys: [String]
  ) throws {
    var objections: [String: String] = [:]
    for (curve, statistic) in [
      ("roc", Statistic.auroc), ("pr", .averagePrecision), ("reliability", .calibrationError),
    ] {
      objections[curve] = group.estimates[statistic].point.reason
    }
    let rows = judged.groups.indices.filter {
      (judged.groups[$0] ?? GroupRule.unknown) == group.name
    }
    try curves.append(keys, judged.cases, rows: rows, objections: objections)
  }

  var document: FairnessDocument {
    FairnessDocument(
      per: eval.per,
      bootstrap: BootstrapRecord(
        replicates: eval.bootstrap, seed: eval.seed, interval: eval.interval, strata: eval.strata),
      groups: groups, gaps: gaps, privileged: section.privileged == nil ? nil : privileged,
      thresholds: eval.threshold == nil ? nil : thresholds, metrics: named.records)
  }
}
