import Torch

/// Inverted bottlenecks with transformers between them (Mehta & Rastegari 2022), with timm's keys
/// and first values.
struct MobileViT: Family {
  struct Variant {
    let stages: [Stage]
    /// Channels before pooling.
    let last: Int
  }

  struct Stage {
    let width: Int
    /// Inverted bottlenecks before the transformer.
    let bottlenecks: Int
    let stride: Int
    /// Width and depth of the transformer; nil where there is none.
    var transformer: (width: Int, depth: Int)?
  }

  static let variants: [String: Variant] = [
    "mobilevit_xs": Variant(
      stages: [
        Stage(width: 32, bottlenecks: 1, stride: 1),
        Stage(width: 48, bottlenecks: 3, stride: 2),
        Stage(width: 64, bottlenecks: 1, stride: 2, transformer: (96, 2)),
        Stage(width: 80, bottlenecks: 1, stride: 2, transformer: (120, 4)),
        Stage(width: 96, bottlenecks: 1, stride: 2, transformer: (144, 3)),
      ], last: 384)
  ]

  private static let stemWidth = 16
  fileprivate static let expansion = 4

  private enum Block {
    case bottleneck(MobileBottleneck)
    case transformer(MobileTransformer)
  }

  private let stem: NormalisedLayer
  private let blocks: [Block]
  private let last: NormalisedLayer
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head.fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    stem = try NormalisedLayer(
      path / "stem" / "conv", path / "stem" / "bn", plan.channels, Self.stemWidth, kernel: 3,
      stride: 2, activation: .silu)
    var width = Self.stemWidth
    var blocks: [Block] = []
    for (number, stage) in variant.stages.enumerated() {
      let place = path / "stages" / number
      for index in 0..<stage.bottlenecks {
        blocks.append(
          .bottleneck(
            try MobileBottleneck(
              place / index, width, stage.width, stride: index == 0 ? stage.stride : 1)))
        width = stage.width
      }
      if let inner = stage.transformer {
        blocks.append(
          .transformer(
            try MobileTransformer(
              place / stage.bottlenecks, width, inner: inner.width, depth: inner.depth,
              dropout: plan.inside)))
      }
    }
    self.blocks = blocks
    last = try NormalisedLayer(
      path / "final_conv" / "conv", path / "final_conv" / "bn", width, variant.last,
      activation: .silu)
    dropout = plan.head()
    output = try Linear(
      path / "head" / "fc", variant.last, plan.outputs, initialWeight: .normal(deviation: 0.01),
      initialBias: .zeros)
    featureWidth = variant.last
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem(x, mode)
    for block in blocks {
      switch block {
      case .bottleneck(let block): x = try block(x, mode)
      case .transformer(let block): x = try block(x, mode)
      }
    }
    return try last(x, mode).globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// A convolution that widens, one within channels, and one that narrows; the input is added where it
/// has the same shape.
private struct MobileBottleneck {
  private let layers: [NormalisedLayer]
  private let adds: Bool

  init(_ path: Path, _ input: Int, _ output: Int, stride: Int) throws {
    adds = stride == 1 && input == output
    let middle = MobileViT.expansion * input
    func layer(
      _ name: String, _ input: Int, _ output: Int, kernel: Int = 1, stride: Int = 1,
      groups: Int = 1, activation: Activation = .silu, scale: Initialization = .ones
    ) throws -> NormalisedLayer {
      try NormalisedLayer(
        path / name / "conv", path / name / "bn", input, output, kernel: kernel, stride: stride,
        groups: groups, activation: activation, scale: scale)
    }
    layers = [
      try layer("conv1_1x1", input, middle),
      try layer("conv2_kxk", middle, middle, kernel: 3, stride: stride, groups: middle),
      try layer("conv3_1x1", middle, output, activation: .none, scale: adds ? .zeros : .ones),
    ]
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var inner = x
    for layer in layers { inner = try layer(inner, mode) }
    return adds ? try inner.adding(inPlace: x) : inner
  }
}

/// Transformer blocks over the pixels that have one place in patches of two by two, between
/// convolutions; their result is put behind the input and merged with it.
private struct MobileTransformer {
  private static let patch = 2

  private let local: NormalisedLayer
  private let widen: Conv2d
  private let blocks: [TransformerBlock]
  private let normalisation: LayerNorm
  private let narrow: NormalisedLayer
  private let fusion: NormalisedLayer

  init(_ path: Path, _ width: Int, inner: Int, depth: Int, dropout: Dropout) throws {
    func layer(_ name: String, _ input: Int, kernel: Int) throws -> NormalisedLayer {
      try NormalisedLayer(
        path / name / "conv", path / name / "bn", input, width, kernel: kernel, activation: .silu)
    }
    local = try layer("conv_kxk", width, kernel: 3)
    widen = try Conv2d(
      path / "conv_1x1", width, inner, kernel: 1, bias: false, weights: .normalFanOut)
    blocks = try (0..<depth).map {
      try TransformerBlock(
        path / "transformer" / $0, inner, heads: 4, hidden: 2 * inner, activation: .silu,
        dropout: dropout, branch: Dropout(0))
    }
    normalisation = try LayerNorm(path / "norm", inner)
    narrow = try layer("conv_proj", inner, kernel: 1)
    fusion = try layer("conv_fusion", 2 * width, kernel: 3)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let picture = try widen(local(x, mode))
    let (batch, width) = (picture.shape[0], picture.shape[1])
    let (rows, columns) = (picture.shape[2] / Self.patch, picture.shape[3] / Self.patch)
    let patch = Self.patch
    // [batch, width, rows, patch, columns, patch] to [batch · patch², rows · columns, width].
    var tokens = try picture.reshaped([batch, width, rows, patch, columns, patch])
      .permuted([0, 3, 5, 2, 4, 1])
      .reshaped([batch * patch * patch, rows * columns, width])
    for block in blocks { tokens = try block(tokens, mode) }
    let back = try normalisation(tokens)
      .reshaped([batch, patch, patch, rows, columns, width])
      .permuted([0, 5, 3, 1, 4, 2])
      .reshaped(picture.shape)
    return try fusion(Tensor.cat([x, narrow(back, mode)], along: 1), mode)
  }
}
