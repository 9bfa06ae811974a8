import Torch

/// Convolutional networks in the manner of transformers (Liu et al. 2022), with timm's keys and
/// first values.
struct ConvNeXt: Family {
  struct Variant {
    let depths: [Int]
    let widths: [Int]
  }

  static let variants: [String: Variant] = [
    "convnext_tiny": Variant(depths: [3, 3, 9, 3], widths: [96, 192, 384, 768]),
    "convnext_base": Variant(depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024]),
    "convnext_large": Variant(depths: [3, 3, 27, 3], widths: [192, 384, 768, 1536]),
  ]

  fileprivate static let epsilon = 1e-6

  private struct Stage {
    let smaller: (normalisation: LayerNorm, convolution: Conv2d)?
    let blocks: [ConvNeXtBlock]
  }

  private let stem: (convolution: Conv2d, normalisation: LayerNorm)
  private let stages: [Stage]
  private let normalisation: LayerNorm
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head.fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = variant.widths.first ?? 1
    stem = (
      try Conv2d(
        path / "stem" / 0, plan.channels, width, kernel: 4, stride: 4, weights: .transformer,
        initialBias: .zeros),
      try LayerNorm(path / "stem" / 1, width, epsilon: Self.epsilon)
    )
    var count = 0
    var stages: [Stage] = []
    for (index, (next, depth)) in zip(variant.widths, variant.depths).enumerated() {
      let stage = path / "stages" / index
      let smaller =
        index == 0
        ? nil
        : (
          try LayerNorm(stage / "downsample" / 0, width, epsilon: Self.epsilon),
          try Conv2d(
            stage / "downsample" / 1, width, next, kernel: 2, stride: 2, weights: .transformer,
            initialBias: .zeros)
        )
      let blocks = try (0..<depth).map { place in
        defer { count += 1 }
        return try ConvNeXtBlock(
          stage / "blocks" / place, next,
          branch: plan.branch(count, of: variant.depths.reduce(0, +)))
      }
      stages.append(Stage(smaller: smaller, blocks: blocks))
      width = next
    }
    self.stages = stages
    normalisation = try LayerNorm(path / "head" / "norm", width, epsilon: Self.epsilon)
    dropout = plan.head()
    output = try Linear(
      path / "head" / "fc", width, plan.outputs, initialWeight: .transformer, initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem.normalisation.acrossChannels(stem.convolution(x))
    for stage in stages {
      if let smaller = stage.smaller {
        x = try smaller.convolution(smaller.normalisation.acrossChannels(x))
      }
      for block in stage.blocks { x = try block(x, mode) }
    }
    return try normalisation(x.globalAveragePool())
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// A wide convolution within channels and a perceptron across them.
struct ConvNeXtBlock {
  private let scale: Tensor
  private let convolution: Conv2d
  private let normalisation: LayerNorm
  private let perceptron: Perceptron
  private let branch: Dropout

  init(_ path: Path, _ width: Int, branch: Dropout) throws {
    scale = try path.parameter("gamma", [width], .constant(1e-6))
    convolution = try Conv2d(
      path / "conv_dw", width, width, kernel: 7, padding: 3, groups: width,
      weights: .transformer, initialBias: .zeros)
    normalisation = try LayerNorm(path / "norm", width, epsilon: ConvNeXt.epsilon)
    perceptron = try Perceptron(path / "mlp", width, hidden: 4 * width)
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let inner = try normalisation(convolution(x).permuted([0, 2, 3, 1]))
    let added = try (perceptron(inner, mode) * scale).permuted([0, 3, 1, 2])
    return try x + branch(added, mode)
  }
}

extension LayerNorm {
  /// The channels of each pixel of `[batch, channels, height, width]`, normalised.
  func acrossChannels(_ x: Tensor) throws -> Tensor {
    try self(x.permuted([0, 2, 3, 1])).permuted([0, 3, 1, 2])
  }
}

extension Conv2d.Weights {
  /// What timm gives to transformers.
  static var transformer: Conv2d.Weights { .normal(deviation: 0.02) }
}
