import Torch

/// What follows a layer, element by element.
enum Activation {
  case none
  case relu
  case gelu
  case silu
  case hardswish

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    switch self {
    case .none: x
    case .relu: try x.relu()
    case .gelu: try x.gelu()
    case .silu: try x.silu()
    case .hardswish: try x.hardswish()
    }
  }
}

/// A convolution without bias, its normalisation and an activation; the border keeps the size.
struct NormalisedLayer {
  private let convolution: Conv2d
  private let normalisation: BatchNorm2d
  private let activation: Activation

  /// Registers the convolution below `path` and the normalisation below `norm`.
  init(
    _ path: Path, _ norm: Path, _ input: Int, _ output: Int, kernel: Int = 1, stride: Int = 1,
    groups: Int = 1, activation: Activation = .none, same: Bool = false, bias: Bool = false,
    weights: Conv2d.Weights = .normalFanOut, scale: Initialization = .ones, epsilon: Double = 1e-5
  ) throws {
    convolution = try Conv2d(
      path, input, output, kernel: kernel, stride: stride, padding: kernel / 2, same: same,
      groups: groups, bias: bias, weights: weights, initialBias: .zeros)
    normalisation = try BatchNorm2d(norm, output, weight: scale, epsilon: epsilon)
    self.activation = activation
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let x = try normalisation(convolution(x), mode)
    if case .relu = activation { return try x.reluInPlace() }
    return try activation(x)
  }
}

/// Channels weighed by what the whole picture holds (Hu et al. 2018).
struct SqueezeExcitation {
  private let reduce: Conv2d
  private let expand: Conv2d
  private let activation: Activation

  /// Registers two convolutions of one pixel below `reduce` and `expand`.
  init(
    _ reduce: Path, _ expand: Path, _ width: Int, squeezed: Int, activation: Activation
  ) throws {
    self.reduce = try Conv2d(
      reduce, width, squeezed, kernel: 1, weights: .normalFanOut, initialBias: .zeros)
    self.expand = try Conv2d(
      expand, squeezed, width, kernel: 1, weights: .normalFanOut, initialBias: .zeros)
    self.activation = activation
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    try x * expand(activation(reduce(x.mean([2, 3], keep: true)))).sigmoid()
  }
}

/// Two linear layers with an activation between, and dropout behind each.
struct Perceptron {
  private let first: Linear
  private let second: Linear
  private let activation: Activation
  private let dropout: Dropout

  /// Registers `fc1` and `fc2`.
  init(
    _ path: Path, _ width: Int, hidden: Int, activation: Activation = .gelu,
    weights: Initialization = .transformer, dropout: Dropout = Dropout(0)
  ) throws {
    self.dropout = dropout
    first = try Linear(
      path / "fc1", width, hidden, initialWeight: weights, initialBias: .zeros)
    second = try Linear(
      path / "fc2", hidden, width, initialWeight: weights, initialBias: .zeros)
    self.activation = activation
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try dropout(second(dropout(activation(first(x)), mode)), mode)
  }
}

/// Attention of tokens `[batch, tokens, width]` to each other, with `heads` heads of one width.
struct SelfAttention {
  private let mixed: Linear
  private let output: Linear
  private let heads: Int

  /// Registers `qkv` and `proj`.
  init(
    _ path: Path, _ width: Int, heads: Int, bias: Bool = true,
    weights: Initialization = .transformer
  ) throws {
    self.heads = heads
    mixed = try Linear(
      path / "qkv", width, 3 * width, bias: bias, initialWeight: weights, initialBias: .zeros)
    output = try Linear(
      path / "proj", width, width, initialWeight: weights, initialBias: .zeros)
  }

  /// - Parameters:
  ///   - mixedBias: added to queries, keys and values, `[3 · width]`.
  ///   - bias: added before the softmax, `[…, heads, tokens, tokens]`.
  func callAsFunction(_ x: Tensor, mixedBias: Tensor? = nil, bias: Tensor? = nil) throws -> Tensor {
    let shape = x.shape
    let mixed = try mixedBias.map { try self.mixed(x) + $0 } ?? self.mixed(x)
    let parts = try mixed.reshaped([shape[0], shape[1], 3, heads, shape[2] / heads])
      .permuted([2, 0, 3, 1, 4])
    let queries = try parts.narrowed(0, from: 0, length: 1).squeezed(0)
    let keys = try parts.narrowed(0, from: 1, length: 1).squeezed(0)
    let values = try parts.narrowed(0, from: 2, length: 1).squeezed(0)
    let attended = try queries.attention(keys, values, bias: bias)
    return try output(attended.transposed(1, 2).reshaped(shape))
  }
}

extension Tensor {
  /// A picture `[batch, channels, height, width]` as tokens `[batch, height · width, channels]`.
  func tokens() throws -> Tensor { try flattened(from: 2).transposed(1, 2) }
}

extension Initialization {
  /// What timm gives to transformers.
  static var transformer: Initialization { .normal(deviation: 0.02) }
}
