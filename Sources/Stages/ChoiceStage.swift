import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `choice`: the label policy of each finding that valid speaks for, or the re-split where valid has too
/// few cases of the finding.
func choiceStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ChoiceParameters.self)
  let (labels, eval) = (parameters.labels, parameters.eval)
  let truth = try LabelTable(path: context.input("truth"))
  let unit = EvaluationUnit(name: eval.per, rule: Units.Rule(rawValue: eval.aggregate) ?? .max)
  let choices = labels.uncertain.map { policy -> PolicyChoice? in
    if case .bestOf(let choice) = policy { choice } else { nil }
  }
  guard let count = choices.compactMap({ $0 }).first?.candidates.count else {
    throw Diagnostic("there is nothing to choose from")
  }
  func tried(_ input: String) throws -> Tried {
    try Tried(
      (0..<count).map {
        try JudgedSubset(
          Predictions(path: context.input("\(input).\($0)"), findings: labels.findings), truth,
          subset: .valid)
      }, unit, replicates: eval.bootstrap, seed: eval.seed, threads: job.threads)
  }
  let valid = try tried("predictions")
  let resplit = job.inputs["resplit.0"] == nil ? nil : try tried("resplit")
  var table = PolicyTable()
  for (finding, choice) in choices.enumerated() {
    guard let choice else { continue }
    let isFew = valid.patients(finding).min < choice.resplit?.below ?? 0
    // A re-split that changed nothing is valid itself.
    let judge = resplit.flatMap { isFew && $0.images != valid.images ? $0 : nil } ?? valid
    table.add(
      labels.findings[finding], choice, try judge.areas(finding),
      on: judge.images == valid.images ? PolicyTable.valid : PolicyTable.resplit,
      positives: judge.patients(finding).positive)
  }
  for row in table.rows {
    context.log(row.words.filter { !$0.isEmpty }.joined(separator: "  "))
  }
  try table.write(to: context.output(OutputName.policies))
}

/// The trainings with each candidate, judged on the same cases.
private struct Tried {
  private let subsets: [JudgedSubset]
  private let unit: EvaluationUnit
  private let draws: PatientDraws
  private let threads: Int
  let images: [String]

  init(
    _ subsets: [JudgedSubset], _ unit: EvaluationUnit, replicates: Int, seed: Int, threads: Int
  ) throws {
    (self.subsets, self.unit, self.threads) = (subsets, unit, threads)
    images = subsets.first?.images ?? []
    draws = try PatientDraws(
      patients: subsets.first?.patientCount ?? 0, replicates: replicates, seed: seed,
      threads: threads)
  }

  /// How many patients have a positive picture, and how many there are of the rarer kind.
  func patients(_ finding: Int) -> (positive: Int, min: Int) {
    guard let subset = subsets.first else { return (0, 0) }
    let counts = [true, false].map { wanted in
      Set(
        zip(subset.patientNumbers, subset.truth[finding]).filter { $0.1 == wanted }.map(\.0)
      ).count
    }
    return (counts[0], min(counts[0], counts[1]))
  }

  /// The AUROC of each candidate.
  func areas(_ finding: Int) throws -> [Estimate] {
    try subsets.map { subset in
      try evaluate(subset.cases(finding, unit), draws: draws, threads: threads)[.auroc]
    }
  }
}
