import CTorch

extension Tensor {
  /// Whether gradients reach this tensor.
  public var requiresGradient: Bool { ct_requires_grad(handle) }

  /// Says whether this leaf collects a gradient; only floating point can.
  public func requireGradient(_ wanted: Bool = true) throws(TorchError) {
    try check(ct_set_requires_grad(handle, wanted))
  }

  /// Keeps the gradient of this tensor though it is no leaf.
  public func retainGradient() throws(TorchError) { try check(ct_retain_grad(handle)) }

  /// The same values outside of the graph.
  public func detached() throws(TorchError) -> Tensor { try Tensor(ct_detach(handle)) }

  /// Adds the gradient of this scalar to every leaf that it was computed from.
  public func backward(keepGraph: Bool = false) throws(TorchError) {
    try check(ct_backward(handle, keepGraph))
  }

  /// What `backward` has added up, nil before.
  public func gradient() throws(TorchError) -> Tensor? {
    ct_has_grad(handle) ? try Tensor(ct_grad(handle)) : nil
  }

  /// Forgets the gradient.
  public func clearGradient() throws(TorchError) { try check(ct_clear_grad(handle)) }
}

/// Runs `body` without recording gradients on this thread.
public func withoutGradients<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = ct_set_grad_enabled(false)
  defer { _ = ct_set_grad_enabled(before) }
  return try body()
}

/// Runs `body` with the operations that allow it in `dtype`, or all in float32 when it is nil.
///
/// The low-precision copies of weights live until the outermost scope ends or an optimizer steps.
public func withAutocast<Result>(
  _ dtype: ScalarType?, _ device: Device, _ body: () throws -> Result
) throws -> Result {
  var before = ct_autocast()
  let number = (dtype ?? .bfloat16).rawValue
  try check(ct_autocast_enter(device.index, dtype != nil, number, &before))
  defer { ct_autocast_leave(device.index, before) }
  return try body()
}
