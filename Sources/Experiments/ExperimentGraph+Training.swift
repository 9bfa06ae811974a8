import Basics
import Pipeline

/// The stages that make networks and use them.
extension ExperimentGraph {
  /// The stages up to the training of the experiment at `index`, and before it those of the
  /// experiments that it starts from.
  mutating func trained(_ index: Int) throws -> Trained {
    var pending = [index]
    while let current = pending.last {
      let missing = experiments[current].network.origins.map(\.index).filter {
        trainings[$0] == nil
      }
      if trainings[current] == nil, missing.isEmpty {
        let experiment = experiments[current]
        trainings[current] = try trained(experiment, data(experiment, current), current)
      }
      if missing.isEmpty { pending.removeLast() } else { pending += missing.reversed() }
    }
    guard let found = trainings[index] else { throw Diagnostic("an experiment without a training") }
    return found
  }

  /// A training on `data`.
  mutating func trained(
    _ e: Experiment, _ data: Data, _ index: Int, of subject: String? = nil
  ) throws -> Trained {
    // Features are of all pictures, for trainings that may see other samples of them.
    let isShared = e.train.isProbe && e.images.normalize != .training
    let features = isShared ? try features(e, data, index) : nil
    return Trained(
      data: data, features: features, train: try train(e, data, features, index, of: subject))
  }

  private mutating func features(
    _ e: Experiment, _ data: Data, _ index: Int
  ) throws -> StageID {
    try add(
      .features,
      FeaturesParameters(
        train: .init(
          arch: e.train.arch, weights: e.train.weights, rgbKernels: e.train.rgbKernels,
          precision: e.train.precision),
        images: .init(channels: e.images.channels, normalize: e.images.normalize),
        seed: e.network.isBackboneGiven ? nil : e.seed, device: device),
      [
        ("pack", .output(data.images, name: OutputName.pack)),
        ("pictures", .output(data.images, name: OutputName.pictures)),
      ] + weights(of: e), index)
  }

  private mutating func train(
    _ e: Experiment, _ data: Data, _ features: StageID?, _ index: Int, of subject: String?
  ) throws -> StageID {
    var inputs: [(name: String, source: StageInput)] = [
      ("pack", .output(data.images, name: OutputName.pack)),
      ("pictures", .output(data.images, name: OutputName.pictures)),
      ("split", .output(data.split, name: OutputName.split)),
      ("sample", .output(data.sample, name: OutputName.sample)),
      ("class_weights", .output(data.sample, name: OutputName.classWeights)),
      ("truth", .output(data.truth, name: OutputName.truth)),
    ]
    inputs += weights(of: e)
    if let features {
      inputs.append(("features", .output(features, name: OutputName.features)))
    }
    return try add(
      .train,
      TrainParameters(
        train: e.train,
        images: .init(
          channels: e.images.channels, normalize: e.images.normalize, fit: e.images.fit,
          filter: e.images.filter, equalize: e.images.equalize, decode: e.images.decode),
        labels: .init(
          findings: e.labels.findings, heads: e.labels.heads, smooth: e.labels.smoothing),
        seed: e.seed, device: device),
      inputs, index, of: subject, reads: Self.headKeys)
  }

  /// What the network of an experiment is made of that comes from files and other trainings.
  private func weights(of e: Experiment) -> [(name: String, source: StageInput)] {
    var inputs: [(name: String, source: StageInput)] = []
    if let path = e.network.program { inputs.append(("program", .file(path: path))) }
    for (part, start) in e.network.starts {
      let input = NetworkChoice.input(part)
      switch start {
      case .file(let path): inputs.append((input, .file(path: path)))
      case .pretrained(_, let path):
        inputs.append((input, .file(path: path)))
        // Weights that a person put there have no record.
        let record = WeightsFolder.record(beside: path)
        if Files.exists(record) { inputs.append(("\(input).sha256", .file(path: record))) }
      case .experiment(let origin):
        guard let training = trainings[origin.index]?.train else { continue }
        inputs.append((input, .output(training, name: OutputName.model)))
      }
    }
    return inputs
  }

  /// The keys that decide the heads, which are parameters under another name.
  private static let headKeys = ["labels.head", "labels.uncertain", "labels.attribute"]

  /// - Parameter subset: what is scored; valid and test without it.
  mutating func predict(
    _ e: Experiment, _ trained: Trained, _ index: Int, subset: String? = nil,
    of subject: String? = nil
  ) throws -> StageID {
    let data = trained.data
    var inputs: [(name: String, source: StageInput)] = [
      ("model", .output(trained.train, name: OutputName.model)),
      ("pack", .output(data.images, name: OutputName.pack)),
      ("pictures", .output(data.images, name: OutputName.pictures)),
      ("split", .output(data.split, name: OutputName.split)),
    ]
    if let features = trained.features {
      inputs.append(("features", .output(features, name: OutputName.features)))
    }
    if let path = e.network.program { inputs.append(("program", .file(path: path))) }
    return try add(
      .predict,
      PredictParameters(
        train: .init(arch: e.train.arch, precision: e.train.precision),
        images: .init(channels: e.images.channels, normalize: e.images.normalize),
        labels: .init(findings: e.labels.findings, heads: e.labels.heads), subset: subset,
        device: device),
      inputs, index, of: subject, reads: Self.headKeys)
  }
}
