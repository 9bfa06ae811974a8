import Torch

/// Inverted bottlenecks in stages found by search: MnasNet (Tan et al. 2019) and EfficientNet (Tan
/// & Le 2019), with timm's keys and first values.
struct EfficientNet: Family {
  struct Variant {
    let stages: [Stage]
    /// What every number of channels is multiplied by.
    var width = 1.0
    /// What every number of blocks is multiplied by.
    var depth = 1.0
    var activation = Activation.silu
    /// Whether channels are weighed in each block.
    var excitation = true
    /// TensorFlow's borders and its epsilon, for weights that were trained there.
    var tensorFlow = false
    var dropout = 0.2
  }

  struct Stage {
    let repeats: Int
    let kernel: Int
    let stride: Int
    /// How much wider a block is in its middle; 1 has no convolution that widens.
    let expansion: Int
    let width: Int
  }

  private static let efficient = [
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 1, width: 16),
    Stage(repeats: 2, kernel: 3, stride: 2, expansion: 6, width: 24),
    Stage(repeats: 2, kernel: 5, stride: 2, expansion: 6, width: 40),
    Stage(repeats: 3, kernel: 3, stride: 2, expansion: 6, width: 80),
    Stage(repeats: 3, kernel: 5, stride: 1, expansion: 6, width: 112),
    Stage(repeats: 4, kernel: 5, stride: 2, expansion: 6, width: 192),
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 6, width: 320),
  ]

  private static let mnas = [
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 1, width: 16),
    Stage(repeats: 3, kernel: 3, stride: 2, expansion: 3, width: 24),
    Stage(repeats: 3, kernel: 5, stride: 2, expansion: 3, width: 40),
    Stage(repeats: 3, kernel: 5, stride: 2, expansion: 6, width: 80),
    Stage(repeats: 2, kernel: 3, stride: 1, expansion: 6, width: 96),
    Stage(repeats: 4, kernel: 5, stride: 2, expansion: 6, width: 192),
    Stage(repeats: 1, kernel: 3, stride: 1, expansion: 6, width: 320),
  ]

  static let variants: [String: Variant] = {
    var rows = [
      "mnasnet_100": Variant(stages: mnas, activation: .relu, excitation: false)
    ]
    for (name, width, depth, dropout) in [
      ("b0", 1.0, 1.0, 0.2), ("b4", 1.4, 1.8, 0.4), ("b5", 1.6, 2.2, 0.4),
    ] {
      for tensorFlow in [false, true] {
        rows[(tensorFlow ? "tf_" : "") + "efficientnet_" + name] = Variant(
          stages: efficient, width: width, depth: depth, tensorFlow: tensorFlow, dropout: dropout)
      }
    }
    return rows
  }()

  private let stem: NormalisedLayer
  private let blocks: [InvertedBottleneck]
  private let last: NormalisedLayer
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["classifier"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    let epsilon = variant.tensorFlow ? 1e-3 : 1e-5
    func scaled(_ width: Int) -> Int { Self.rounded(Double(width) * variant.width) }
    var width = scaled(32)
    stem = try NormalisedLayer(
      path / "conv_stem", path / "bn1", plan.channels, width, kernel: 3, stride: 2,
      activation: variant.activation, same: variant.tensorFlow, epsilon: epsilon)
    let depths = variant.stages.map { Int((Double($0.repeats) * variant.depth).rounded(.up)) }
    var blocks: [InvertedBottleneck] = []
    for (number, stage) in variant.stages.enumerated() {
      for index in 0..<depths[number] {
        let next = scaled(stage.width)
        blocks.append(
          try InvertedBottleneck(
            path / "blocks" / number / index, width, next, stage,
            stride: index == 0 ? stage.stride : 1, variant, epsilon: epsilon,
            branch: plan.branch(blocks.count, of: depths.reduce(0, +))))
        width = next
      }
    }
    self.blocks = blocks
    let wide = scaled(1280)
    last = try NormalisedLayer(
      path / "conv_head", path / "bn2", width, wide, activation: variant.activation,
      epsilon: epsilon)
    dropout = plan.head(variant.dropout)
    output = try Linear(
      path / "classifier", wide, plan.outputs,
      initialWeight: .fanIn(plan.outputs), initialBias: .zeros)
    featureWidth = wide
  }

  /// The multiple of 8 that is nearest, but not more than a tenth below.
  private static func rounded(_ width: Double) -> Int {
    let nearest = max(8, Int(width + 4) / 8 * 8)
    return Double(nearest) < 0.9 * width ? nearest + 8 : nearest
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem(x, mode)
    for block in blocks { x = try block(x, mode) }
    return try last(x, mode).globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// A convolution that widens, one within channels, and one that narrows again; the input is added
/// where it has the same shape.
struct InvertedBottleneck {
  private let widen: NormalisedLayer?
  private let within: NormalisedLayer
  private let excitation: SqueezeExcitation?
  private let narrow: NormalisedLayer
  private let branch: Dropout?

  init(
    _ path: Path, _ input: Int, _ output: Int, _ stage: EfficientNet.Stage, stride: Int,
    _ variant: EfficientNet.Variant, epsilon: Double, branch: Dropout
  ) throws {
    let middle = input * stage.expansion
    let widens = stage.expansion > 1
    widen =
      widens
      ? try NormalisedLayer(
        path / "conv_pw", path / "bn1", input, middle, activation: variant.activation,
        epsilon: epsilon) : nil
    within = try NormalisedLayer(
      path / "conv_dw", path / (widens ? "bn2" : "bn1"), middle, middle, kernel: stage.kernel,
      stride: stride, groups: middle, activation: variant.activation,
      same: variant.tensorFlow && stride > 1, epsilon: epsilon)
    let weigh = path / "se"
    excitation =
      variant.excitation
      ? try SqueezeExcitation(
        weigh / "conv_reduce", weigh / "conv_expand", middle, squeezed: max(1, (input + 2) / 4),
        activation: variant.activation) : nil
    narrow = try NormalisedLayer(
      path / (widens ? "conv_pwl" : "conv_pw"), path / (widens ? "bn3" : "bn2"), middle, output,
      epsilon: epsilon)
    self.branch = stride == 1 && input == output ? branch : nil
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var inner = try within(widen.map { try $0(x, mode) } ?? x, mode)
    inner = try excitation.map { try $0(inner) } ?? inner
    inner = try narrow(inner, mode)
    return try branch.map { try $0(inner, mode).adding(inPlace: x) } ?? inner
  }
}
