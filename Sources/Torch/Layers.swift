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
  /// The kernel's side, where the border is the least that makes ⌈size / stride⌉ pixels.
  let sameKernel: Int?

  /// What the first weights are drawn from.
  public enum Weights: Sendable {
    /// The uniform distribution over the fan in, PyTorch's default for layers.
    case uniformFanIn
    /// He's normal distribution over the fan in, as timm gives to DenseNets.
    case normalFanIn
    /// He's normal distribution over the fan out, as timm gives to ResNets.
    case normalFanOut
    /// A normal distribution of this deviation, as timm gives to transformers.
    case normal(deviation: Double)
  }

  /// Registers `weight` and `bias`.
  ///
  /// With `same` the border follows the picture as in TensorFlow, its odd pixel at the end, and
  /// `padding` is not used.
  public init(
    _ path: Path, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    same: Bool = false, dilation: Int = 1, groups: Int = 1, bias: Bool = true,
    weights: Weights = .uniformFanIn, initialBias: Initialization? = nil
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
      case .normal(let deviation): .normal(deviation: deviation)
      }
    weight = try path.parameter("weight", [output, input / groups, kernel, kernel], initial)
    self.bias =
      bias ? try path.parameter("bias", [output], initialBias ?? .fanIn(fanIn)) : nil
    self.stride = Pair(stride)
    self.padding = Pair(same ? 0 : padding)
    sameKernel = same ? kernel : nil
    self.dilation = Pair(dilation)
    self.groups = groups
  }

  /// The convolution of `x`.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try bordered(x).conv2d(
      weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  private func bordered(_ x: Tensor) throws(TorchError) -> Tensor {
    guard let kernel = sameKernel else { return x }
    let step = Int(stride.values[0])
    let size = x.shape
    guard size.count == 4 else { return x }
    let border = [size[2], size[3]].map { size in
      max(((size + step - 1) / step - 1) * step + kernel - size, 0)
    }
    return try x.padded(
      top: border[0] / 2, bottom: border[0] - border[0] / 2, left: border[1] / 2,
      right: border[1] - border[1] / 2)
  }
}

/// x Wᵀ + b, `[…, in]` to `[…, out]`.
public struct Linear {
  /// `[out, in]`.
  public let weight: Tensor
  /// `[out]`, nil when there is none.
  public let bias: Tensor?

  /// Registers `weight` and `bias`, with PyTorch's first values where none are given.
  public init(
    _ path: Path, _ input: Int, _ output: Int, bias: Bool = true,
    initialWeight: Initialization? = nil, initialBias: Initialization? = nil
  ) throws(TorchError) {
    weight = try path.parameter("weight", [output, input], initialWeight ?? .fanIn(input))
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

  /// The normalised `x`; in training the running statistics move. A frozen one stays as in
  /// evaluation.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws(TorchError) -> Tensor {
    let training = mode.training && weight.requiresGradient
    if training { try batches.increment(by: 1) }
    return try x.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVar: runningVar,
      training: training, momentum: momentum, epsilon: epsilon)
  }
}

/// Normalisation of the last dimension of each entry.
public struct LayerNorm {
  /// The scale, `[width]`.
  public let weight: Tensor
  /// The shift, `[width]`.
  public let bias: Tensor

  let epsilon: Double

  /// Registers `weight` and `bias`.
  public init(_ path: Path, _ width: Int, epsilon: Double = 1e-5) throws(TorchError) {
    weight = try path.parameter("weight", [width], .ones)
    bias = try path.parameter("bias", [width], .zeros)
    self.epsilon = epsilon
  }

  /// The normalised `x`.
  public func callAsFunction(_ x: Tensor) throws(TorchError) -> Tensor {
    try x.layerNorm(weight: weight, bias: bias, epsilon: epsilon)
  }
}
