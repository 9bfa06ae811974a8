import Torch

/// Pooling in place of attention but for the last block (Li et al. 2022), with timm's keys and first
/// values. The logits are the mean of its two heads.
struct EfficientFormer: Family {
  struct Variant {
    let widths: [Int]
    let depths: [Int]
    /// How many of the last blocks have attention.
    let attentive: Int
  }

  static let variants: [String: Variant] = [
    "efficientformer_l1": Variant(
      widths: [48, 96, 224, 448], depths: [3, 2, 6, 4], attentive: 1)
  ]

  private let stem: [NormalisedLayer]
  private let stages: [(smaller: NormalisedLayer?, blocks: [PoolingBlock])]
  private let attentive: [AttentionBlock]
  private let normalisation: LayerNorm
  private let heads: [Linear]
  private let dropout: Dropout

  let featureWidth: Int
  let outputPaths = ["head", "head_dist"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    func layer(
      _ path: Path, _ convolution: String, _ norm: String, _ input: Int, _ output: Int,
      activation: Activation
    ) throws -> NormalisedLayer {
      try NormalisedLayer(
        path / convolution, path / norm, input, output, kernel: 3, stride: 2,
        activation: activation, bias: true, weights: .uniformFanIn)
    }
    var width = variant.widths.first ?? 2
    stem = [
      try layer(path / "stem", "conv1", "norm1", plan.channels, width / 2, activation: .relu),
      try layer(path / "stem", "conv2", "norm2", width / 2, width, activation: .relu),
    ]
    let count = variant.depths.reduce(0, +)
    var place = 0
    var stages: [(NormalisedLayer?, [PoolingBlock])] = []
    var attentive: [AttentionBlock] = []
    for (number, (next, depth)) in zip(variant.widths, variant.depths).enumerated() {
      let stage = path / "stages" / number
      let smaller =
        number == 0
        ? nil
        : try layer(stage / "downsample", "conv", "norm", width, next, activation: .none)
      width = next
      let pooling = number == variant.widths.count - 1 ? max(depth - variant.attentive, 0) : depth
      var blocks: [PoolingBlock] = []
      for index in 0..<depth {
        let branch = plan.branch(place, of: count)
        place += 1
        if index < pooling {
          blocks.append(
            try PoolingBlock(
              stage / "blocks" / index, width, dropout: plan.inside, branch: branch))
        } else {
          // The step from picture to tokens has a place of its own before the first.
          attentive.append(
            try AttentionBlock(
              stage / "blocks" / (index + 1), width, side: (plan.size + 31) / 32,
              dropout: plan.inside, branch: branch))
        }
      }
      stages.append((smaller, blocks))
    }
    self.stages = stages
    self.attentive = attentive
    normalisation = try LayerNorm(path / "norm", width)
    dropout = plan.head()
    heads = try outputPaths.map {
      try Linear(
        path / $0, width, plan.outputs, initialWeight: .transformer, initialBias: .zeros)
    }
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for layer in stem { x = try layer(x, mode) }
    for stage in stages {
      if let smaller = stage.smaller { x = try smaller(x, mode) }
      for block in stage.blocks { x = try block(x, mode) }
    }
    x = try x.tokens()
    for block in attentive { x = try block(x, mode) }
    return try normalisation(x).mean([1])
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    let features = try dropout(features, mode)
    return try (heads[0](features) + heads[1](features)) / 2
  }
}

/// The mean of the neighbours less the pixel itself, then a perceptron of convolutions.
private struct PoolingBlock {
  private let scales: [Tensor]
  private let first: NormalisedLayer
  private let second: NormalisedLayer
  private let dropout: Dropout
  private let branch: Dropout

  init(_ path: Path, _ width: Int, dropout: Dropout, branch: Dropout) throws {
    func scale(_ name: String) throws -> Tensor {
      try (path / name).parameter("gamma", [width], .constant(1e-5))
    }
    let pooled = try scale("ls1")
    let inside = path / "mlp"
    first = try NormalisedLayer(
      inside / "fc1", inside / "norm1", width, 4 * width, activation: .gelu, bias: true,
      weights: .transformer)
    second = try NormalisedLayer(
      inside / "fc2", inside / "norm2", 4 * width, width, bias: true, weights: .transformer)
    scales = [pooled, try scale("ls2")]
    self.dropout = dropout
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let mean = try x.avgPool2d(3, stride: 1, padding: 1, countPadding: false)
    let x = try x + branch((mean - x) * scales[0].reshaped([-1, 1, 1]), mode)
    let inner = try dropout(second(dropout(first(x, mode), mode), mode), mode)
    return try x + branch(inner * scales[1].reshaped([-1, 1, 1]), mode)
  }
}

/// Attention with a bias for each distance between tokens, then a perceptron.
private struct AttentionBlock {
  private static let heads = 8
  private static let keyWidth = 32
  private static let valueWidth = 128

  private let normalisations: [LayerNorm]
  private let biases: Tensor
  /// For each pair of tokens the entry of `biases`, kept in the checkpoint as in timm's.
  private let places: Tensor
  private let mixed: Linear
  private let output: Linear
  private let perceptron: Perceptron
  private let scales: [Tensor]
  private let branch: Dropout

  init(_ path: Path, _ width: Int, side: Int, dropout: Dropout, branch: Dropout) throws {
    func scale(_ name: String) throws -> Tensor {
      try (path / name).parameter("gamma", [width], .constant(1e-5))
    }
    let before = try LayerNorm(path / "norm1", width)
    let inside = path / "token_mixer"
    biases = try inside.parameter("attention_biases", [Self.heads, side * side], .zeros)
    let tokens = side * side
    places = try inside.buffer("attention_bias_idxs", [tokens, tokens], .zeros, dtype: .int64)
    try places.copy(
      from: Tensor.distances(from: Array(0..<tokens), side: side).reshaped([tokens, tokens]))
    mixed = try Linear(
      inside / "qkv", width, Self.heads * (2 * Self.keyWidth + Self.valueWidth),
      initialWeight: .transformer, initialBias: .zeros)
    output = try Linear(
      inside / "proj", Self.heads * Self.valueWidth, width, initialWeight: .transformer,
      initialBias: .zeros)
    let first = try scale("ls1")
    normalisations = [before, try LayerNorm(path / "norm2", width)]
    perceptron = try Perceptron(path / "mlp", width, hidden: 4 * width, dropout: dropout)
    scales = [first, try scale("ls2")]
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let x = try x + branch(attended(normalisations[0](x)) * scales[0], mode)
    return try x + branch(perceptron(normalisations[1](x), mode) * scales[1], mode)
  }

  private func attended(_ x: Tensor) throws -> Tensor {
    let (batch, tokens) = (x.shape[0], x.shape[1])
    let parts = try mixed(x).reshaped([batch, tokens, Self.heads, -1]).transposed(1, 2)
      .split([Self.keyWidth, Self.keyWidth, Self.valueWidth], along: 3)
    let bias = try biases.selecting(places.flattened(), along: 1).reshaped([
      1, Self.heads, tokens, tokens,
    ])
    let result = try parts[0].attention(parts[1], parts[2], bias: bias)
    return try output(result.transposed(1, 2).reshaped([batch, tokens, -1]))
  }
}
