import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs
import Torch
import Zoo

/// `train`: learns on the sample, judges each epoch on valid, keeps the best.
func trainStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: TrainParameters.self)
  let device = try Device(named: job.device)
  try Backend.setThreads(Checkpoint.threads(in: job.scratch) ?? job.threads)
  try Backend.setDeterministic(true)
  let pack = try ImagePack(
    pixels: context.input("pack"), pictures: context.input("pictures"))
  let data = try TrainingData(context, pack, findings: parameters.labels.findings)
  let trainer = try Trainer(
    parameters, size: pack.width, device: device,
    loss: TrainingLoss(heads: parameters.labels.heads, weights: data.weights),
    program: context.job.inputs["program"]?.path)
  try loadWeights(
    context, parameters.train.arch, trainer.network, trainer.store,
    rgbKernels: parameters.train.rgbKernels)
  let normalization = parameters.images.normalization {
    PictureNormalization(
      gray: pack.moments(of: data.sample.positions), channels: parameters.images.channels)
  }
  let pictures = try NetworkInput(context, pack, normalization, device)
  let training = Training(
    trainer: trainer, data: data, pictures: pictures, context: context, threads: Backend.threads)
  let checkpoint = try training.run()
  try Safetensors.write(
    checkpoint.best,
    metadata: TrainedNetwork(
      arch: parameters.train.arch, channels: parameters.images.channels,
      form: parameters.images.form(size: pack.width, bits: pack.bits),
      findings: parameters.labels.findings, heads: parameters.labels.heads,
      normalize: normalization
    ).metadata,
    to: context.output(OutputName.model))
  let history = [EpochRecord.header] + checkpoint.history
  try Files.write(
    history.joined(separator: "\n") + "\n", to: context.output(OutputName.history))
}

/// What a training reads: the sample and the labelled pictures of valid.
struct TrainingData {
  let sample: TrainingSample
  let weights: [ClassWeight]
  /// Positions of the pictures of valid in the pack, and their truth.
  let valid: TrainingSample

  init(_ context: JobContext, _ pack: ImagePack, findings: [String]) throws {
    let table = try LabelTable(path: context.input("sample"))
    guard table.findings == findings else {
      throw Diagnostic("the sample has other findings than the training")
    }
    func positions(_ images: [String]) throws -> [Int] {
      try images.map { image in
        guard let position = pack.position(of: image) else {
          throw Diagnostic("picture `\(image)` is in the sample and not in the pack")
        }
        return position
      }
    }
    sample = TrainingSample(
      positions: try positions(table.images), labels: table.labels(at: table.images.indices))
    weights = try Sample.weights(path: context.input("class_weights"), findings: findings)
    let split = try Split(path: context.input("split"))
    let truth = try LabelTable(path: context.input("truth"))
    let rows = split.rows(.valid).filter { row in
      pack.position(of: split.images[row]) != nil && truth.values.contains { $0[row] != nil }
    }
    guard !rows.isEmpty else { throw Diagnostic("no picture of valid has a label") }
    valid = TrainingSample(
      positions: try positions(rows.map { split.images[$0] }), labels: truth.labels(at: rows))
  }
}

/// The epochs of a training, from the last checkpoint to the end.
struct Training {
  let trainer: Trainer
  let data: TrainingData
  let pictures: NetworkInput
  let context: JobContext
  let threads: Int

  /// Runs the epochs that are missing; returns the state after the last.
  func run() throws -> Checkpoint {
    let section = trainer.section
    let scorer = Scorer(
      network: trainer.network, heads: trainer.loss.heads, pictures: pictures,
      device: trainer.device,
      scalarType: section.scalarType)
    var state =
      try Checkpoint.restore(
        trainer.store, trainer.optimizer, trainer.generator, from: context.job.scratch)
      ?? Checkpoint(epochs: 0, threads: threads, history: [], bestScore: nil, best: [])
    if state.epochs > 0 || state.cursor.steps > 0 {
      let step = state.cursor.steps > 0 ? ", step \(state.cursor.steps) of the next" : ""
      context.log("continues after epoch \(state.epochs)\(step)")
    }
    let interval = Duration.seconds(
      context.job.mentions["checkpoint_seconds"].flatMap(Double.init) ?? 60)
    var written = ContinuousClock.now
    func writeWhenDue(_ state: Checkpoint) throws {
      guard ContinuousClock.now - written >= interval else { return }
      try state.write(
        trainer.store, trainer.optimizer, trainer.generator, to: context.job.scratch)
      // From its end on: where a checkpoint takes long, the training still gets its share.
      written = .now
    }
    StandardStreams.say("\(EpochRecord.header)\n")
    let perEpoch = data.sample.positions.count
    while state.epochs < section.epochs {
      let epoch = state.epochs
      var shown: [String: Double] = [:]
      if let best = state.bestScore { shown["best"] = best }
      let trainLoss = try trainer.runEpoch(epoch, from: state.cursor, data.sample, pictures) {
        cursor, loss in
        shown["loss"] = loss
        context.progress(
          done: epoch * perEpoch + cursor.next, total: section.epochs * perEpoch, unit: "pictures",
          metrics: shown)
        state.cursor = cursor
        try writeWhenDue(state)
      }
      let scores = try scorer(data.valid.positions, batch: section.batch)
      let record = try EpochRecord(
        epoch: epoch + 1, learningRate: trainer.learningRate(epoch), trainLoss: trainLoss,
        scores: scores, truth: data.valid.labels)
      let score = try record.score(section.select)
      // The earlier epoch wins a tie.
      let isBest = state.bestScore.map { score > $0 } ?? true
      if isBest {
        state.bestScore = score
        state.best = try trainer.store.state.map { ($0.name, try $0.tensor.copied()) }
      }
      let row = record.row(isBest: isBest)
      state.history.append(row)
      // Into the log: the last words of a training that is killed.
      StandardStreams.say("\(row)\n")
      state.epochs += 1
      state.cursor = EpochCursor()
      if state.epochs < section.epochs { try writeWhenDue(state) }
    }
    return state
  }
}
