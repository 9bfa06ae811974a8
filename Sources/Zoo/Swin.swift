import Torch

/// Transformers whose attention stays within windows that shift from block to block (Liu et al.
/// 2021), with timm's keys and first values.
struct Swin: Family {
  struct Variant {
    let depths: [Int]
    let heads: [Int]
    /// Channels of the first stage; each further one has twice as many.
    let width: Int
    /// The side of a window, in tokens.
    var window = 7
  }

  static let variants: [String: Variant] = [
    "swin_base_patch4_window7_224": Variant(
      depths: [2, 2, 18, 2], heads: [4, 8, 16, 32], width: 128)
  ]

  private static let patch = 4

  private struct Stage {
    let smaller: (normalisation: LayerNorm, reduction: Linear)?
    let blocks: [SwinBlock]
  }

  private let patches: (convolution: Conv2d, normalisation: LayerNorm)
  private let stages: [Stage]
  private let normalisation: LayerNorm
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["head.fc"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = variant.width
    patches = (
      try Conv2d(
        path / "patch_embed" / "proj", plan.channels, width, kernel: Self.patch,
        stride: Self.patch),
      try LayerNorm(path / "patch_embed" / "norm", width)
    )
    var side = plan.size / Self.patch
    var count = 0
    var stages: [Stage] = []
    for (number, (depth, heads)) in zip(variant.depths, variant.heads).enumerated() {
      let stage = path / "layers" / number
      var smaller: (LayerNorm, Linear)?
      if number > 0 {
        smaller = (
          try LayerNorm(stage / "downsample" / "norm", 4 * width),
          try Linear(
            stage / "downsample" / "reduction", 4 * width, 2 * width, bias: false,
            initialWeight: .transformer)
        )
        width *= 2
        side /= 2
      }
      let blocks = try (0..<depth).map { index in
        defer { count += 1 }
        return try SwinBlock(
          stage / "blocks" / index, width, heads: heads, side: side,
          window: min(variant.window, side), shifted: index % 2 == 1 && side > variant.window,
          dropout: plan.inside, branch: plan.branch(count, of: variant.depths.reduce(0, +)))
      }
      stages.append(Stage(smaller: smaller, blocks: blocks))
    }
    self.stages = stages
    normalisation = try LayerNorm(path / "norm", width)
    dropout = plan.head()
    output = try Linear(
      path / "head" / "fc", width, plan.outputs, initialWeight: .transformer, initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try patches.normalisation(patches.convolution(x).permuted([0, 2, 3, 1]))
    for stage in stages {
      if let smaller = stage.smaller {
        x = try smaller.reduction(smaller.normalisation(Self.merged(x)))
      }
      for block in stage.blocks { x = try block(x, mode) }
    }
    return try normalisation(x).mean([1, 2])
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }

  /// Each square of four tokens of `[batch, height, width, channels]` as one, column by column.
  private static func merged(_ x: Tensor) throws -> Tensor {
    let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return try x.reshaped([batch, height / 2, 2, width / 2, 2, channels])
      .permuted([0, 1, 3, 4, 2, 5])
      .reshaped([batch, height / 2, width / 2, 4 * channels])
  }
}

/// Attention within windows, and a perceptron.
private struct SwinBlock {
  private let normalisations: [LayerNorm]
  private let table: Tensor
  private let attention: SelfAttention
  private let perceptron: Perceptron
  private let dropout: Dropout
  private let branch: Dropout

  private let window: Int
  private let shift: Int
  /// For each pair of tokens of a window the row of the table.
  private let places: Tensor
  /// −100 for pairs that only the shift brought together, `[windows, 1, tokens, tokens]`.
  private let mask: Tensor?

  init(
    _ path: Path, _ width: Int, heads: Int, side: Int, window: Int, shifted: Bool,
    dropout: Dropout, branch: Dropout
  ) throws {
    self.window = window
    self.dropout = dropout
    self.branch = branch
    shift = shifted ? window / 2 : 0
    let device = path.store.device
    places = try Self.places(window).to(device)
    mask = try shifted ? Self.mask(side, window, shift).to(path.store.dtype).to(device) : nil
    let before = try LayerNorm(path / "norm1", width)
    let rows = (2 * window - 1) * (2 * window - 1)
    table = try (path / "attn").parameter(
      "relative_position_bias_table", [rows, heads], .transformer)
    attention = try SelfAttention(path / "attn", width, heads: heads)
    normalisations = [before, try LayerNorm(path / "norm2", width)]
    perceptron = try Perceptron(path / "mlp", width, hidden: 4 * width, dropout: dropout)
  }

  private static func places(_ window: Int) throws -> Tensor {
    let tokens = window * window
    let rows = (0..<tokens * tokens).map { pair in
      let (query, key) = (pair / tokens, pair % tokens)
      return Int64(
        (query / window - key / window + window - 1) * (2 * window - 1)
          + query % window - key % window + window - 1)
    }
    return try Tensor(rows)
  }

  private static func mask(_ side: Int, _ window: Int, _ shift: Int) throws -> Tensor {
    // Which of the three stretches a row or column lies in once it is shifted.
    func stretch(_ place: Int) -> Int {
      place < side - window ? 0 : place < side - shift ? 1 : 2
    }
    let (across, tokens) = (side / window, window * window)
    var values: [Float] = []
    for number in 0..<across * across {
      let regions = (0..<tokens).map { token in
        3 * stretch(number / across * window + token / window)
          + stretch(number % across * window + token % window)
      }
      for query in regions { values += regions.map { $0 == query ? 0 : -100 } }
    }
    return try Tensor(values, shape: [across * across, 1, tokens, tokens])
  }

  /// Tokens `[batch, height, width, channels]` to the same shape.
  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let x = try x + branch(dropout(attended(normalisations[0](x)), mode), mode)
    return try x + branch(perceptron(normalisations[1](x), mode), mode)
  }

  private func attended(_ x: Tensor) throws -> Tensor {
    let (batch, side, channels) = (x.shape[0], x.shape[1], x.shape[3])
    let (across, tokens) = (side / window, window * window)
    let moved = shift > 0 ? try x.rolled(-shift, along: [1, 2]) : x
    let windows = try moved.reshaped([batch, across, window, across, window, channels])
      .permuted([0, 1, 3, 2, 4, 5])
      .reshaped([batch * across * across, tokens, channels])
    var bias = try table.selecting(places).reshaped([tokens, tokens, table.shape[1]])
      .permuted([2, 0, 1]).unsqueezed(0)
    if let mask {
      bias = try bias + mask
      bias = try bias.unsqueezed(0).expanded([batch] + bias.shape)
        .reshaped([batch * across * across] + bias.shape.dropFirst())
    }
    let result = try attention(windows, bias: bias)
      .reshaped([batch, across, across, window, window, channels])
      .permuted([0, 1, 3, 2, 4, 5])
      .reshaped([batch, side, side, channels])
    return shift > 0 ? try result.rolled(shift, along: [1, 2]) : result
  }
}
