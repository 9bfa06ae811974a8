import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `fairness`: group metrics and gaps on valid and test, at the thresholds of `eval` or at one for each
/// group.
func fairnessStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: FairnessParameters.self)
  let (section, eval) = (parameters.fairness, parameters.eval)
  let findings = parameters.labels.findings
  let predictions = try Predictions(path: context.input("predictions"), findings: findings)
  let truth = try LabelTable(path: context.input("truth"))
  let cohort = try context.cohort()
  let shared = try [ThresholdRecord].read(
    context.input("thresholds"), findings: findings, per: eval.per)
  let unit = EvaluationUnit(name: eval.per, rule: Units.Rule(rawValue: eval.aggregate) ?? .max)
  let subsets = try predictions.judgedSubsets.map {
    try JudgedSubset(predictions, truth, subset: $0)
  }
  let draws = try subsets.map { subset in
    try subset.draws(
      eval.bootstrap, seed: eval.seed, strata: eval.strata, cohort: cohort, findings: findings,
      threads: job.threads)
  }
  // For each subset the cases of each finding, by attribute.
  let cases = try subsets.map { subset in
    try section.by.map { attribute in
      let groups = try section.groups(attribute, cohort: cohort, images: subset.images)
      return try findings.indices.map { try subset.cases($0, unit, groups: groups) }
    }
  }
  var report = FairnessReport(parameters)
  var thresholds = GroupThresholds(
    section: eval.threshold, fitted: subsets.firstIndex { $0.subset.rawValue == eval.threshold?.on }
  )
  if job.inputs["group_thresholds"] != nil {
    thresholds.given =
      try ResultFile.read(FairnessDocument.self, context.input("group_thresholds")).thresholds
  }
  for (position, attribute) in section.by.enumerated() {
    let privileged = try section.privilegedGroup(
      attribute, among: cases.flatMap { $0[position].flatMap(\.groups) })
    let byFinding = try findings.enumerated().map { finding, name in
      try thresholds.records(
        attribute, finding: name, cases.map { $0[position][finding] })
    }
    report.thresholds += byFinding.joined()
    for (index, (subset, draws)) in zip(subsets, draws).enumerated() {
      let judged = try cases[index][position].enumerated().map { finding, judged in
        try report.judge(
          judged, threshold: shared[finding], byFinding[finding], privileged: privileged,
          draws: draws, threads: job.threads)
      }
      try report.add(
        judged, cases[index][position], subset: subset.subset.rawValue, attribute: attribute,
        privileged: privileged)
    }
  }
  report.named.makeDifferencesSimultaneous(section.by)
  try ResultFile.write(report.document, to: context.output(OutputName.fairness))
  try report.curves.write(to: context.output(OutputName.groupCurves))
  try report.named.writeReplicates(to: context.output(OutputName.replicates))
}

extension FairnessSection {
  /// The group of each of `images`: one attribute or a crossing; ages in bins; `nil` where missing.
  func groups(_ name: String, cohort: Cohort, images: [String]) throws -> [String?] {
    let columns = try Self.parts(of: name).map { part in
      let values = try cohort.attribute(part, of: images)
      guard part == "age" else { return values.map { $0.isEmpty ? nil : $0 } }
      let bins = try bins(ages: cohort.attribute(part).map(Double.init))
      return values.map { bins.name(of: Double($0)) }
    }
    return try crossed(columns)
  }

  /// The privileged group of `attribute` as the data names it; `nil` where none is asked for.
  ///
  /// A hyphen stands for the dash between ages.
  ///
  /// - Throws: where no case is in it.
  func privilegedGroup(_ attribute: String, among groups: [String?]) throws -> String? {
    guard let wanted = privileged?[attribute] else { return nil }
    func plain(_ name: String) -> String { name.replacing("–", with: "-") }
    let names = Set(groups.compactMap { $0 }).sorted()
    if let found = names.first(where: { plain($0) == plain(wanted) }) { return found }
    throw Diagnostic(
      "the privileged group `\(wanted)` is not among the groups of `\(attribute)`",
      hint: names.isEmpty ? nil : "the groups are \(names.quotedFew(20))")
  }
}

/// The thresholds of single groups: fitted here, or those of another data set.
struct GroupThresholds {
  /// How they are fitted; `nil` where all groups share one.
  let section: ThresholdSection?
  /// The index of the subset on which they are fitted.
  let fitted: Int?
  /// Those of the experiment whose network judges new pictures.
  var given: [GroupThresholdRecord]?

  /// The thresholds of the groups of an attribute for a finding, by name; empty where they share one.
  ///
  /// - Parameter cases: of each subset.
  func records(
    _ attribute: String, finding: String, _ cases: [(cases: Cases, groups: [String?])]
  ) throws -> [GroupThresholdRecord] {
    guard let section else { return [] }
    let rule = try ThresholdRule(parsing: section.rule)
    let found = try fitted.map {
      try rule.thresholds(of: cases[$0].cases, groups: cases[$0].groups)
    }
    let names = Set(cases.flatMap { $0.groups.map { $0 ?? GroupRule.unknown } }).sorted()
    return names.map { group in
      let known = given?.first {
        $0.finding == finding && $0.attribute == attribute && $0.group == group
      }
      var threshold = known?.measure ?? found?[group] ?? .undefined("none was given")
      if given == nil, case .fixed(let value) = rule { threshold = .value(value) }
      return GroupThresholdRecord(
        finding: finding, attribute: attribute, group: group, rule: section.rule, on: section.on,
        threshold: threshold)
    }
  }
}
