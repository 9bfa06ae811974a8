import Torch

/// Perceptrons across tokens and across channels: MLP-Mixer (Tolstikhin et al. 2021) and ResMLP
/// (Touvron et al. 2021), with timm's keys and first values.
struct Mixer: Family {
  struct Variant {
    let depth: Int
    let width: Int
    /// Whether tokens are mixed by one linear layer, with learnt scales instead of normalisation.
    let residual: Bool
    var patch = 16
  }

  static let variants: [String: Variant] = [
    "mixer_b16_224": Variant(depth: 12, width: 768, residual: false),
    "resmlp_36_224": Variant(depth: 36, width: 384, residual: true),
  ]

  private let patches: Conv2d
  private let blocks: [MixerBlock]
  private let normalisation: TokenScale
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    let width = variant.width
    let tokens = (plan.size / variant.patch) * (plan.size / variant.patch)
    patches = try Conv2d(
      path / "stem" / "proj", plan.channels, width, kernel: variant.patch, stride: variant.patch,
      weights: .normal(
        deviation: 1 / Double(plan.channels * variant.patch * variant.patch).squareRoot()),
      initialBias: .zeros)
    blocks = try (0..<variant.depth).map {
      try MixerBlock(
        path / "blocks" / $0, width, tokens: tokens, residual: variant.residual,
        dropout: plan.inside, branch: plan.branch($0, of: variant.depth))
    }
    normalisation = try TokenScale(path / "norm", width, residual: variant.residual)
    dropout = plan.head()
    output = try Linear(
      path / "head", width, plan.outputs, initialWeight: .zeros, initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try patches(x).tokens()
    for block in blocks { x = try block(x, mode) }
    return try normalisation(x).mean([1])
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Normalisation of each token or, in a ResMLP, a scale and a shift of each channel.
private enum TokenScale {
  case normalised(LayerNorm)
  case affine(scale: Tensor, shift: Tensor)

  init(_ path: Path, _ width: Int, residual: Bool) throws {
    self =
      residual
      ? .affine(
        scale: try path.parameter("alpha", [1, 1, width], .ones),
        shift: try path.parameter("beta", [1, 1, width], .zeros))
      : .normalised(try LayerNorm(path, width, epsilon: 1e-6))
  }

  func callAsFunction(_ x: Tensor) throws -> Tensor {
    switch self {
    case .normalised(let layer): try layer(x)
    case .affine(let scale, let shift): try x * scale + shift
    }
  }
}

/// A step across tokens, then one across channels.
private struct MixerBlock {
  private enum TokenMixing {
    case perceptron(Perceptron)
    case linear(Linear)

    func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
      switch self {
      case .perceptron(let layer): try layer(x, mode)
      case .linear(let layer): try layer(x)
      }
    }
  }

  private let scales: [Tensor]
  private let normalisations: [TokenScale]
  private let acrossTokens: TokenMixing
  private let acrossChannels: Perceptron
  private let branch: Dropout

  init(
    _ path: Path, _ width: Int, tokens: Int, residual: Bool, dropout: Dropout, branch: Dropout
  ) throws {
    scales =
      try residual
      ? ["ls1", "ls2"].map { try path.parameter($0, [width], .constant(1e-4)) } : []
    let before = try TokenScale(path / "norm1", width, residual: residual)
    acrossTokens =
      residual
      ? .linear(try Linear(path / "linear_tokens", tokens, tokens, initialBias: .zeros))
      : .perceptron(
        try Perceptron(
          path / "mlp_tokens", tokens, hidden: width / 2, weights: .glorot(tokens, width / 2),
          dropout: dropout))
    normalisations = [before, try TokenScale(path / "norm2", width, residual: residual)]
    acrossChannels = try Perceptron(
      path / "mlp_channels", width, hidden: 4 * width, weights: .glorot(width, 4 * width),
      dropout: dropout)
    self.branch = branch
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let across = try acrossTokens(normalisations[0](x).transposed(1, 2), mode).transposed(1, 2)
    let x = try x + branch(scales.isEmpty ? across : across * scales[0], mode)
    let within = try acrossChannels(normalisations[1](x), mode)
    return try x + branch(scales.isEmpty ? within : within * scales[1], mode)
  }
}

extension Initialization {
  /// U(±√(6 / (fan in + fan out))) (Glorot & Bengio 2010, equation 16).
  fileprivate static func glorot(_ fanIn: Int, _ fanOut: Int) -> Initialization {
    .uniform(bound: (6 / Double(max(fanIn + fanOut, 1))).squareRoot())
  }
}
