import Basics
import Experiments
import Pipeline
import Radiographs
import Torch
import Zoo

/// `predict`: the probability of each finding for each picture of valid and test, or of the subset that
/// is asked for; without a split, of every picture of the cohort, all of which are `test` then.
func predictStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: PredictParameters.self)
  let findings = parameters.labels.findings
  let device = try Device(named: job.device)
  try Backend.setThreads(job.threads)
  let pack = try ImagePack(
    pixels: context.input("pack"), pictures: context.input("pictures"))
  let store = ParameterStore(device: device)
  let outputs = parameters.labels.heads.reduce(0) { $0 + $1.logits }
  let network =
    if let program = job.inputs["program"]?.path {
      try Zoo.load(program: program, outputs: outputs, in: store)
    } else {
      try Zoo.make(
        parameters.train.arch,
        Blueprint(channels: parameters.images.channels, outputs: outputs, size: pack.width),
        in: store, generator: nil)
    }
  try load(context.input("model"), into: store, parameters)
  let normalization = try parameters.images.normalization {
    let path = try context.input("model")
    guard let own = try NetworkFacts(path: path).normalization else {
      throw Diagnostic("`\(path)` does not say how its pictures were normalised")
    }
    return own
  }
  let scorer = Scorer(
    network: network, heads: parameters.labels.heads,
    pictures: try NetworkInput(context, pack, normalization, device),
    device: device, scalarType: parameters.train.precision == "bfloat16" ? .bfloat16 : nil)
  var predictions = Predictions(findings: findings)
  let split =
    job.inputs["split"] == nil
    ? try Split(context.cohort(), all: .test) : try Split(path: context.input("split"))
  var rows: [(row: Int, subset: Subset, position: Int)] = []
  for row in split.images.indices {
    guard let subset = split.subsets[row],
      parameters.subset.map({ $0 == subset.rawValue }) ?? (subset != .train),
      let position = pack.position(of: split.images[row])
    else { continue }
    rows.append((row, subset, position))
  }
  let scores = try scorer(rows.map(\.position), batch: 64) { done in
    context.progress(done: done, total: rows.count, unit: "pictures")
  }
  for ((row, subset, _), values) in zip(rows, scores) {
    predictions.append(
      image: split.images[row], patient: split.patients[row], study: split.studies[row],
      subset: subset,
      scores: values.map(Double.init))
  }
  try predictions.write(to: context.output(OutputName.predictions))
}

/// Fills `store` from the checkpoint at `path`, which must fit as a whole.
private func load(
  _ path: String, into store: ParameterStore, _ parameters: PredictParameters
) throws {
  do {
    try store.load(Safetensors.read(path).tensors)
  } catch let mismatch as StateMismatch {
    let outputs = parameters.labels.heads.reduce(0) { $0 + $1.logits }
    throw Diagnostic(
      "`\(path)` is no checkpoint of `\(parameters.train.arch)` with "
        + "\(parameters.images.channels) channels and \(outputs) outputs: \(mismatch.summary)")
  }
}
