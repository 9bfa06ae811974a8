import Torch

/// Residual networks (He et al. 2016) with timm's keys and first values.
struct ResNet: Family {
  struct Variant {
    /// The number of blocks in each of the four stages.
    let depths: [Int]
    /// Whether a block is three convolutions with a narrow middle instead of two.
    let bottleneck: Bool
  }

  static let variants: [String: Variant] = [
    "resnet18": Variant(depths: [2, 2, 2, 2], bottleneck: false),
    "resnet34": Variant(depths: [3, 4, 6, 3], bottleneck: false),
    "resnet50": Variant(depths: [3, 4, 6, 3], bottleneck: true),
    "resnet101": Variant(depths: [3, 4, 23, 3], bottleneck: true),
  ]

  private static let stemWidth = 64

  private let stem: (convolution: Conv2d, normalisation: BatchNorm2d)
  private let blocks: [ResidualBlock]
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    stem = (
      try Conv2d(
        path / "conv1", plan.channels, Self.stemWidth, kernel: 7, stride: 2, padding: 3,
        bias: false,
        weights: .normalFanOut),
      try BatchNorm2d(path / "bn1", Self.stemWidth)
    )
    var width = Self.stemWidth
    var count = 0
    var blocks: [ResidualBlock] = []
    for (stage, depth) in variant.depths.enumerated() {
      for index in 0..<depth {
        let block = try ResidualBlock(
          path / "layer\(stage + 1)" / index, width, middle: Self.stemWidth << stage,
          stride: stage > 0 && index == 0 ? 2 : 1, bottleneck: variant.bottleneck,
          branch: plan.branch(count, of: variant.depths.reduce(0, +)))
        blocks.append(block)
        width = block.width
        count += 1
      }
    }
    self.blocks = blocks
    dropout = plan.head()
    output = try Linear(path / "fc", width, plan.outputs)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem.normalisation(stem.convolution(x), mode).reluInPlace()
    x = try x.maxPool2d(3, stride: 2, padding: 1)
    for block in blocks { x = try block(x, mode) }
    return try x.globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Convolutions around which the input is added; where its shape changes, through a convolution of
/// its own.
struct ResidualBlock {
  private let layers: [(convolution: Conv2d, normalisation: BatchNorm2d)]
  private let shortcut: (convolution: Conv2d, normalisation: BatchNorm2d)?
  private let branch: Dropout

  /// The number of channels it gives.
  let width: Int

  /// The last normalisation starts at zero, so that the block starts as the identity.
  init(
    _ path: Path, _ input: Int, middle: Int, stride: Int, bottleneck: Bool, branch: Dropout
  ) throws {
    self.branch = branch
    let width = bottleneck ? 4 * middle : middle
    // Each convolution's kernel, output channels and stride.
    let plan =
      bottleneck
      ? [(1, middle, 1), (3, middle, stride), (1, width, 1)]
      : [(3, middle, stride), (3, width, 1)]
    var layers: [(Conv2d, BatchNorm2d)] = []
    var channels = input
    for (index, (kernel, output, stride)) in plan.enumerated() {
      let convolution = try Conv2d(
        path / "conv\(index + 1)", channels, output, kernel: kernel, stride: stride,
        padding: kernel / 2, bias: false, weights: .normalFanOut)
      let last = index == plan.count - 1
      let normalisation = try BatchNorm2d(
        path / "bn\(index + 1)", output, weight: last ? .zeros : .ones)
      layers.append((convolution, normalisation))
      channels = output
    }
    self.layers = layers
    self.width = width
    guard stride != 1 || input != width else {
      shortcut = nil
      return
    }
    shortcut = (
      try Conv2d(
        path / "downsample" / 0, input, width, kernel: 1, stride: stride, bias: false,
        weights: .normalFanOut),
      try BatchNorm2d(path / "downsample" / 1, width)
    )
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var inner = x
    for (index, layer) in layers.enumerated() {
      inner = try layer.normalisation(layer.convolution(inner), mode)
      if index < layers.count - 1 { inner = try inner.reluInPlace() }
    }
    let around = try shortcut.map { try $0.normalisation($0.convolution(x), mode) } ?? x
    return try branch(inner, mode).adding(inPlace: around).reluInPlace()
  }
}
