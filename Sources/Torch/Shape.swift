import CTorch

/// Dimensions count from 0, or from the end with negative numbers.
extension Tensor {
  /// The same elements in another shape; one size may be −1.
  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    let sizes = shape.map(Int64.init)
    return try Tensor(ct_reshape(handle, sizes, sizes.count))
  }

  /// The elements at `offset` and steps of `strides` from there; throws beyond the memory.
  func strided(_ shape: [Int], strides: [Int], offset: Int) throws(TorchError) -> Tensor {
    let (shape, strides) = (shape.map(Int64.init), strides.map(Int64.init))
    return try Tensor(ct_as_strided(handle, shape, strides, shape.count, Int64(offset)))
  }

  /// The dimensions in another order.
  public func permuted(_ order: [Int]) throws(TorchError) -> Tensor {
    let order = order.map(Int64.init)
    return try Tensor(ct_permute(handle, order, order.count))
  }

  /// Dimensions of size 1 repeated to `shape`, without copying.
  public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
    let sizes = shape.map(Int64.init)
    return try Tensor(ct_expand(handle, sizes, sizes.count))
  }

  /// The dimensions from `first` to `last` made one.
  public func flattened(from first: Int = 0, to last: Int = -1) throws(TorchError) -> Tensor {
    try Tensor(ct_flatten(handle, Int64(first), Int64(last)))
  }

  /// Without a dimension of size 1.
  public func squeezed(_ dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_squeeze(handle, Int64(dimension)))
  }

  /// With a new dimension of size 1.
  public func unsqueezed(_ dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_unsqueeze(handle, Int64(dimension)))
  }

  /// The part `start..<start + length` of one dimension, without copying.
  public func narrowed(
    _ dimension: Int, from start: Int, length: Int
  ) throws(TorchError) -> Tensor {
    try Tensor(ct_narrow(handle, Int64(dimension), Int64(start), Int64(length)))
  }

  /// The order of elements reversed along dimensions.
  public func flipped(_ dimensions: [Int]) throws(TorchError) -> Tensor {
    let dimensions = dimensions.map(Int64.init)
    return try Tensor(ct_flip(handle, dimensions, dimensions.count))
  }

  /// Elements moved by `shift` places along each of `dimensions`, those beyond the end to the start.
  public func rolled(_ shift: Int, along dimensions: [Int]) throws(TorchError) -> Tensor {
    let shifts = dimensions.map { _ in Int64(shift) }
    return try Tensor(ct_roll(handle, shifts, dimensions.map(Int64.init), shifts.count))
  }

  /// Zeros around a picture, the last two dimensions.
  public func padded(
    top: Int, bottom: Int, left: Int, right: Int
  ) throws(TorchError) -> Tensor {
    let amounts = [left, right, top, bottom].map(Int64.init)
    return try Tensor(ct_pad(handle, amounts, amounts.count))
  }

  /// Two dimensions in each other's place.
  public func transposed(_ first: Int, _ second: Int) throws(TorchError) -> Tensor {
    let rank = Int(ct_rank(handle))
    var order = Array(0..<rank)
    let (first, second) = (first < 0 ? first + rank : first, second < 0 ? second + rank : second)
    guard order.indices.contains(first), order.indices.contains(second) else {
      throw TorchError("a tensor of \(rank) dimensions has no dimension \(first) or \(second)")
    }
    order.swapAt(first, second)
    return try permuted(order)
  }

  /// The parts of one dimension, one behind the other, without copying.
  public func split(_ lengths: [Int], along dimension: Int) throws(TorchError) -> [Tensor] {
    var parts: [Tensor] = []
    var start = 0
    for length in lengths {
      parts.append(try narrowed(dimension, from: start, length: length))
      start += length
    }
    return parts
  }

  /// The entries of one dimension named by `index`, int64 of one dimension.
  public func selecting(_ index: Tensor, along dimension: Int = 0) throws(TorchError) -> Tensor {
    try Tensor(ct_index_select(handle, Int64(dimension), index.handle))
  }

  /// For each place of `index` the element it names along `dimension`.
  public func gathering(_ index: Tensor, along dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_gather(handle, Int64(dimension), index.handle))
  }

  /// Tensors one after another along a dimension they have.
  public static func cat(_ tensors: [Tensor], along dimension: Int = 0) throws(TorchError) -> Tensor
  {
    try withHandles(tensors) { handles throws(TorchError) in
      try Tensor(ct_cat(handles, handles.count, Int64(dimension)))
    }
  }

  /// Tensors of one shape along a new dimension.
  public static func stack(
    _ tensors: [Tensor], along dimension: Int = 0
  ) throws(TorchError) -> Tensor {
    try withHandles(tensors) { handles throws(TorchError) in
      try Tensor(ct_stack(handles, handles.count, Int64(dimension)))
    }
  }
}

/// The handles of `tensors`, which stay alive while `body` runs.
func withHandles<Result>(
  _ tensors: [Tensor], _ body: ([OpaquePointer?]) throws(TorchError) -> Result
) throws(TorchError) -> Result {
  defer { withExtendedLifetime(tensors) {} }
  return try body(tensors.map(\.handle))
}
