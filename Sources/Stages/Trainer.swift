import Basics
import Experiments
import Radiographs
import Torch
import Zoo

/// One training: a network, its optimizer, and the streams it draws from.
struct Trainer {
  let section: TrainSection
  let seed: Int
  let device: Device
  let store: ParameterStore
  let network: any Network
  let optimizer: any Optimizer
  let loss: TrainingLoss
  /// For each finding the interval from which labels are drawn in each epoch.
  let smoothing: [LabelSmoothing?]
  /// Draws dropout.
  let generator: Generator

  /// The network with its first weights, ready to learn from pictures of `size` pixels.
  ///
  /// - Parameter program: the file of a network of TorchScript.
  init(
    _ parameters: TrainParameters, size: Int, device: Device, loss: TrainingLoss, program: String?
  ) throws {
    section = parameters.train
    seed = parameters.seed
    self.device = device
    self.loss = loss
    smoothing = parameters.labels.findings.map { parameters.labels.smooth?[$0] }
    store = ParameterStore(device: device)
    let outputs = parameters.labels.heads.reduce(0) { $0 + $1.logits }
    let drops = RandomStream.seed("dropout", seed: seed)
    if let program {
      network = try Zoo.load(program: program, outputs: outputs, in: store)
      generator = try Generator.ofDevice(device, seed: drops)
    } else {
      network = try Zoo.make(
        section.arch,
        Blueprint(
          channels: parameters.images.channels, outputs: outputs, size: size,
          stochasticDepth: section.stochasticDepth ?? 0, dropout: section.dropout ?? 0,
          headDropout: section.headDropout),
        in: store,
        generator: Generator(seed: RandomStream.seed("init", seed: seed)))
      generator = try Generator(seed: drops, device: device)
    }
    guard !store.parameters.isEmpty else {
      throw store.parameterNames.isEmpty
        ? Diagnostic(
          "the network of TorchScript has no parameters, so there is nothing to train",
          hint: "`torch.jit.freeze` makes constants of parameters: save the network without it")
        : Diagnostic("no parameter of the network of TorchScript requires a gradient")
    }
    for part in section.freeze ?? [] { try Self.freeze(part, of: network, in: store) }
    guard !store.parameters.isEmpty else {
      throw Diagnostic("`train.freeze` leaves nothing to train")
    }
    optimizer = try section.optimizer.make(store.parameters)
  }

  /// Stops the training of `part`, as `FrozenPart` reads it.
  private static func freeze(
    _ part: String, of network: any Network, in store: ParameterStore
  ) throws {
    let frozen = Set(FrozenPart(part).names(in: store, of: network))
    if case .depth(let depth) = FrozenPart(part), frozen.isEmpty {
      let count = FrozenPart.layers(of: store).count
      throw Diagnostic(
        "`train.freeze` has `\(depth)`, and the network has \(count) layers",
        hint: count > 1 ? "from 1 to \(count - 1), or from -1 to -\(count - 1)" : nil)
    }
    guard !frozen.isEmpty else {
      let parts = store.state.map { String($0.name.prefix { $0 != "." }) }
      let first = parts.enumerated().filter { !parts[..<$0.offset].contains($0.element) }
      throw Diagnostic(
        "the network has no part `\(part)`, named in `train.freeze`",
        hint: "its parts are \(first.map(\.element).quotedList)")
    }
    guard store.parameterNames.contains(where: frozen.contains) else {
      throw Diagnostic(
        "`\(part)` in `train.freeze` names only statistics, which are not trained",
        hint: "name the layer: its statistics stay as they are with its weights")
    }
    try store.freeze(where: frozen.contains)
  }

  /// The learning rate of `epoch`, counted from 0.
  func learningRate(_ epoch: Int) -> Double {
    guard let schedule = section.schedule else { return section.optimizer.lr }
    return (0..<epoch / schedule.step).reduce(section.optimizer.lr) { rate, _ in
      rate * schedule.gamma
    }
  }

  /// The labels of `epoch`: those between 0 and 1 of a finding that is smoothed are drawn by the stream
  /// `smooth`.
  private func labels(of sample: TrainingSample, _ epoch: Int) -> [[Float?]] {
    guard smoothing.contains(where: { $0 != nil }) else { return sample.labels }
    var stream = RandomStream("smooth \(epoch)", seed: seed)
    return sample.labels.map { row in
      zip(row, smoothing).map { label, interval in
        guard let label, let interval, label > 0, label < 1 else { return label }
        return interval.value(stream.uniform())
      }
    }
  }

  /// One pass over `sample` in the order of the stream `order`, or what is left of it behind
  /// `cursor`; returns the mean loss per step.
  ///
  /// - Parameter afterStep: told where the epoch is and the loss of the step.
  func runEpoch(
    _ epoch: Int, from cursor: EpochCursor, _ sample: TrainingSample, _ pictures: NetworkInput,
    afterStep: (_ cursor: EpochCursor, _ loss: Double) throws -> Void
  ) throws -> Double {
    var order = Array(sample.positions.indices)
    var stream = RandomStream("order \(epoch)", seed: seed)
    stream.shuffle(&order)
    let rate = learningRate(epoch)
    let labels = labels(of: sample, epoch)
    var cursor = cursor
    while cursor.next < order.count {
      let rows = order[cursor.next..<min(cursor.next + section.batch, order.count)]
      cursor.next += rows.count
      // Batch normalisation has no variance over a single picture; PyTorch refuses it too.
      if rows.count == 1, order.count > 1 { continue }
      let positions = rows.map { sample.positions[$0] }
      let logits = try withAutocast(section.scalarType, device) {
        try pictures.logits(network, positions[...], .training(generator))
      }
      guard let value = try loss(logits, rows.map { labels[$0] }) else { continue }
      let number = try value.item()
      guard number.isFinite else {
        throw Diagnostic(
          "the loss is \(number) in epoch \(epoch + 1), step \(cursor.steps + 1)",
          hint: "lower `train.optimizer.lr`, now \(section.optimizer.lr)")
      }
      try store.clearGradients()
      try value.backward()
      try optimizer.step(learningRate: rate)
      cursor.loss += number
      cursor.steps += 1
      try afterStep(cursor, number)
    }
    guard cursor.steps > 0 else {
      throw Diagnostic("epoch \(epoch + 1) has no step: no batch of the sample has a label")
    }
    return cursor.loss / Double(cursor.steps)
  }
}

extension TrainSection {
  /// The type that autocast computes in; `nil` for float32 throughout.
  var scalarType: ScalarType? { precision == "bfloat16" ? .bfloat16 : nil }
}

extension OptimizerSection {
  /// The fused optimizer that the section names.
  func make(_ parameters: [(name: String, tensor: Tensor)]) throws -> any Optimizer {
    switch name {
    case "sgd":
      var settings = SGD.Settings()
      settings.momentum = momentum ?? 0
      settings.weightDecay = weightDecay
      return try SGD(parameters, settings)
    default:
      var settings = Adam.Settings()
      settings.weightDecay = weightDecay
      settings.decoupled = name == "adamw"
      return try Adam(parameters, settings)
    }
  }
}

/// What a training sees: where each picture lies in the pack, and its labels.
struct TrainingSample {
  /// Positions in the pack, repeats allowed.
  var positions: [Int]
  /// For each, one label for each finding; `nil` is unlabelled.
  var labels: [[Float?]]
}
