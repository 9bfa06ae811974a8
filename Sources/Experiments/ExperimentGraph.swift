import Basics
import Pipeline

/// Turns experiments into the graph of their stages:
/// `cohort → split → labels → sample → images → train → predict → eval → fairness → summary`.
package struct ExperimentGraph {
  let experiments: [Experiment]
  var builder = GraphBuilder()
  /// The trainings that were added, by experiment.
  var trainings: [Int: Trained] = [:]
  /// The table of the experiment whose stages are being added.
  var table = ""
  var phantomOptions: [String: String] = [:]
  private var checkpointSeconds = 60.0
  let device: String

  /// The stages of the experiments of `spec` that are selected, for a device class `cpu` or `cuda`;
  /// of those that they start from, the trainings.
  package static func build(_ spec: StudySpec, device: String) throws -> ExperimentStages {
    var graph = ExperimentGraph(experiments: spec.all, device: device)
    var perExperiment: [[String: StageID]] = []
    var models: [JudgedModel] = []
    var judgedByArm: [(arm: String, members: [(index: Int, judged: Judged)], baseline: Judged)] =
      []
    for (position, index) in spec.selected.enumerated() {
      let experiment = spec.all[index]
      let trained = try graph.trained(index)
      let data = trained.data
      let predict = try graph.predict(experiment, trained, index)
      let judged = try graph.judge(predict, OutputName.predictions, experiment, data, index)
      let shortcut = try graph.add(
        .shortcut,
        ShortcutParameters(
          labels: .init(
            findings: experiment.labels.findings, attribute: experiment.labels.attribute)),
        [
          ("cohort", .output(data.cohort, name: OutputName.cohort)),
          ("split", .output(data.split, name: OutputName.split)),
          ("truth", .output(data.truth, name: OutputName.truth)),
          ("pictures", .output(data.images, name: OutputName.pictures)),
        ], index)
      let baseline = try graph.judge(
        shortcut, OutputName.predictions, experiment, data, index, of: "shortcut")
      models.append(
        JudgedModel(
          experiment: experiment, index: index, judged: judged, cohort: data.cohort,
          split: data.split))
      if judgedByArm.last?.arm == experiment.arm {
        judgedByArm[judgedByArm.count - 1].members.append((position, judged))
      } else {
        judgedByArm.append((experiment.arm, [(position, judged)], baseline))
      }
      perExperiment.append([
        "cohort": data.cohort, "split": data.split, "labels": data.labels, "truth": data.truth,
        "sample": data.sample, "images": data.images, "train": trained.train,
        "predict": predict, "eval": judged.eval, "fairness": judged.fairness,
        "shortcut": shortcut,
      ])
      perExperiment[position]["choice"] = data.choice
      perExperiment[position]["features"] = trained.features
    }
    var arms: [ArmStages] = []
    for (arm, members, baseline) in judgedByArm {
      let users = members.map { spec.selected[$0.index] }
      let summary = try graph.summarize(members.map(\.judged), baseline, users)
      let alone = try graph.summarize([baseline], baseline, users, of: "shortcut")
      arms.append(
        ArmStages(
          arm: arm, settings: spec.all[users[0]].settings,
          experiments: members.map(\.index), summary: summary, shortcut: alone))
    }
    for index in arms.indices {
      guard let settings = spec.compare.counterpart(of: arms[index].settings),
        let place = arms.firstIndex(where: { arm in
          arm.settings.elementsEqual(settings) { $0.path == $1.path && $0.value == $1.value }
        })
      else { continue }
      let baseline = arms[place]
      let (own, other) = (arms[index].experiments[0], baseline.experiments[0])
      guard Self.judgesAlike(spec.experiments[own], spec.experiments[other]),
        ["split", "truth"].allSatisfy({ perExperiment[own][$0] == perExperiment[other][$0] })
      else {
        arms[index].incomparable = baseline.arm
        continue
      }
      var stage: StageID?
      for experiment in arms[index].experiments {
        stage = try graph.compare(
          ComparedArm(arms[index].summary, judgedByArm[index].members.map(\.judged)),
          ComparedArm(baseline.summary, judgedByArm[place].members.map(\.judged)),
          spec.all[spec.selected[experiment]], spec.selected[experiment])
      }
      arms[index].comparison = stage.map { (baseline.arm, $0) }
    }
    let consistency = try graph.consistency(
      models, axes: Set(arms.flatMap(\.settings).map(\.path)).sorted())
    let names = spec.all.map { ExperimentName(arm: $0.arm, settings: $0.settings, seed: $0.seed) }
    return ExperimentStages(
      graph: graph.builder.finish(experiments: names), experiments: spec.experiments,
      stages: perExperiment, arms: arms, consistency: consistency,
      origins: spec.experiments.map { experiment in
        experiment.network.origins.compactMap { graph.trainings[$0.index]?.train }
      })
  }

  /// Whether the draws of the bootstrap are of the same cases, given the same split and truth.
  private static func judgesAlike(_ a: Experiment, _ b: Experiment) -> Bool {
    a.eval.per == b.eval.per && a.eval.aggregate == b.eval.aggregate
      && a.eval.bootstrap == b.eval.bootstrap && a.eval.strata == b.eval.strata
      && a.eval.seed == b.eval.seed
  }

  init(experiments: [Experiment] = [], device: String) {
    self.experiments = experiments
    self.device = device
  }

  struct Data {
    var cohort, split, truth, images: StageID
    var labels = StageID(0)
    var sample = StageID(0)
    /// What chose the policies of the labels.
    var choice: StageID?
  }

  struct Trained {
    var data: Data
    /// What a backbone that is not trained makes of the pictures.
    var features: StageID?
    var train: StageID
  }

  /// What judges some predictions, and the predictions with their truth.
  struct Judged {
    var eval, fairness, truth: StageID
    var predictions: StageInput
  }

  mutating func add(
    _ kind: StageKind, _ parameters: some Encodable,
    _ inputs: [(name: String, source: StageInput)], _ experiment: Int, of subject: String? = nil,
    reads: [String] = [], gathers: [String] = [], mentions: [(String, String)] = []
  ) throws -> StageID {
    var declaration = StageDeclaration(
      kind: kind.name, version: kind.version, parameters: try Value(encoding: parameters),
      inputs: inputs, outputs: kind.outputs, weight: kind.weight,
      title: subject.map { "\(kind.name) of \($0)" })
    declaration.reads = reads
    declaration.gathers = gathers
    // Lines of a cohort are those of its table: messages name it, results do not.
    declaration.mentions = ["table": table]
    for (name, path) in mentions { declaration.mentions[name] = path }
    if [StageKind.cohort.name, StageKind.images.name].contains(kind.name) {
      declaration.fileOptions = phantomOptions
    }
    if kind.name == StageKind.train.name {
      declaration.mentions["checkpoint_seconds"] = "\(checkpointSeconds)"
    }
    return builder.add(declaration, experiment: experiment)
  }

  /// What valid, test and new pictures are judged by.
  mutating func truth(
    _ eval: EvalSection, _ labels: TruthParameters.Labels, _ cohort: StageID,
    adjudicated: StageID? = nil, _ index: Int
  ) throws -> StageID {
    var inputs: [(name: String, source: StageInput)] = [
      ("cohort", .output(cohort, name: OutputName.cohort))
    ]
    if let adjudicated {
      inputs.append(("adjudicated", .output(adjudicated, name: OutputName.cohort)))
    }
    return try add(
      .truth,
      TruthParameters(
        labels: labels, eval: .init(uncertain: eval.uncertain, blank: eval.blank)),
      inputs, index)
  }

  mutating func data(_ e: Experiment, _ index: Int) throws -> Data {
    checkpointSeconds = e.checkpointSeconds
    let cohort = try cohort(e.cohort, e.files, index)
    let table = StageInput.output(cohort, name: OutputName.cohort)
    var splitInputs: [(name: String, source: StageInput)] = [("cohort", table)]
    if let file = e.files.split { splitInputs.append(("file", .file(path: file))) }
    let split = try add(
      .split, SplitParameters(e), splitInputs, index,
      reads: ["split.file"])
    let adjudicated = try e.files.adjudicated.map { try adjudication($0, e, index) }
    let truth = try truth(
      e.eval,
      .init(
        findings: e.labels.findings, noFinding: e.labels.noFinding, attribute: e.labels.attribute,
        ageEdges: e.labels.ageEdges), cohort,
      adjudicated: adjudicated, index)
    let images = try images(e.cohort, e.files, form: e.images.form, of: cohort, index)
    return try labelled(
      Data(cohort: cohort, split: split, truth: truth, images: images), e, index)
  }

  private mutating func judge(
    _ stage: StageID, _ output: String, _ e: Experiment, _ data: Data, _ index: Int,
    of subject: String? = nil
  ) throws -> Judged {
    try judge(
      .output(stage, name: output), Judging(e), e.labels.findings,
      truth: data.truth, cohort: data.cohort, index, of: subject, attribute: e.labels.attribute)
  }

  mutating func summarize(
    _ members: [Judged], _ baseline: Judged?, _ experiments: [Int], of subject: String? = nil
  ) throws -> StageID {
    var inputs: [(name: String, source: StageInput)] = []
    for (seed, judged) in members.enumerated() {
      inputs += Self.inputs(judged, suffix: "\(seed)")
    }
    if let baseline { inputs += Self.inputs(baseline, suffix: "shortcut") }
    guard let first = experiments.first else { throw Diagnostic("an arm without experiments") }
    let id = try add(
      .summary, SummaryParameters(seeds: members.count), inputs, first, of: subject,
      gathers: ["seed"])
    for experiment in experiments.dropFirst() { builder.share(id, with: experiment) }
    return id
  }

  /// An arm as it is held against another.
  struct ComparedArm {
    let summary: StageID
    let members: [Judged]

    init(_ summary: StageID, _ members: [Judged]) {
      (self.summary, self.members) = (summary, members)
    }
  }

  /// The differences of an arm from another that is judged on the same cases.
  mutating func compare(
    _ arm: ComparedArm, _ baseline: ComparedArm, _ e: Experiment, _ index: Int
  ) throws -> StageID {
    // Scores are exchanged seed by seed.
    let seeds = arm.members.count == baseline.members.count ? arm.members.count : 0
    var inputs: [(name: String, source: StageInput)] = []
    for (name, side) in [("arm", arm), ("baseline", baseline)] {
      inputs += [
        ("summary.\(name)", .output(side.summary, name: OutputName.summary)),
        ("metrics.\(name)", .output(side.summary, name: OutputName.metricTable)),
        ("replicates.\(name)", .output(side.summary, name: OutputName.replicates)),
      ]
      for (seed, member) in side.members.prefix(seeds).enumerated() {
        inputs += [
          ("predictions.\(name).\(seed)", member.predictions),
          ("thresholds.\(name).\(seed)", .output(member.eval, name: OutputName.thresholds)),
        ]
      }
    }
    if let truth = arm.members.first?.truth {
      inputs.append(("truth", .output(truth, name: OutputName.truth)))
    }
    return try add(
      .comparison,
      ComparisonParameters(
        seeds: seeds,
        eval: .init(
          per: e.eval.per, aggregate: e.eval.aggregate, bootstrap: e.eval.bootstrap,
          seed: e.eval.seed),
        labels: .init(findings: e.labels.findings)),
      inputs, index, gathers: ["seed"])
  }

  private static func inputs(
    _ judged: Judged, suffix: String
  ) -> [(name: String, source: StageInput)] {
    [
      ("metrics.\(suffix)", .output(judged.eval, name: OutputName.metrics)),
      ("replicates.\(suffix)", .output(judged.eval, name: OutputName.replicates)),
      ("fairness.\(suffix)", .output(judged.fairness, name: OutputName.fairness)),
      ("group_replicates.\(suffix)", .output(judged.fairness, name: OutputName.replicates)),
    ]
  }
}
