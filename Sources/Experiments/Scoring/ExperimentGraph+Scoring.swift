import Basics
import Pipeline

extension ExperimentGraph {
  /// The stages of `scoring`, those of a sweep whose networks another program trained:
  /// `label_table → score_table → eval → fairness → summary`, an arm for each name.
  package static func build(_ scoring: Scoring) throws -> ExperimentStages {
    let experiments = scoring.files.map { file in
      var experiment = scoring.template
      (experiment.arm, experiment.seed) = (file.name, file.seed)
      experiment.settings = [SweepSetting(path: SweepSetting.arm, value: file.name)]
      return experiment
    }
    var graph = ExperimentGraph(experiments: experiments, device: "cpu")
    let findings = TruthParameters.Labels(findings: scoring.findings)
    var models: [JudgedModel] = []
    var stages: [[String: StageID]] = []
    for (index, (file, experiment)) in zip(scoring.files, experiments).enumerated() {
      let labels = try graph.add(
        .labelTable,
        LabelTableParameters(
          layouts: scoring.labels.map(\.layout), columns: scoring.columns, labels: findings),
        scoring.labels.enumerated().map { ("table.\($0)", .file(path: $1.path)) }, index)
      let truth = try graph.truth(scoring.judging.eval, findings, labels, index)
      var inputs: [(name: String, source: StageInput)] = [
        ("scores", .file(path: file.path)), ("cohort", .output(labels, name: OutputName.cohort)),
      ]
      if let valid = file.valid { inputs.append(("valid", .file(path: valid.path))) }
      if let path = file.thresholds { inputs.append(("thresholds", .file(path: path))) }
      let scores = try graph.add(
        .scoreTable,
        ScoreTableParameters(
          layout: file.layout, validLayout: file.valid?.layout, labels: findings),
        inputs, index, reads: [SweepSetting.arm, "seed"])
      let judged = try graph.judge(
        .output(scores, name: OutputName.predictions), scoring.judging, scoring.findings,
        truth: truth, cohort: labels, index,
        thresholds: file.thresholds.map { _ in .output(scores, name: OutputName.thresholds) })
      models.append(
        JudgedModel(
          experiment: experiment, index: index, judged: judged, cohort: labels, split: labels,
          scored: file.cases))
      stages.append([
        StageKind.labelTable.name: labels, StageKind.scoreTable.name: scores, "truth": truth,
        "eval": judged.eval, "fairness": judged.fairness,
      ])
    }
    return try graph.finish(scoring, experiments, models, stages)
  }

  /// Summaries, comparisons with the baseline, and error consistency.
  private mutating func finish(
    _ scoring: Scoring, _ experiments: [Experiment], _ models: [JudgedModel],
    _ stages: [[String: StageID]]
  ) throws -> ExperimentStages {
    var arms: [ArmStages] = []
    var members: [[Judged]] = []
    for (index, experiment) in experiments.enumerated() where experiment.seed == 0 {
      let own = experiments.indices.filter { experiments[$0].arm == experiment.arm }
      members.append(own.map { models[$0].judged })
      let summary = try summarize(members[members.count - 1], nil, own)
      arms.append(
        ArmStages(
          arm: experiment.arm, settings: experiments[index].settings, experiments: own,
          summary: summary, shortcut: nil))
    }
    if let place = arms.firstIndex(where: { $0.arm == scoring.baseline }) {
      let baseline = ComparedArm(arms[place].summary, members[place])
      for index in arms.indices where index != place {
        let own = arms[index].experiments
        guard
          (own + arms[place].experiments).allSatisfy({ models[$0].scored == models[own[0]].scored })
        else {
          arms[index].incomparable = arms[place].arm
          continue
        }
        let arm = ComparedArm(arms[index].summary, members[index])
        let stage = try compare(arm, baseline, experiments[own[0]], own[0])
        for other in own.dropFirst() { builder.share(stage, with: other) }
        arms[index].comparison = (arms[place].arm, stage)
      }
    }
    let consistency = try consistency(models, axes: [SweepSetting.arm])
    let names = experiments.map {
      ExperimentName(arm: $0.arm, settings: $0.settings, seed: $0.seed)
    }
    return ExperimentStages(
      graph: builder.finish(experiments: names), experiments: experiments, stages: stages,
      arms: arms, consistency: consistency, origins: experiments.map { _ in [] })
  }
}
