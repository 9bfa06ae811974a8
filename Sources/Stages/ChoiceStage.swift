import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `choice`: the label policy of each finding that valid speaks for.
func choiceStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ChoiceParameters.self)
  let (labels, eval) = (parameters.labels, parameters.eval)
  let truth = try LabelTable(path: context.input("truth"))
  let unit = EvaluationUnit(name: eval.per, rule: Units.Rule(rawValue: eval.aggregate) ?? .max)
  let candidates = labels.uncertain.map { policy -> PolicyChoice? in
    if case .bestOf(let choice) = policy { choice } else { nil }
  }
  let subsets = try (0..<(candidates.compactMap { $0 }.first?.candidates.count ?? 0)).map {
    try JudgedSubset(
      Predictions(path: context.input("predictions.\($0)"), findings: labels.findings), truth,
      subset: .valid)
  }
  guard let first = subsets.first else { throw Diagnostic("there is nothing to choose from") }
  let draws = try PatientDraws(
    patients: first.patientCount, replicates: eval.bootstrap, seed: eval.seed,
    threads: job.threads)
  var table = PolicyTable()
  for (finding, choice) in candidates.enumerated() {
    guard let choice else { continue }
    let areas = try subsets.map { subset in
      try evaluate(subset.cases(finding, unit), draws: draws, threads: job.threads)[.auroc]
    }
    table.add(labels.findings[finding], choice, areas)
  }
  for row in table.rows {
    context.log(row.words.filter { !$0.isEmpty }.joined(separator: "  "))
  }
  try table.write(to: context.output(OutputName.policies))
}
