import Basics
import Torch

/// Everything a training needs to go on as if it had never stopped.
struct Checkpoint {
  /// The epochs that are done.
  var epochs: Int
  /// How far the epoch after them is.
  var cursor = EpochCursor()
  /// The threads that the training computes with.
  var threads: Int
  /// The rows of `history.csv` so far.
  var history: [String]
  /// The selection metric of the best epoch; `nil` before the first.
  var bestScore: Double?
  /// The tensors of the best epoch.
  var best: [(name: String, tensor: Tensor)]

  private static let file = "checkpoint.safetensors"

  /// Writes this with the state of the network, the optimizer and the generator into `folder`.
  func write(
    _ store: ParameterStore, _ optimizer: any Optimizer, _ generator: Generator, to folder: String
  ) throws {
    var tensors = store.state.map { (name: "model.\($0.name)", tensor: $0.tensor) }
    tensors += optimizer.state.map { (name: "optimizer.\($0.name)", tensor: $0.tensor) }
    tensors += best.map { (name: "best.\($0.name)", tensor: $0.tensor) }
    tensors.append((name: "generator", tensor: try Tensor(generator.state())))
    var metadata = [
      "epochs": "\(epochs)", "threads": "\(threads)", "history": history.joined(separator: "\n"),
      "next": "\(cursor.next)", "steps": "\(cursor.steps)", "loss": "\(cursor.loss)",
    ]
    if let bestScore { metadata["best_score"] = "\(bestScore)" }
    try Safetensors.write(tensors, metadata: metadata, to: Files.join(folder, Self.file))
  }

  /// Restores the network, the optimizer and the generator from `folder`; `nil`, with nothing
  /// changed, where there is no whole checkpoint.
  static func restore(
    _ store: ParameterStore, _ optimizer: any Optimizer, _ generator: Generator,
    from folder: String
  ) throws -> Checkpoint? {
    guard let contents = Self.read(folder),
      let epochs = contents.metadata["epochs"].flatMap(Int.init),
      let threads = contents.metadata["threads"].flatMap(Int.init),
      let next = contents.metadata["next"].flatMap(Int.init),
      let steps = contents.metadata["steps"].flatMap(Int.init),
      let loss = contents.metadata["loss"].flatMap(Double.init)
    else { return nil }
    func part(_ prefix: String) -> [(name: String, tensor: Tensor)] {
      contents.tensors.filter { $0.name.hasPrefix(prefix) }
        .map { (name: String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) }
    }
    guard let state = contents.tensors.first(where: { $0.name == "generator" }) else { return nil }
    try store.load(part("model."))
    try optimizer.load(part("optimizer."))
    try generator.restore(try state.tensor.bytes())
    return Checkpoint(
      epochs: epochs, cursor: EpochCursor(next: next, steps: steps, loss: loss), threads: threads,
      history: contents.metadata["history"]?.split(separator: "\n").map(String.init) ?? [],
      bestScore: contents.metadata["best_score"].flatMap(Double.init), best: part("best."))
  }

  /// The threads that the checkpoint in `folder` was computed with.
  static func threads(in folder: String) -> Int? {
    read(folder)?.metadata["threads"].flatMap(Int.init)
  }

  private static func read(
    _ folder: String
  ) -> (tensors: [(name: String, tensor: Tensor)], metadata: [String: String])? {
    let path = Files.join(folder, file)
    guard Files.exists(path), let contents = try? Safetensors.read(path) else { return nil }
    let metadata = Dictionary(
      contents.metadata.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    return (contents.tensors, metadata)
  }
}

/// How far a training is within an epoch; the order of its pictures follows from seed and epoch.
struct EpochCursor {
  /// Where the next batch begins in the order of the epoch.
  var next = 0
  /// Steps taken.
  var steps = 0
  /// The sum of their losses.
  var loss = 0.0
}
