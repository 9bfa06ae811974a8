import Torch

/// Convolutions separated into space and channels (Chollet 2017), with timm's keys.
struct Xception: Family {
  struct Variant {
    /// Channels after each block.
    let widths: [Int]
    /// The number of separable convolutions of each block; a block that changes nothing has three.
    let depths: [Int]
    /// The widths of the two last convolutions.
    let last: [Int]
  }

  static let variants: [String: Variant] = [
    "legacy_xception": Variant(
      widths: [128, 256] + [Int](repeating: 728, count: 9) + [1024],
      depths: [2, 2, 2] + [Int](repeating: 3, count: 8) + [2], last: [1536, 2048])
  ]

  private let stem: [(convolution: Conv2d, normalisation: BatchNorm2d)]
  private let blocks: [XceptionBlock]
  private let last: [(convolution: SeparableConvolution, normalisation: BatchNorm2d)]
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = plan.channels
    stem = try [(1, 32, 2), (2, 64, 1)].map { number, next, stride in
      defer { width = next }
      return (
        try Conv2d(
          path / "conv\(number)", width, next, kernel: 3, stride: stride, bias: false,
          weights: .normalFanOut),
        try BatchNorm2d(path / "bn\(number)", next)
      )
    }
    let count = variant.widths.count
    blocks = try zip(variant.widths, variant.depths).enumerated().map { index, row in
      defer { width = row.0 }
      return try XceptionBlock(
        path / "block\(index + 1)", width, row.0, depth: row.1, first: index == 0,
        widensLate: index == count - 1)
    }
    last = try variant.last.enumerated().map { index, next in
      defer { width = next }
      return (
        try SeparableConvolution(path / "conv\(index + 3)", width, next),
        try BatchNorm2d(path / "bn\(index + 3)", next)
      )
    }
    dropout = plan.head()
    output = try Linear(path / "fc", width, plan.outputs)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for layer in stem { x = try layer.normalisation(layer.convolution(x), mode).reluInPlace() }
    for block in blocks { x = try block(x, mode) }
    for layer in last { x = try layer.normalisation(layer.convolution(x), mode).reluInPlace() }
    return try x.globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// A convolution within each channel, then one of single pixels across channels.
struct SeparableConvolution {
  private let within: Conv2d
  private let across: Conv2d

  init(_ path: Path, _ input: Int, _ output: Int) throws {
    within = try Conv2d(
      path / "conv1", input, input, kernel: 3, padding: 1, groups: input, bias: false,
      weights: .normalFanOut)
    across = try Conv2d(
      path / "pointwise", input, output, kernel: 1, bias: false, weights: .normalFanOut)
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor { try across(within(x)) }
}

/// Separable convolutions with a ReLU in front of each; a block that changes the width halves the
/// picture too, and its input goes around through a convolution.
struct XceptionBlock {
  private let layers: [(convolution: SeparableConvolution, normalisation: BatchNorm2d)]
  private let around: NormalisedLayer?
  private let first: Bool

  init(
    _ path: Path, _ input: Int, _ output: Int, depth: Int, first: Bool, widensLate: Bool
  ) throws {
    self.first = first
    around =
      input == output
      ? nil : try NormalisedLayer(path / "skip", path / "skipbn", input, output, stride: 2)
    var width = input
    // Places in PyTorch's `Sequential`: ReLU, convolution, normalisation, over and over; the first
    // block has no first ReLU.
    layers = try (0..<depth).map { index in
      let place = 3 * index + (first ? 0 : 1)
      let next = widensLate && index < depth - 1 ? width : output
      defer { width = next }
      return (
        try SeparableConvolution(path / "rep" / place, width, next),
        try BatchNorm2d(path / "rep" / (place + 1), next)
      )
    }
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var inner = x
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        inner = try inner.reluInPlace()
      } else if !first {
        inner = try inner.relu()
      }
      inner = try layer.normalisation(layer.convolution(inner), mode)
    }
    guard let around else { return try inner.adding(inPlace: x) }
    return try inner.maxPool2d(3, stride: 2, padding: 1).adding(inPlace: around(x, mode))
  }
}
