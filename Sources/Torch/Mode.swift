/// Whether a network trains, and what its dropout then draws from.
public struct Mode {
  /// Whether batches give the statistics of normalisation, and dropout drops.
  public let training: Bool
  /// The stream of dropout, on the device of the network.
  public let generator: Generator?

  /// Statistics are fixed and nothing is dropped.
  public static var evaluation: Mode { Mode(training: false, generator: nil) }

  /// Training with `generator` for dropout; a network that has dropout throws without one.
  public static func training(_ generator: Generator?) -> Mode {
    Mode(training: true, generator: generator)
  }
}

/// Sets elements to 0 in training.
public struct Dropout: Sendable {
  /// The share that is dropped.
  public let probability: Double

  /// Whether a sample is kept or dropped as a whole.
  public let wholeSamples: Bool

  /// Drops a share of `probability`, in [0, 1); of whole samples for stochastic depth.
  public init(_ probability: Double, wholeSamples: Bool = false) {
    self.probability = probability
    self.wholeSamples = wholeSamples
  }

  /// `x` itself in evaluation; training without a generator throws.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws(TorchError) -> Tensor {
    guard mode.training, probability > 0 else { return x }
    guard let generator = mode.generator else {
      throw TorchError("dropout in training needs a generator")
    }
    return try x.dropout(probability, wholeSamples: wholeSamples, generator)
  }
}
