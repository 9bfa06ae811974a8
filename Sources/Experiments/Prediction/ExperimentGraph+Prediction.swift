import Pipeline

extension ExperimentGraph {
  /// The stages of `prediction`, those of an experiment with nothing trained and nothing split:
  /// `cohort → images → predict → eval → fairness`, for a device class `cpu` or `cuda`.
  package static func build(_ prediction: Prediction, device: String) throws -> PredictionStages {
    var graph = ExperimentGraph(device: device)
    let (network, data) = (prediction.network, prediction.pictures)
    let cohort = try graph.cohort(data.cohort, data.files, 0)
    let images = try graph.images(
      data.cohort, data.files, form: network.form, of: cohort, 0)
    var inputs: [(name: String, source: StageInput)] = [
      ("model", .file(path: prediction.model)),
      ("pack", .output(images, name: OutputName.pack)),
      ("pictures", .output(images, name: OutputName.pictures)),
      ("cohort", .output(cohort, name: OutputName.cohort)),
    ]
    if let path = prediction.program { inputs.append(("program", .file(path: path))) }
    let predict = try graph.add(
      .predict,
      PredictParameters(
        train: .init(arch: network.arch, precision: prediction.precision),
        images: .init(channels: network.channels, normalize: network.normalize.map { .fixed($0) }),
        labels: .init(findings: network.findings, heads: network.heads), device: device),
      inputs, 0)
    var judged: Judged?
    if !prediction.judged.isEmpty {
      let truth = try graph.truth(
        prediction.judging.eval, .init(findings: prediction.judged), cohort, 0)
      judged = try graph.judge(
        .output(predict, name: OutputName.predictions), prediction.judging, prediction.judged,
        truth: truth, cohort: cohort, 0)
    }
    let name = ExperimentName(arm: "new pictures", settings: [], seed: 0)
    return PredictionStages(
      graph: graph.builder.finish(experiments: [name]), cohort: cohort, predict: predict,
      judged: judged.map { ($0.eval, $0.fairness) })
  }
}
