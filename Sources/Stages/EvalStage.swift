import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `eval`: thresholds, and every metric on valid and test, per picture and per patient.
func evalStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: EvalParameters.self)
  let findings = parameters.labels.findings
  let predictions = try Predictions(path: context.input("predictions"), findings: findings)
  let truth = try LabelTable(path: context.input("truth"))
  let subsets = try predictions.judgedSubsets.map {
    try JudgedSubset(predictions, truth, subset: $0)
  }
  let draws = try subsets.map { subset in
    try PatientDraws(
      patients: subset.patientCount, replicates: parameters.eval.bootstrap,
      seed: parameters.eval.seed, threads: job.threads)
  }
  var thresholds: [ThresholdRecord] = []
  var named = NamedEstimates()
  let rule = Units.Rule(rawValue: parameters.eval.aggregate) ?? .max
  let names =
    subsets.contains(where: \.hasStudies) ? ["image", "study", "patient"] : ["image", "patient"]
  guard names.contains(parameters.eval.per) else {
    throw Diagnostic("the data set has no studies to judge by", hint: "set `eval.per: patient`")
  }
  for unit in names.map({ EvaluationUnit(name: $0, rule: rule) }) {
    let fitted =
      job.inputs["thresholds"] == nil
      ? try fitThresholds(parameters.eval.threshold, subsets, findings, unit)
      : try [ThresholdRecord].read(
        context.input("thresholds"), findings: findings, per: unit.name)
    thresholds += fitted
    for (subset, draws) in zip(subsets, draws) {
      let prefix =
        unit.name == parameters.eval.per
        ? subset.subset.rawValue : "\(subset.subset).per_\(unit.name)"
      let estimates = try findings.indices.map { finding in
        try evaluate(
          subset.cases(finding, unit), threshold: fitted[finding].threshold, draws: draws,
          threads: job.threads)
      }
      for statistic in Statistic.allCases {
        let perFinding = zip(estimates, fitted).map { estimates, fit in
          guard statistic.needsThreshold, let reason = fit.undefined else {
            return estimates[statistic]
          }
          let place = fit.on.isEmpty ? "" : " on \(fit.on)"
          return Estimate(point: .undefined("no threshold\(place): \(reason)"))
        }
        named.add("\(prefix).\(statistic.rawValue)", perFinding, findings) {
          "\(prefix).\($0).\(statistic.rawValue)"
        }
      }
    }
  }
  let counts = subsets.map { ($0.subset.rawValue, $0.evaluated) }
  try ResultFile.write(
    MetricsDocument(
      per: parameters.eval.per, subsets: Dictionary(uniqueKeysWithValues: counts),
      thresholds: thresholds, metrics: named.records),
    to: context.output(OutputName.metrics))
  try named.writeReplicates(to: context.output(OutputName.replicates))
  try thresholds.write(to: context.output(OutputName.thresholds))
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

extension NamedEstimates {
  /// Adds the mean over findings under `name` and, where there are several, each under its own.
  mutating func add(
    _ name: String, _ estimates: [Estimate], _ findings: [String],
    nameOf: (_ finding: String) -> String
  ) {
    if estimates.count == 1 {
      add(name, estimates[0])
      return
    }
    add(name, Estimate.mean(estimates))
    for (finding, estimate) in zip(findings, estimates) { add(nameOf(finding), estimate) }
  }
}

extension [ThresholdRecord] {
  private static let header = ["finding", "per", "rule", "on", "threshold"]

  func write(to path: String) throws {
    var writer = CSVWriter(header: Self.header)
    for record in self {
      writer.append([
        record.finding, record.per, record.rule, record.on,
        record.threshold.map { "\($0)" } ?? "",
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
        undefined: threshold == nil ? "none was fitted" : nil)
    }
  }
}
