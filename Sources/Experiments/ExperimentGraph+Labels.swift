import Pipeline
import Radiographs

/// The labels that a training learns, with the trainings that some of them come from.
extension ExperimentGraph {
  /// `data` with the stages `labels` and `sample`.
  ///
  /// A self-training and a choice are preceded by whole trainings with plainer labels; where another
  /// arm has these labels, they are that arm's trainings.
  mutating func labelled(_ data: Data, _ e: Experiment, _ index: Int) throws -> Data {
    var data = data
    var inputs: [(name: String, source: StageInput)] = []
    if e.labels.choice != nil {
      let choice = try choice(data, e, index)
      data.choice = choice
      inputs.append(("policies", .output(choice, name: OutputName.policies)))
    }
    if e.labels.uncertain.contains(.selfTrain) {
      let subject = "teacher"
      let policies = e.labels.uncertain.map { $0.before(candidate: nil) }
      let teacher = try labelled(data, e, policies, [], index, of: subject)
      let predictions = try predict(
        e, trained(e, teacher, index, of: subject), index,
        subset: Subset.train.rawValue, of: subject)
      inputs.append(("predictions", .output(predictions, name: OutputName.predictions)))
    }
    return try labelled(data, e, e.labels.uncertain.map(\.told), inputs, index)
  }

  /// A training with each candidate, and what chooses between them.
  private mutating func choice(_ data: Data, _ e: Experiment, _ index: Int) throws -> StageID {
    var inputs: [(name: String, source: StageInput)] = [
      ("truth", .output(data.truth, name: OutputName.truth))
    ]
    inputs += try candidates(data, e, "predictions", index)
    if let resplit = e.labels.choice?.resplit {
      var again = data
      again.split = try add(
        .resplit,
        ResplitParameters(
          labels: .init(findings: e.labels.choosing), resplit: resplit, seed: e.split.seed ?? 0),
        [
          ("cohort", .output(data.cohort, name: OutputName.cohort)),
          ("split", .output(data.split, name: OutputName.split)),
          ("truth", .output(data.truth, name: OutputName.truth)),
        ], index, reads: ["labels.uncertain", "split.seed"])
      inputs += try candidates(again, e, "resplit", index, " on the resplit")
    }
    return try add(
      .choice,
      ChoiceParameters(
        labels: .init(findings: e.labels.findings, uncertain: e.labels.uncertain),
        eval: .init(
          per: e.eval.per, aggregate: e.eval.aggregate,
          // What speaks for a policy is always shown with its interval.
          bootstrap: e.eval.bootstrap == 0 ? EvalSection.usualBootstrap : e.eval.bootstrap,
          seed: e.eval.seed)),
      inputs, index)
  }

  /// The predictions of a training with each candidate on `data`, as inputs called `name`.
  private mutating func candidates(
    _ data: Data, _ e: Experiment, _ name: String, _ index: Int, _ place: String = ""
  ) throws -> [(name: String, source: StageInput)] {
    var inputs: [(name: String, source: StageInput)] = []
    for (number, candidate) in (e.labels.choice?.candidates ?? []).enumerated() {
      let subject = candidate.description + place
      let policies = e.labels.uncertain.map { $0.before(candidate: candidate) }
      let tried = try labelled(data, e, policies, [], index, of: subject)
      let predictions = try predict(
        e, trained(e, tried, index, of: subject), index, of: subject)
      inputs.append(("\(name).\(number)", .output(predictions, name: OutputName.predictions)))
    }
    return inputs
  }

  /// `data` with the labels of `policies` and a sample of them.
  private mutating func labelled(
    _ data: Data, _ e: Experiment, _ policies: [UncertainPolicy],
    _ more: [(name: String, source: StageInput)], _ index: Int, of subject: String? = nil
  ) throws -> Data {
    let cohort = StageInput.output(data.cohort, name: OutputName.cohort)
    var data = data
    data.labels = try add(
      .labels,
      LabelsParameters(
        labels: .init(
          findings: e.labels.findings, uncertain: policies, blank: e.labels.blank,
          noFinding: e.labels.noFinding, attribute: e.labels.attribute,
          ageEdges: e.labels.ageEdges), seed: e.labels.draws ? e.seed : nil),
      [("cohort", cohort)] + more, index, of: subject)
    data.sample = try add(
      .sample,
      SampleParameters(
        sample: e.sample, train: .init(classWeights: e.classWeights),
        seed: e.sample.draws ? e.seed : nil),
      [
        ("split", .output(data.split, name: OutputName.split)),
        ("labels", .output(data.labels, name: OutputName.labels)),
        ("pictures", .output(data.images, name: OutputName.pictures)),
      ] + (e.sample.by == nil ? [] : [("cohort", cohort)]), index, of: subject)
    return data
  }
}
