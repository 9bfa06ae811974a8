import Pipeline

extension ExperimentGraph {
  /// Judges `predictions` of `findings`, or of the classes of `attribute`.
  mutating func judge(
    _ predictions: StageInput, _ judging: Judging, _ findings: [String], truth: StageID,
    cohort: StageID, _ index: Int, of subject: String? = nil, thresholds: StageInput? = nil,
    attribute: String? = nil
  ) throws -> Judged {
    let (eval, fairness) = (judging.eval, judging.fairness)
    var inputs: [(name: String, source: StageInput)] = [
      ("predictions", predictions), ("truth", .output(truth, name: OutputName.truth)),
    ]
    let table = (name: "cohort", source: StageInput.output(cohort, name: OutputName.cohort))
    if let given = thresholds ?? judging.thresholds.map({ .file(path: $0) }) {
      inputs.append(("thresholds", given))
    }
    if eval.strata != nil { inputs.append(table) }
    let evalStage = try add(
      .eval,
      EvalParameters(
        eval: .init(eval), labels: .init(findings: findings, attribute: attribute)),
      inputs, index, of: subject)
    inputs = [
      ("predictions", predictions), ("truth", .output(truth, name: OutputName.truth)),
      ("thresholds", .output(evalStage, name: OutputName.thresholds)), table,
    ]
    if let path = judging.groupThresholds { inputs.append(("group_thresholds", .file(path: path))) }
    let fairnessStage = try add(
      .fairness,
      FairnessParameters(
        fairness: fairness, eval: .init(eval, fairness), labels: .init(findings: findings)),
      inputs, index, of: subject)
    return Judged(
      eval: evalStage, fairness: fairnessStage, truth: truth, predictions: predictions)
  }
}
