import Catalogue
import Torch

/// Networks without their heads, whose features are joined and read by one linear layer (the
/// "combined" model of system D).
///
/// The tensors of the networks are `parts.0`, `parts.1`, …, the linear layer is `head`.
struct Combined: Network {
  /// A network and its own tensors, named as if it stood alone.
  struct Part {
    let network: any Network
    let store: ParameterStore
  }

  let parts: [Part]
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head"]

  init(_ path: Path, _ rows: [Architecture], _ plan: Blueprint) throws {
    parts = try rows.enumerated().map { index, row in
      let own = ParameterStore(device: path.store.device, dtype: path.store.dtype)
      let network = try Zoo.make(row, plan.part, at: Path(own, path.generator))
      try path.store.adopt(own, below: "parts.\(index)") { !network.isOutput($0) }
      return Part(network: network, store: own)
    }
    featureWidth = parts.reduce(0) { $0 + $1.network.featureWidth }
    dropout = plan.head()
    output = try Linear(path / "head", featureWidth, plan.outputs)
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try Tensor.cat(parts.map { try $0.network.features(x, mode) }, along: 1)
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// A network from Python, as a whole: what it gives are the logits.
struct ScriptNetwork: Network {
  private let script: TorchScript
  let featureWidth: Int
  let outputPaths: [String] = []

  init(_ file: String, outputs: Int, in store: ParameterStore) throws {
    script = try TorchScript(file, in: store)
    featureWidth = outputs
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let logits = try script(x, mode)
    guard logits.shape == [x.shape[0], featureWidth] else {
      throw TorchError(
        "the network of TorchScript gives \(logits.shape) for \(x.shape), and "
          + "\([x.shape[0], featureWidth]) are needed")
    }
    return logits
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor { features }
}
