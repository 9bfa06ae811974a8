import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `eval`: thresholds, and every metric on valid and test, per picture, study and patient.
func evalStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: EvalParameters.self)
  let (section, findings) = (parameters.eval, parameters.labels.findings)
  let predictions = try Predictions(path: context.input("predictions"), findings: findings)
  let truth = try LabelTable(path: context.input("truth"))
  let subsets = try predictions.judgedSubsets.map {
    try JudgedSubset(predictions, truth, subset: $0)
  }
  let draws = try subsets.map { subset in
    try subset.draws(
      section.bootstrap, seed: section.seed, strata: section.strata, cohort: context.cohort(),
      findings: findings, threads: job.threads)
  }
  let rule = Units.Rule(rawValue: section.aggregate) ?? .max
  let names =
    subsets.contains(where: \.hasStudies) ? ["image", "study", "patient"] : ["image", "patient"]
  guard names.contains(section.per) else {
    throw Diagnostic("the data set has no studies to judge by", hint: "set `eval.per: patient`")
  }
  var report = EvalReport(
    section, findings: findings, isOneOf: parameters.labels.attribute != nil)
  for unit in names.map({ EvaluationUnit(name: $0, rule: rule) }) {
    let fitted =
      job.inputs["thresholds"] == nil
      ? try fitThresholds(section.threshold, subsets, findings, unit)
      : try [ThresholdRecord].read(
        context.input("thresholds"), findings: findings, per: unit.name)
    report.thresholds += fitted
    for (subset, draws) in zip(subsets, draws) {
      try report.add(subset, unit, fitted, draws: draws, threads: job.threads)
    }
  }
  let counts = subsets.map { ($0.subset.rawValue, $0.evaluated) }
  try ResultFile.write(
    report.document(subsets: Dictionary(uniqueKeysWithValues: counts)),
    to: context.output(OutputName.metrics))
  try report.named.writeReplicates(to: context.output(OutputName.replicates))
  try report.thresholds.write(to: context.output(OutputName.thresholds))
  try report.curves.write(to: context.output(OutputName.curves))
}

/// One threshold for each finding, fitted on the subset that the section names.
private func fitThresholds(
  _ section: ThresholdSection, _ subsets: [JudgedSubset], _ findings: [String],
  _ unit: EvaluationUnit
) throws -> [ThresholdRecord] {
  let rule = try ThresholdRule(parsing: section.rule)
  let subset = subsets.first { $0.subset.rawValue == section.on }
  return try findings.indices.map { finding in
    guard let cases = try subset?.cases(finding, unit) else {
      // Of new pictures there is no other subset to fit on.
      guard case .fixed(let threshold) = rule else {
        return ThresholdRecord(
          finding: findings[finding], per: unit.name, rule: section.rule, on: section.on,
          threshold: nil, undefined: "none was given")
      }
      return ThresholdRecord(
        finding: findings[finding], per: unit.name, rule: section.rule, on: section.on,
        threshold: threshold, undefined: nil)
    }
    let rows = cases.truth.indices.filter { cases.truth[$0] != nil }
    let found = try rule.threshold(
      scores: rows.map { cases.scores[$0] }, truth: rows.map { cases.truth[$0] == true })
    return ThresholdRecord(
      finding: findings[finding], per: unit.name, rule: section.rule, on: section.on,
      threshold: found.value, undefined: found.reason)
  }
}

extension [ThresholdRecord] {
  private static let header = ["finding", "per", "rule", "on", "threshold", "undefined"]

  func write(to path: String) throws {
    var writer = CSVWriter(header: Self.header)
    for record in self {
      writer.append([
        record.finding, record.per, record.rule, record.on,
        record.threshold.map { "\($0)" } ?? "", record.undefined ?? "",
      ])
    }
    try writer.write(to: path)
  }

  /// The thresholds in the file at `path` for one unit, in the order of `findings`.
  static func read(_ path: String, findings: [String], per unit: String) throws -> Self {
    let csv = try CSV(path: path)
    let columns = try header.map { try csv.requiredColumn($0) }
    return findings.map { finding in
      let row = (0..<csv.rowCount).first {
        csv[$0, columns[0]] == finding && csv[$0, columns[1]] == unit
      }
      let threshold = row.flatMap { Double(csv[$0, columns[4]]) }
      return ThresholdRecord(
        finding: finding, per: unit, rule: row.map { csv[$0, columns[2]] } ?? "",
        on: row.map { csv[$0, columns[3]] } ?? "", threshold: threshold,
        undefined: threshold == nil ? row.map { csv[$0, columns[5]] } ?? "none was fitted" : nil)
    }
  }
}
