import Torch

/// What the kernels of three channels become for a network that reads fewer.
public enum ColourKernels: Sendable {
  /// Each channel gets their mean: a gray picture in one channel gives a third of what it gives as
  /// three equal ones, as in the "balance" system.
  case mean
  /// Together the channels get their sum: a gray picture gives what it gives as three equal ones, as
  /// in timm.
  case sum
}

extension Zoo {
  /// Fills `store`, or the tensors of part `part` of a joined network, from a file of weights made for
  /// this architecture, with another number of input channels or outputs or another size of pictures if
  /// need be: safetensors, or a checkpoint of PyTorch or Lightning.
  ///
  /// A last layer that is not there or has another size keeps its first values, and its names are
  /// returned. Weights for three channels are adapted to fewer, positions to the size. Whatever else
  /// does not fit throws a `StateMismatch` and changes nothing.
  public static func load(
    weights path: String, part: Int? = nil, of network: any Network, into store: ParameterStore,
    colours: ColourKernels = .mean
  ) throws -> [String] {
    guard let part else { return try load(path, network, store, colours) }
    guard let joined = network as? Combined, joined.parts.indices.contains(part) else {
      throw TorchError("the network has no part \(part)")
    }
    // The head of a part is no tensor of the whole.
    _ = try load(path, joined.parts[part].network, joined.parts[part].store, colours)
    return []
  }

  private static func load(
    _ path: String, _ network: any Network, _ store: ParameterStore, _ colours: ColourKernels
  ) throws -> [String] {
    let file = try withoutPrefix(read(path), for: store).filter { !isDerived($0.name) }
    let state = try adaptPositions(adaptInputChannels(file, to: store, colours), to: store)
    var mismatch = StateMismatch(of: state, for: store)
    let isReplaced =
      mismatch.reshaped.map(\.name).contains(where: network.isOutput)
      || mismatch.missing.contains(where: network.isOutput)
      || mismatch.unexpected.contains(where: network.isOutput)
    mismatch.reshaped.removeAll { network.isOutput($0.name) }
    mismatch.unexpected.removeAll(where: network.isOutput)
    // A counter that does not enter the outputs, and that older files lack.
    mismatch.missing.removeAll { network.isOutput($0) || $0.hasSuffix(".num_batches_tracked") }
    guard mismatch.isEmpty else { throw mismatch }
    // Weight and bias stay together: a bias of one output fits by shape only in a layer that fits
    // as a whole.
    try store.copy(state.filter { !isReplaced || !network.isOutput($0.name) })
    return isReplaced ? store.state.map(\.name).filter(network.isOutput) : []
  }

  /// Whether a tensor follows from the sizes of the network: older files of timm hold some.
  private static func isDerived(_ name: String) -> Bool {
    ["relative_position_index", "attn_mask", "attention_bias_idxs"].contains {
      name == $0 || name.hasSuffix("." + $0)
    }
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

  /// Kernels for three channels, made to fit the fewer that `store` has.
  static func adaptInputChannels(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore, _ colours: ColourKernels
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard let own = store[name]?.shape, tensor.shape.count == 4, own.count == 4,
        tensor.shape[1] == 3, (1...2).contains(own[1]),
        own == [tensor.shape[0], own[1], tensor.shape[2], tensor.shape[3]]
      else { return (name, tensor) }
      let mean = try tensor.mean([1], keep: true)
      let kernels =
        switch colours {
        case .mean: mean
        case .sum: try mean * (3 / Double(own[1]))
        }
      return (name, try kernels.expanded(own))
    }
  }

  /// Positions for pictures of another size, interpolated as a picture: `[1, tokens, width]` of a
  /// square, of which that of the class token, if there is one, stays, and tables of the attention
  /// between two places, `[places, heads]`, whose last three rows, those of the class token, stay.
  static func adaptPositions(
    _ state: [(name: String, tensor: Tensor)], to store: ParameterStore
  ) throws -> [(name: String, tensor: Tensor)] {
    try state.map { name, tensor in
      guard let own = store[name]?.shape, own != tensor.shape else { return (name, tensor) }
      let old = tensor.shape
      if name == "pos_embed", own.count == 3, old.count == 3, own[2] == old[2],
        let (extra, before, after) = squares(old[1], own[1], extras: [0, 1])
      {
        let rows = try tensor.to(.float32).reshaped([old[1], old[2]])
        let grid = try resized(rows.narrowed(0, from: extra, length: before * before), to: after)
        let token = try rows.narrowed(0, from: 0, length: extra)
        return (name, try Tensor.cat([token, grid], along: 0).reshaped(own))
      }
      if name.hasSuffix("relative_position_bias_table"), own.count == 2, old.count == 2,
        own[1] == old[1], let (extra, before, after) = squares(old[0], own[0], extras: [3])
      {
        let rows = try tensor.to(.float32)
        let grid = try resized(rows.narrowed(0, from: 0, length: before * before), to: after)
        let tokens = try rows.narrowed(0, from: before * before, length: extra)
        return (name, try Tensor.cat([grid, tokens], along: 0))
      }
      return (name, tensor)
    }
  }

  /// A square of rows `[side², width]` with another side.
  private static func resized(_ rows: Tensor, to side: Int) throws -> Tensor {
    let (count, width) = (rows.shape[0], rows.shape[1])
    let before = Int(Double(count).squareRoot())
    return try rows.reshaped([1, before, before, width]).permuted([0, 3, 1, 2])
      .resizedBicubic(Pair(side)).permuted([0, 2, 3, 1]).reshaped([side * side, width])
  }

  /// The sides of two squares with the same number of rows beside them, one of `extras`.
  private static func squares(
    _ first: Int, _ second: Int, extras: [Int]
  ) -> (extra: Int, Int, Int)? {
    for extra in extras {
      let sides = [first, second].map { Int(Double(max($0 - extra, 0)).squareRoot()) }
      if sides[0] * sides[0] == first - extra, sides[1] * sides[1] == second - extra {
        return (extra, sides[0], sides[1])
      }
    }
    return nil
  }
}
