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
    let file = try read(path, for: store)
    try check(
      file.filter { !network.isOutput($0.name) || store[$0.name]?.shape == $0.tensor.shape },
      of: path, for: store)
    let state = try adaptPositions(adaptInputChannels(file, to: store, colours), to: store)
    var mismatch = StateMismatch(of: state, for: store)
    let isReplaced =
      mismatch.reshaped.map(\.name).contains(where: network.isOutput)
      || mismatch.missing.contains(where: network.isOutput)
      || mismatch.unexpected.contains(where: network.isOutput)
    mismatch.reshaped.removeAll { network.isOutput($0.name) }
    mismatch.unexpected.removeAll(where: network.isOutput)
    // Beside the head: a counter that does not enter the outputs and that older files lack, and what
    // the network has made by itself.
    mismatch.missing.removeAll {
      network.isOutput($0) || $0.hasSuffix(".num_batches_tracked") || isDerived($0)
    }
    guard mismatch.isEmpty else { throw mismatch }
    // Weight and bias stay together: a bias of one output fits by shape only in a layer that fits
    // as a whole.
    try store.copy(state.filter { !isReplaced || !network.isOutput($0.name) })
    return isReplaced ? store.state.map(\.name).filter(network.isOutput) : []
  }

  /// Throws where a tensor cannot be what a network learned: whole numbers, or no numbers at all.
  private static func check(
    _ state: [(name: String, tensor: Tensor)], of path: String, for store: ParameterStore
  ) throws {
    for (name, tensor) in state where try store[name]?.dtype.isFloatingPoint == true {
      guard try tensor.dtype.isFloatingPoint else {
        throw TorchError("`\(path)` has whole numbers in `\(name)`, where weights are fractions")
      }
      guard try tensor.count == 0 || tensor.isFinite().min().item() == 1 else {
        throw TorchError(
          "`\(path)` has infinite values, or values that are no number, in `\(name)`")
      }
    }
  }

  /// Whether a tensor follows from the sizes of the network: timm's files hold some, and so do ours.
  private static func isDerived(_ name: String) -> Bool {
    ["relative_position_index", "attn_mask", "attention_bias_idxs"].contains {
      name == $0 || name.hasSuffix("." + $0)
    }
  }

  /// What the file at `path` has for `store`, by the names in `store`.
  private static func read(
    _ path: String, for store: ParameterStore
  ) throws -> [(name: String, tensor: Tensor)] {
    func own(_ names: [String]) -> (String) -> String? {
      let prefix = prefix(of: names, for: store)
      return { name in
        guard name.hasPrefix(prefix) else { return nil }
        let own = String(name.dropFirst(prefix.count))
        return isDerived(own) ? nil : own
      }
    }
    if try TorchCheckpoint.isOne(path) { return try TorchCheckpoint.read(path, naming: own) }
    let tensors = try Safetensors.read(path).tensors
    let name = own(tensors.map(\.name))
    return tensors.compactMap { entry in name(entry.name).map { ($0, entry.tensor) } }
  }

  /// What wrappers put before the names, `model.`, `module.` and the like: that under which most
  /// tensors of the network are found, nothing where two are alike.
  ///
  /// Tensors beside those of the network, such as the weights of a loss, are left out with it.
  static func prefix(of names: [String], for store: ParameterStore) -> String {
    var counts: [String: Int] = [:]
    for name in names {
      if store[name] != nil { counts["", default: 0] += 1 }
      for dot in name.indices where name[dot] == "." {
        let start = name.index(after: dot)
        if store[String(name[start...])] != nil { counts[String(name[..<start]), default: 0] += 1 }
      }
    }
    let most = counts.values.max() ?? 0
    let prefixes = counts.filter { $0.value == most }.keys
    return prefixes.count == 1 ? prefixes.first ?? "" : ""
  }
}
