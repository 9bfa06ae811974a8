import Basics
import Experiments
import Pipeline
import Radiographs

/// `resplit`: the split by which policies are chosen where valid has too few cases; the split as it is
/// where valid has enough, so that trainings on it are those that are done anyway.
func resplitStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ResplitParameters.self)
  let split = try Split(path: context.input("split"))
  let truth = try LabelTable(path: context.input("truth"))
  guard split.images == truth.images else {
    throw Diagnostic("split and truth are of different pictures")
  }
  var few: [String] = []
  for finding in parameters.labels.findings {
    guard let column = truth.findings.firstIndex(of: finding) else {
      throw Diagnostic("the truth has no `\(finding)`")
    }
    let found = split.patients(.valid, with: truth.values[column])
    guard min(found.positive, found.negative) < parameters.resplit.below else { continue }
    few.append(finding)
    context.log(
      "valid has \(counted(found.positive, "patient")) with `\(finding)` and \(found.negative) "
        + "without: its policy is chosen on train and valid shared out again")
  }
  guard !few.isEmpty else { return try split.write(to: context.output(OutputName.split)) }
  // What is rare is stratified first, and pooled last.
  let cohort = try context.cohort()
  let again = try split.sharedAgain(
    cohort, valid: parameters.resplit.valid, seed: parameters.seed,
    stratify: few.filter { $0 != NoFinding.name }.map { .finding($0) })
  try again.write(to: context.output(OutputName.split))
}
