import Torch

/// Transformers over patches: ViT (Dosovitskiy et al. 2021) and DeiT III (Touvron et al. 2022), with
/// timm's keys and first values.
struct VisionTransformer: Family {
  struct Variant {
    let depth: Int
    let width: Int
    let heads: Int
    /// The first value of the scales of residual branches; nil where there are none.
    var layerScale: Double?
    /// Whether the class token has a position of its own.
    var classPosition = true
    var patch = 16
  }

  static let variants: [String: Variant] = [
    "vit_base_patch16_224": Variant(depth: 12, width: 768, heads: 12),
    "deit3_small_patch16_224": Variant(
      depth: 12, width: 384, heads: 6, layerScale: 1e-6, classPosition: false),
  ]

  private let classToken: Tensor
  private let positions: Tensor
  private let patches: Conv2d
  private let blocks: [TransformerBlock]
  private let normalisation: LayerNorm
  private let dropout: Dropout
  private let output: Linear
  private let classPosition: Bool

  let featureWidth: Int
  let outputPaths = ["head"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    let width = variant.width
    let side = plan.size / variant.patch
    classPosition = variant.classPosition
    classToken = try path.parameter("cls_token", [1, 1, width], .normal(deviation: 1e-6))
    positions = try path.parameter(
      "pos_embed", [1, side * side + (classPosition ? 1 : 0), width], .transformer)
    patches = try Conv2d(
      path / "patch_embed" / "proj", plan.channels, width, kernel: variant.patch,
      stride: variant.patch)
    blocks = try (0..<variant.depth).map {
      try TransformerBlock(
        path / "blocks" / $0, width, heads: variant.heads, hidden: 4 * width, epsilon: 1e-6,
        layerScale: variant.layerScale, dropout: plan.inside,
        branch: plan.branch($0, of: variant.depth))
    }
    normalisation = try LayerNorm(path / "norm", width, epsilon: 1e-6)
    dropout = plan.head()
    output = try Linear(
      path / "head", width, plan.outputs, initialWeight: .zeros, initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try patches(x).tokens()
    let token = try classToken.expanded([x.shape[0], 1, featureWidth])
    x =
      classPosition
      ? try Tensor.cat([token, x], along: 1) + positions
      : try Tensor.cat([token, x + positions], along: 1)
    for block in blocks { x = try block(x, mode) }
    return try normalisation(x.narrowed(1, from: 0, length: 1).squeezed(1))
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Attention and a perceptron, each with a normalisation in front and the input added.
struct TransformerBlock {
  private let normalisations: [LayerNorm]
  private let attention: SelfAttention
  private let perceptron: Perceptron
  private let scales: [Tensor]
  private let dropout: Dropout
  private let branch: Dropout

  /// Registers `norm1`, `attn`, `ls1`, `norm2`, `mlp` and `ls2`.
  init(
    _ path: Path, _ width: Int, heads: Int, hidden: Int, activation: Activation = .gelu,
    epsilon: Double = 1e-5, layerScale: Double? = nil, dropout: Dropout, branch: Dropout
  ) throws {
    func scale(_ name: String) throws -> [Tensor] {
      try layerScale.map { [try (path / name).parameter("gamma", [width], .constant($0))] } ?? []
    }
    let before = try LayerNorm(path / "norm1", width, epsilon: epsilon)
    attention = try SelfAttention(path / "attn", width, heads: heads)
    let first = try scale("ls1")
    normalisations = [before, try LayerNorm(path / "norm2", width, epsilon: epsilon)]
    perceptron = try Perceptron(
      path / "mlp", width, hidden: hidden, activation: activation, dropout: dropout)
    self.dropout = dropout
    scales = first + (try scale("ls2"))
    self.branch = branch
  }

  /// Tokens `[batch, tokens, width]` to the same shape.
  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let attended = try dropout(attention(normalisations[0](x)), mode)
    let x = try x + branch(scales.isEmpty ? attended : attended * scales[0], mode)
    let inner = try perceptron(normalisations[1](x), mode)
    return try x + branch(scales.isEmpty ? inner : inner * scales[1], mode)
  }
}
