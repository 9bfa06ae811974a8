import Torch

extension Zoo {
  /// Fills `store` from a file of weights made for this architecture, with another number of input
  /// channels or outputs or another size of pictures if need be: safetensors, or a checkpoint of
  /// PyTorch or Lightning.
  ///
  /// A last layer of another size keeps its first values, and its names are returned. Weights for
  /// three channels are adapted to fewer, positions to the size. Whatever else does not fit throws a
  /// `StateMismatch` and changes nothing.
  public static func load(
    weights path: String, of network: any Network, into store: ParameterStore
  ) throws -> [String] {
    let file = try withoutPrefix(read(path), for: store)
    let state = try adaptPositions(adaptInputChannels(file, to: store), to: store)
    var mismatch = StateMismatch(of: state, for: store)
    let outputs = network.outputPaths.map { $0 + "." }
    func isOutput(_ name: String) -> Bool { outputs.contains { name.hasPrefix($0) } }
    let kept = mismatch.reshaped.map(\.name).filter(isOutput)
    mismatch.reshaped.removeAll { isOutput($0.name) }
    // A counter that does not enter the outputs, and that older files lack.
    mismatch.missing.removeAll { $0.hasSuffix(".num_batches_tracked") }
    guard mismatch.isEmpty else { throw mismatch }
    // Weight and bias stay together: a bias of one output fits by shape only in a layer that fits
    // as a whole.
    try store.copy(state.filter { kept.isEmpty || !isOutput($0.name) })
    return kept.isEmpty ? [] : store.state.map(\.name).filter(isOutput)
  }

  private static func read(_ path: String) throws -> [(name: String, tensor: Tensor)] {
    try TorchCheckpoint.isOne(path) ? TorchCheckpoint.read(path) : Safetensors.read(path).tensors
  }

  /// `state` without what wrappers put before every name: `model.`, `module.` and the like.
  ///
  /// Tensors beside those of the network, such as the weights of a loss, are left out with it.
  static func withoutPrefix(
    _ state: [(name: String, tensor: Tensor)], for store: ParameterStore
  ) -> [(name: String, tensor: Tensor)] {
    guard let first = store.state.first?.name, !state.contains(where: { $0.name == first }) else {
      return state
    }
    let prefixes = state.compactMap { entry in
      entry.name.hasSuffix("." + first) ? String(entry.name.dropLast(first.count)) : nil
    }
    guard let prefix = prefixes.first, prefixes.count == 1 else { return state }
    return state.compactMap { name, tensor in
      name.hasPrefix(prefix) ? (String(name.dropFirst(prefix.count)), tensor) : nil
    }
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

  /// Positions `[1, tokens, width]` of a square of other side, interpolated as a picture; that of the
  /// class token, if there is one, stays.
  static func adaptPositions(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard name == "pos_embed", let own = store[name]?.shape, own != tensor.shape,
        own.count == 3, tensor.shape.count == 3, own[2] == tensor.shape[2],
        let (extra, before, after) = squares(tensor.shape[1], own[1])
      else { return (name, tensor) }
      let width = own[2]
      let grid = try tensor.to(.float32)
        .narrowed(1, from: extra, length: before * before)
        .reshaped([1, before, before, width]).permuted([0, 3, 1, 2])
        .resizedBicubic(Pair(after)).permuted([0, 2, 3, 1]).reshaped([1, after * after, width])
      let tokens = try tensor.to(.float32).narrowed(1, from: 0, length: extra)
      return (name, try Tensor.cat([tokens, grid], along: 1))
    }
  }

  /// The sides of two squares of tokens with the same number, 0 or 1, of tokens before them.
  private static func squares(_ first: Int, _ second: Int) -> (extra: Int, Int, Int)? {
    for extra in 0...1 {
      let sides = [first, second].map { Int(Double(max($0 - extra, 0)).squareRoot()) }
      if sides[0] * sides[0] == first - extra, sides[1] * sides[1] == second - extra {
        return (extra, sides[0], sides[1])
      }
    }
    return nil
  }
}
