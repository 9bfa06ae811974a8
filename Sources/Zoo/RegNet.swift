import Torch

/// Networks of a regular design space with weighed channels, RegNetY (Radosavovic et al. 2020), with
/// timm's keys and first values.
struct RegNet: Family {
  struct Variant {
    let widths: [Int]
    let depths: [Int]
    /// Channels that a convolution sees at once.
    let groupWidth: Int
  }

  static let variants: [String: Variant] = [
    "regnety_008": Variant(widths: [64, 128, 320, 768], depths: [1, 3, 8, 2], groupWidth: 16)
  ]

  private static let stemWidth = 32

  private let stem: NormalisedLayer
  private let blocks: [RegNetBlock]
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head.fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    stem = try NormalisedLayer(
      path / "stem" / "conv", path / "stem" / "bn", plan.channels, Self.stemWidth, kernel: 3,
      stride: 2, activation: .relu)
    var width = Self.stemWidth
    var blocks: [RegNetBlock] = []
    for (stage, (next, depth)) in zip(variant.widths, variant.depths).enumerated() {
      for index in 1...depth {
        blocks.append(
          try RegNetBlock(
            path / "s\(stage + 1)" / "b\(index)", width, next, stride: index == 1 ? 2 : 1,
            groups: next / variant.groupWidth,
            branch: plan.branch(blocks.count, of: variant.depths.reduce(0, +))))
        width = next
      }
    }
    self.blocks = blocks
    dropout = plan.head()
    output = try Linear(
      path / "head" / "fc", width, plan.outputs, initialWeight: .normal(deviation: 0.01),
      initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem(x, mode)
    for block in blocks { x = try block(x, mode) }
    return try x.globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Three convolutions, the middle one in groups, with weighed channels before the last.
struct RegNetBlock {
  private let before: [NormalisedLayer]
  private let excitation: SqueezeExcitation
  private let last: NormalisedLayer
  private let around: NormalisedLayer?
  private let branch: Dropout

  /// The last normalisation starts at zero, so that the block starts as the identity.
  init(
    _ path: Path, _ input: Int, _ output: Int, stride: Int, groups: Int, branch: Dropout
  ) throws {
    func layer(
      _ name: String, _ input: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1,
      activation: Activation = .none, scale: Initialization = .ones
    ) throws -> NormalisedLayer {
      try NormalisedLayer(
        path / name / "conv", path / name / "bn", input, output, kernel: kernel, stride: stride,
        groups: groups, activation: activation, scale: scale)
    }
    before = [
      try layer("conv1", input, activation: .relu),
      try layer(
        "conv2", output, kernel: 3, stride: stride, groups: groups, activation: .relu),
    ]
    excitation = try SqueezeExcitation(
      path / "se" / "fc1", path / "se" / "fc2", output, squeezed: max(1, (input + 2) / 4),
      activation: .relu)
    last = try layer("conv3", output, scale: .zeros)
    around =
      stride == 1 && input == output ? nil : try layer("downsample", input, stride: stride)
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var inner = x
    for layer in before { inner = try layer(inner, mode) }
    inner = try branch(last(excitation(inner), mode), mode)
    return try inner.adding(inPlace: around.map { try $0(x, mode) } ?? x).reluInPlace()
  }
}
