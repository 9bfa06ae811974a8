import Basics
import Experiments
import Pipeline
import Radiographs
import Torch
import Zoo

/// `features`: what a backbone that is not trained makes of every picture, in evaluation mode; read by
/// the trainings of all heads on it and by what else wants features.
func featuresStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: FeaturesParameters.self)
  let device = try Device(named: job.device)
  try Backend.setThreads(job.threads)
  try Backend.setDeterministic(true)
  let pack = try ImagePack(
    pixels: context.input("pack"), pictures: context.input("pictures"))
  let store = ParameterStore(device: device)
  // Backbones draw their first values before heads, so that the number of outputs does not matter.
  let network = try Zoo.make(
    parameters.train.arch,
    Blueprint(channels: parameters.images.channels, outputs: 1, size: pack.width), in: store,
    generator: parameters.seed.map { try Generator(seed: RandomStream.seed("init", seed: $0)) })
  try loadWeights(
    context, parameters.train.arch, network, store, rgbKernels: parameters.train.rgbKernels,
    isHeadUsed: false)
  let pictures = try PictureBatches(
    pack,
    parameters.images.normalization { PictureNormalization(channels: parameters.images.channels) },
    device: device)
  let scalarType: ScalarType? = parameters.train.precision == "bfloat16" ? .bfloat16 : nil
  var values: [Float] = []
  values.reserveCapacity(pack.count * network.featureWidth)
  let batch = 64
  for start in stride(from: 0, to: pack.count, by: batch) {
    let rows = Array(start..<min(start + batch, pack.count))
    values += try withoutGradients {
      let features = try withAutocast(scalarType, device) {
        try network.features(pictures(rows[...]), .evaluation)
      }
      return try features.to(.float32).floats()
    }
    context.progress(done: start + rows.count, total: pack.count, unit: "pictures")
  }
  let table = try Tensor(values, shape: [pack.count, network.featureWidth])
  try Safetensors.write([("features", table)], to: context.output(OutputName.features))
}

/// What a network is given: pictures, or the features that its backbone made of them.
enum NetworkInput {
  case pictures(PictureBatches)
  /// `[pictures of the pack, width]`, on the device of the network.
  case features(Tensor)

  /// The features of the pack where the job has them, else its pictures.
  init(
    _ context: JobContext, _ pack: ImagePack, _ normalization: PictureNormalization,
    _ device: Device
  ) throws {
    guard let path = context.job.inputs["features"]?.path else {
      self = .pictures(try PictureBatches(pack, normalization, device: device))
      return
    }
    guard let table = try Safetensors.read(path).tensors.first?.tensor,
      table.shape.first == pack.count
    else { throw Diagnostic("the features are of other pictures") }
    self = .features(try table.to(device))
  }

  /// The logits of the pictures at `positions` of the pack.
  func logits(
    _ network: any Network, _ positions: ArraySlice<Int>, _ mode: Mode
  ) throws -> Tensor {
    switch self {
    case .pictures(let pictures): return try network(pictures(positions), mode)
    case .features(let table):
      let index = try Tensor(positions.map(Int64.init)).to(table.device)
      return try network.head(table.selecting(index), mode)
    }
  }
}
