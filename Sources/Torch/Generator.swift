import CTorch

/// A seeded stream of random numbers; nothing in this library draws from anywhere else.
public final class Generator {
  let handle: OpaquePointer

  /// The device whose tensors it fills.
  public let device: Device

  /// A stream that `seed` fixes; CPU and GPU streams of one seed differ.
  public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
    guard let handle = ct_generator_make(seed, device.index) else { throw .last }
    self.handle = handle
    self.device = device
  }

  private init(handle: OpaquePointer, device: Device) {
    self.handle = handle
    self.device = device
  }

  /// The stream that libtorch itself draws from on `device`, from `seed` on: for networks whose code
  /// is not ours.
  public static func ofDevice(_ device: Device, seed: UInt64) throws(TorchError) -> Generator {
    guard let handle = ct_generator_of_device(seed, device.index) else { throw .last }
    return Generator(handle: handle, device: device)
  }

  deinit { ct_generator_free(handle) }

  /// Where the stream stands.
  public func state() throws(TorchError) -> [UInt8] {
    try Tensor(ct_generator_state(handle)).bytes()
  }

  /// Continues where `state` was taken; throws when it is no state of this kind of device.
  public func restore(_ state: [UInt8]) throws(TorchError) {
    let tensor = try Tensor(state)
    try check(ct_generator_restore(handle, tensor.handle))
  }

  /// The numbers 0 to `count` − 1 in random order, as int64.
  public func permutation(_ count: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_randperm(Int64(count), handle))
  }
}

/// In-place draws; they are not recorded, so use them outside of a graph.
extension Tensor {
  /// Fills with the uniform distribution on [low, high).
  public func fillUniform(
    _ low: Double, _ high: Double, _ generator: Generator
  ) throws(TorchError) {
    try check(ct_uniform_(handle, low, high, generator.handle))
  }

  /// Fills with the normal distribution.
  public func fillNormal(
    mean: Double = 0, deviation: Double = 1, _ generator: Generator
  ) throws(TorchError) {
    try check(ct_normal_(handle, mean, deviation, generator.handle))
  }

  /// Fills with 1 by `probability`, else 0.
  public func fillBernoulli(
    _ probability: Double, _ generator: Generator
  ) throws(TorchError) {
    try check(ct_bernoulli_(handle, probability, generator.handle))
  }
}
