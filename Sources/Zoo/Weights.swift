import Torch

extension Zoo {
  /// Fills `store` from a safetensors file made for this architecture, with another number of input
  /// channels or outputs if need be.
  ///
  /// A last layer of another size keeps its first values, and its names are returned. Weights for
  /// three channels are adapted to fewer. Whatever else does not fit throws a `StateMismatch` and
  /// changes nothing.
  public static func load(
    weights path: String, of network: any Network, into store: ParameterStore
  ) throws -> [String] {
    let file = try Safetensors.read(path).tensors
    let state = try adaptInputChannels(file, to: store)
    var mismatch = StateMismatch(of: state, for: store)
    let output = network.outputPath + "."
    let kept = mismatch.reshaped.map(\.name).filter { $0.hasPrefix(output) }
    mismatch.reshaped.removeAll { $0.name.hasPrefix(output) }
    // A counter that does not enter the outputs, and that older files lack.
    mismatch.missing.removeAll { $0.hasSuffix(".num_batches_tracked") }
    guard mismatch.isEmpty else { throw mismatch }
    // Weight and bias stay together: a bias of one output fits by shape only in a layer that fits
    // as a whole.
    try store.copy(state.filter { kept.isEmpty || !$0.name.hasPrefix(output) })
    return kept.isEmpty ? [] : store.state.map(\.name).filter { $0.hasPrefix(output) }
  }

  /// Kernels for three channels, made to fit the fewer that `store` has: each channel gets their
  /// mean.
  ///
  /// A gray picture in one channel then gives a third of what it gives as three equal ones, as in
  /// the "balance" system.
  public static func adaptInputChannels(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard let own = store[name]?.shape, tensor.shape.count == 4, own.count == 4,
        tensor.shape[1] == 3, (1...2).contains(own[1]),
        own == [tensor.shape[0], own[1], tensor.shape[2], tensor.shape[3]]
      else { return (name, tensor) }
      return (name, try tensor.mean([1], keep: true).expanded(own))
    }
  }
}
