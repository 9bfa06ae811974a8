import Torch

/// Transformers with relative positions, trained on masked pictures first (Bao et al. 2022), with
/// timm's keys and first values.
struct BEiT: Family {
  struct Variant {
    let depth: Int
    let width: Int
    let heads: Int
    /// The first value of the scales of residual branches.
    let layerScale: Double
    var patch = 16
  }

  static let variants: [String: Variant] = [
    "beit_base_patch16_224": Variant(depth: 12, width: 768, heads: 12, layerScale: 0.1),
    "beit_large_patch16_224": Variant(depth: 24, width: 1024, heads: 16, layerScale: 1e-5),
  ]

  private let classToken: Tensor
  private let patches: Conv2d
  private let blocks: [BEiTBlock]
  private let normalisation: LayerNorm
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    let width = variant.width
    classToken = try path.parameter("cls_token", [1, 1, width], .transformer)
    patches = try Conv2d(
      path / "patch_embed" / "proj", plan.channels, width, kernel: variant.patch,
      stride: variant.patch)
    let places = try Self.places(side: plan.size / variant.patch).to(path.store.device)
    blocks = try (0..<variant.depth).map {
      try BEiTBlock(
        path / "blocks" / $0, variant, places: places, side: plan.size / variant.patch,
        dropout: plan.inside, branch: plan.branch($0, of: variant.depth))
    }
    normalisation = try LayerNorm(path / "fc_norm", width, epsilon: 1e-6)
    dropout = plan.head()
    output = try Linear(
      path / "head", width, plan.outputs, initialWeight: .transformer, initialBias: .zeros)
    featureWidth = width
  }

  /// For each pair of tokens the row of the table with its bias: (2 side − 1)² rows for the steps
  /// between two patches, then three for class to patch, patch to class and class to class.
  private static func places(side: Int) throws -> Tensor {
    let wide = 2 * side - 1
    let steps = wide * wide
    var rows: [Int64] = []
    for query in -1..<side * side {
      for key in -1..<side * side {
        let row =
          switch (query, key) {
          case (-1, -1): steps + 2
          case (-1, _): steps
          case (_, -1): steps + 1
          default:
            (query / side - key / side + side - 1) * wide + query % side - key % side + side - 1
          }
        rows.append(Int64(row))
      }
    }
    return try Tensor(rows)
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try patches(x).tokens()
    let token = try classToken.expanded([x.shape[0], 1, featureWidth])
    x = try Tensor.cat([token, x], along: 1)
    for block in blocks { x = try block(x, mode) }
    return try normalisation(x.narrowed(1, from: 1, length: x.shape[1] - 1).mean([1]))
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Attention with a bias for each step between patches, and a perceptron.
private struct BEiTBlock {
  private let scales: [Tensor]
  private let normalisations: [LayerNorm]
  private let biases: (query: Tensor, value: Tensor)
  private let table: Tensor
  private let places: Tensor
  private let attention: SelfAttention
  private let perceptron: Perceptron
  private let dropout: Dropout
  private let branch: Dropout

  init(
    _ path: Path, _ variant: BEiT.Variant, places: Tensor, side: Int, dropout: Dropout,
    branch: Dropout
  ) throws {
    let width = variant.width
    self.places = places
    scales = try ["gamma_1", "gamma_2"].map {
      try path.parameter($0, [width], .constant(variant.layerScale))
    }
    let before = try LayerNorm(path / "norm1", width, epsilon: 1e-6)
    let inside = path / "attn"
    biases = (
      try inside.parameter("q_bias", [width], .zeros),
      try inside.parameter("v_bias", [width], .zeros)
    )
    let rows = (2 * side - 1) * (2 * side - 1) + 3
    table = try inside.parameter("relative_position_bias_table", [rows, variant.heads], .zeros)
    attention = try SelfAttention(inside, width, heads: variant.heads, bias: false)
    normalisations = [before, try LayerNorm(path / "norm2", width, epsilon: 1e-6)]
    perceptron = try Perceptron(path / "mlp", width, hidden: 4 * width, dropout: dropout)
    self.dropout = dropout
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let tokens = x.shape[1]
    let bias = try table.selecting(places).reshaped([tokens, tokens, table.shape[1]])
      .permuted([2, 0, 1]).unsqueezed(0)
    let mixed = try Tensor.cat([biases.query, biases.query.zerosLike().detached(), biases.value])
    let attended = try dropout(
      attention(normalisations[0](x), mixedBias: mixed, bias: bias), mode)
    let x = try x + branch(attended * scales[0], mode)
    return try x + branch(perceptron(normalisations[1](x), mode) * scales[1], mode)
  }
}
