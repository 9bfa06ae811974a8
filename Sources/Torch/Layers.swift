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

/// A convolution, `[batch, in, height, width]` to `[batch, out, …]`.
public struct Conv2d {
  /// `[out, in / groups, height, width]`.
  public let weight: Tensor
  /// `[out]`, nil when there is none.
  public let bias: Tensor?

  let stride: Pair
  let padding: Pair
  let dilation: Pair
  let groups: Int

  /// What the first weights are drawn from.
  public enum Weights: Sendable {
    /// The uniform distribution over the fan in, PyTorch's default for layers.
    case uniformFanIn
    /// He's normal distribution over the fan in, as timm gives to DenseNets.
    case normalFanIn
    /// He's normal distribution over the fan out, as timm gives to ResNets.
    case normalFanOut
  }

  /// Registers `weight` and `bias`.
  public init(
    _ path: Path, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, weights: Weights = .uniformFanIn
  ) throws(TorchError) {
    guard groups > 0, input > 0, output > 0, input.isMultiple(of: groups),
      output.isMultiple(of: groups)
    else {
      throw TorchError(
        "`\(path.name)`: \(input) and \(output) channels cannot be cut into \(groups) groups")
    }
    let fanIn = input / groups * kernel * kernel
    let fanOut = output / groups * kernel * kernel
    let initial: Initialization =
      switch weights {
      case .uniformFanIn: .fanIn(fanIn)
      case .normalFanIn: .kaimingNormal(fanIn)
      case .normalFanOut: .kaimingNormal(fanOut)
      }
    weight = try path.parameter("weight", [output, input / groups, kernel, kernel], initial)
    self.bias = bias ? try path.parameter("bias", [output], .fanIn(fanIn)) : nil
    self.stride = Pair(stride)
    self.padding = Pair(padding)
    self.dilation = Pair(dilation)
    self.groups = groups
  }

  /// The convolution of `x`.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.conv2d(
      weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

/// x Wᵀ + b, `[…, in]` to `[…, out]`.
public struct Linear {
  /// `[out, in]`.
  public let weight: Tensor
  /// `[out]`, nil when there is none.
  public let bias: Tensor?

  /// Registers `weight` and `bias`, both with PyTorch's first values unless `initialBias` is given.
  public init(
    _ path: Path, _ input: Int, _ output: Int, bias: Bool = true, initialBias: Initialization? = nil
  ) throws(TorchError) {
    weight = try path.parameter("weight", [output, input], .fanIn(input))
    self.bias = bias ? try path.parameter("bias", [output], initialBias ?? .fanIn(input)) : nil
  }

  /// The product with `x`.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.linear(weight, bias: bias)
  }
}

/// Batch normalisation of `[batch, channels, height, width]`.
public struct BatchNorm2d {
  /// The scale of each channel.
  public let weight: Tensor
  /// The shift of each channel.
  public let bias: Tensor

  let runningMean: Tensor
  let runningVar: Tensor
  let batches: Tensor
  let momentum: Double
  let epsilon: Double

  /// Registers `weight`, `bias`, `running_mean`, `running_var` and `num_batches_tracked`.
  public init(
    _ path: Path, _ channels: Int, weight: Initialization = .ones, momentum: Double = 0.1,
    epsilon: Double = 1e-5
  ) throws(TorchError) {
    self.weight = try path.parameter("weight", [channels], weight)
    bias = try path.parameter("bias", [channels], .zeros)
    runningMean = try path.buffer("running_mean", [channels], .zeros)
    runningVar = try path.buffer("running_var", [channels], .ones)
    batches = try path.buffer("num_batches_tracked", [], .zeros, dtype: .int64)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The normalised `x`; in training the running statistics move.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws(TorchError) -> Tensor {
    if mode.training { try batches.increment(by: 1) }
    return try x.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVar: runningVar,
      training: mode.training, momentum: momentum, epsilon: epsilon)
  }
}

/// Sets elements to 0 in training.
public struct Dropout: Sendable {
  /// The share that is dropped.
  public let probability: Double

  /// Drops a share of `probability`, in [0, 1).
  public init(_ probability: Double) {
    self.probability = probability
  }

  /// `x` itself in evaluation; training without a generator throws.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws(TorchError) -> Tensor {
    guard mode.training, probability > 0 else { return x }
    guard let generator = mode.generator else {
      throw TorchError("dropout in training needs a generator")
    }
    return try x.dropout(probability, generator)
  }
}
