import Basics
import Experiments
import Pipeline
import Radiographs

/// `labels`: what training learns.
func labelsStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: LabelsParameters.self)
  let section = parameters.labels
  let cohort = try context.cohort()
  if let attribute = section.attribute {
    try LabelTable(
      cohort, groups: cohort.groups(attribute, ageEdges: section.ageEdges ?? []),
      classes: section.findings
    ).write(to: context.output(OutputName.labels))
    return
  }
  let chosen =
    job.inputs["policies"] == nil
    ? PolicyTable() : try PolicyTable(path: context.input("policies"))
  let policies = try zip(section.findings, section.uncertain).map { finding, policy in
    switch policy {
    case .plain(let policy): return policy
    case .selfTrain: return LabelPolicy.ignore
    case .bestOf:
      guard let policy = chosen.chosen(finding) else {
        throw Diagnostic("no policy was chosen for `\(finding)`")
      }
      return policy
    }
  }
  var table = try LabelTable(
    cohort, findings: section.findings, uncertain: policies,
    blank: BlankPolicy(rawValue: section.blank) ?? .negative,
    derivesNoFinding: section.noFinding != nil, seed: parameters.seed ?? 0)
  if job.inputs["predictions"] != nil {
    let predictions = try Predictions(
      path: context.input("predictions"), findings: section.findings)
    let own = section.findings.indices.filter { section.uncertain[$0] == .selfTrain }
    let scores = predictions.scores.map { column in
      Dictionary(zip(predictions.images, column)) { first, _ in first }
    }
    table = try table.filling(cohort, own) { image, finding in
      scores[finding][image].map { Float($0) }
    }
  }
  try table.write(to: context.output(OutputName.labels))
}

/// `truth`: what valid and test are judged by.
func truthStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: TruthParameters.self)
  let findings = parameters.labels.findings
  let blank: BlankPolicy = parameters.eval.blank == "negative" ? .negative : .ignore
  let derives = parameters.labels.noFinding != nil
  let cohort = try context.cohort()
  let table: LabelTable
  if let attribute = parameters.labels.attribute {
    table = try LabelTable(
      cohort, groups: cohort.groups(attribute, ageEdges: parameters.labels.ageEdges ?? []),
      classes: findings)
  } else if parameters.eval.uncertain == EvalSection.adjudicated {
    table = try LabelTable(
      cohort, findings: findings,
      adjudicated: Cohort(path: context.input("adjudicated")), blank: blank,
      derivesNoFinding: derives)
  } else {
    let policy = LabelPolicy(evaluation: parameters.eval.uncertain) ?? .ignore
    table = try LabelTable(
      cohort, findings: findings, uncertain: findings.map { _ in policy }, blank: blank,
      derivesNoFinding: derives)
  }
  try table.write(to: context.output(OutputName.truth))
}
