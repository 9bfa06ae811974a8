import Basics
import Experiments
import Pipeline
import Radiographs

// From the tables of another program to those of an experiment.

/// `label_table`: the labels and attributes of scored cases, as a cohort without pictures.
func labelTableStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: LabelTableParameters.self)
  let tables = try parameters.layouts.enumerated().map { index, layout in
    (path: try context.input("table.\(index)"), layout: layout)
  }
  let findings = parameters.labels.findings
  let cases = try LabelledCases(tables, columns: parameters.columns, findings: findings)
  var notes = ImportNotes(rows: cases.cohort.count)
  notes.implausibleAges = cases.implausibleAges
  for finding in findings {
    let labels = try cases.cohort.labels(of: finding)
    notes.blank[finding] = labels.count { $0 == .blank }
    notes.uncertain[finding] = labels.count { $0 == .uncertain }
  }
  try cases.cohort.write(to: context.output(OutputName.cohort))
  try ResultFile.write(notes, to: context.output(OutputName.notes))
}

/// `score_table`: the scores of another program as `predictions.csv`, with the patient of each case,
/// and the thresholds that came with them.
func scoreTableStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ScoreTableParameters.self)
  let findings = parameters.labels.findings
  let cohort = try Cohort(path: context.input("cohort"))
  let path = try context.input("scores")
  let scores = try ScoreTable(path: path, parameters.layout, findings: findings)
  var notes = ImportNotes(rows: scores.keys.count)
  var found: [String: (subset: Subset, cells: [String])] = [:]
  func take(_ table: ScoreTable, _ path: String, as subset: Subset?) throws {
    let known = Set(cohort.images)
    let strangers = table.keys.filter { !known.contains($0) }
    guard strangers.isEmpty else {
      throw Diagnostic(
        "\(strangers.count) of the \(table.keys.count) keys of `\(path)` have no labels: "
          + strangers.prefix(5).quotedList + (strangers.count > 5 ? ", …" : ""),
        hint:
          "`--key` names the column that both tables have; here it is `\(parameters.layout.key)`")
    }
    for (row, key) in table.keys.enumerated() {
      let subset = subset ?? table.subsets?[row] ?? .test
      if subset == .train {
        notes.training += 1
      } else if found.updateValue((subset, table.cells.map { $0[row] }), forKey: key) != nil {
        notes.inBoth += 1
      }
    }
    for (finding, count) in zip(findings, table.outside) where count > 0 {
      notes.outside[finding, default: 0] += count
    }
  }
  if job.inputs["valid"] == nil {
    try take(scores, path, as: nil)
  } else {
    let other = try context.input("valid")
    guard scores.subsets?.contains(.valid) != true else {
      throw Diagnostic(
        "`\(path)` has cases of validation itself, so thresholds cannot come from `\(other)`")
    }
    try take(scores, path, as: .test)
    try take(
      ScoreTable(path: other, parameters.validLayout ?? parameters.layout, findings: findings),
      other, as: .valid)
    guard notes.inBoth == 0 else {
      throw Diagnostic(
        "\(notes.inBoth) keys of `\(other)` are in `\(path)`, too",
        hint: "thresholds that are fitted on what they judge are asked for by `--threshold-on test`"
      )
    }
  }
  guard found.contains(where: { $0.value.subset == .test }) else {
    throw Diagnostic("`\(path)` has no case of test")
  }
  notes.unscored = cohort.images.count { found[$0] == nil } - notes.training
  var patients: [Subset: Set<String>] = [:]
  var writer = CSVWriter(header: Predictions.columns + findings)
  for (row, image) in cohort.images.enumerated() {
    guard let (subset, cells) = found[image] else { continue }
    patients[subset, default: []].insert(cohort.patients[row])
    writer.append(
      [image, cohort.patients[row], cohort.studies[row], subset.rawValue] + cells)
  }
  notes.sharedPatients = (patients[.valid] ?? []).intersection(patients[.test] ?? []).count
  let given = try givenThresholds(context, findings)
  try writer.write(to: context.output(OutputName.predictions))
  try given.write(to: context.output(OutputName.thresholds))
  try ResultFile.write(notes, to: context.output(OutputName.notes))
}

/// The thresholds of a table `finding,threshold`, for every unit where it names none.
private func givenThresholds(
  _ context: JobContext, _ findings: [String]
) throws -> [ThresholdRecord] {
  guard context.job.inputs["thresholds"] != nil else { return [] }
  let csv = try CSV(path: context.input("thresholds"))
  let (finding, threshold) = (
    try csv.requiredColumn("finding"), try csv.requiredColumn("threshold")
  )
  let (per, rule, on) = (csv.column("per"), csv.column("rule"), csv.column("on"))
  var records: [ThresholdRecord] = []
  var wrong: [Diagnostic] = []
  for row in 0..<csv.rowCount where findings.contains(csv[row, finding]) {
    let text = csv[row, threshold]
    let value = Double(text)
    // An empty cell says that there is none.
    if !text.isEmpty, value?.isFinite != true {
      wrong.append(Diagnostic("`\(text)` is no threshold", at: csv.place(row)))
    }
    for unit in per.map({ [csv[row, $0]] }) ?? ["image", "study", "patient"] {
      records.append(
        ThresholdRecord(
          finding: csv[row, finding], per: unit, rule: rule.map { csv[row, $0] } ?? "given",
          on: on.map { csv[row, $0] } ?? "", threshold: value, undefined: nil))
    }
  }
  for name in findings where !records.contains(where: { $0.finding == name }) {
    wrong.append(Diagnostic("`\(csv.file)` has no threshold for `\(name)`"))
  }
  for (index, record) in records.enumerated()
  where records[..<index].contains(where: { $0.finding == record.finding && $0.per == record.per })
  {
    wrong.append(
      Diagnostic("`\(csv.file)` has two thresholds for `\(record.finding)` per \(record.per)"))
  }
  guard wrong.isEmpty else { throw Diagnostics(wrong) }
  return records
}
