import Torch

/// A transformer in a pyramid, made for fast inference (Graham et al. 2021), with timm's keys and
/// first values. The logits are the mean of its two heads.
struct LeViT: Family {
  struct Variant {
    let widths: [Int]
    let heads: [Int]
    let depths: [Int]
    /// Channels of a query and a key of each head.
    var keyWidth = 32
  }

  static let variants: [String: Variant] = [
    "levit_256": Variant(widths: [256, 384, 512], heads: [4, 6, 8], depths: [4, 4, 4]),
    "levit_384": Variant(widths: [384, 512, 768], heads: [6, 9, 12], depths: [4, 4, 4]),
  ]

  private struct Stage {
    let smaller: (attention: LeViTAttention, perceptron: LeViTPerceptron)?
    let blocks: [(attention: LeViTAttention, perceptron: LeViTPerceptron, branch: Dropout)]
  }

  private let stem: [NormalisedLayer]
  private let stages: [Stage]
  private let heads: [(normalisation: BatchNorm2d, output: Linear)]
  private let dropout: Dropout

  let featureWidth: Int
  let outputPaths = ["head.linear", "head_dist.linear"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = variant.widths.first ?? 1
    var channels = plan.channels
    stem = try (0..<4).map { index in
      let layer = path / "stem" / "conv\(index + 1)"
      let next = width >> (3 - index)
      defer { channels = next }
      return try NormalisedLayer(
        layer / "linear", layer / "bn", channels, next, kernel: 3, stride: 2,
        activation: index < 3 ? .hardswish : .none, weights: .uniformFanIn)
    }
    var side = plan.size / 16
    var count = 0
    var stages: [Stage] = []
    for (number, (next, depth)) in zip(variant.widths, variant.depths).enumerated() {
      let stage = path / "stages" / number
      var smaller: (LeViTAttention, LeViTPerceptron)?
      if number > 0 {
        let place = stage / "downsample"
        smaller = (
          try LeViTAttention(
            place / "attn_downsample", width, next, heads: width / variant.keyWidth,
            keyWidth: variant.keyWidth, side: side, shrinks: true),
          try LeViTPerceptron(place / "mlp", next)
        )
        side = (side + 1) / 2
      }
      let blocks = try (0..<depth).map { index in
        defer { count += 1 }
        let place = stage / "blocks" / index
        return (
          attention: try LeViTAttention(
            place / "attn", next, next, heads: variant.heads[number], keyWidth: variant.keyWidth,
            side: side, shrinks: false),
          perceptron: try LeViTPerceptron(place / "mlp", next),
          branch: plan.branch(count, of: variant.depths.reduce(0, +))
        )
      }
      stages.append(Stage(smaller: smaller, blocks: blocks))
      width = next
    }
    self.stages = stages
    dropout = plan.head()
    heads = try ["head", "head_dist"].map { name in
      (
        try BatchNorm2d(path / name / "bn", width),
        try Linear(
          path / name / "linear", width, plan.outputs, initialWeight: .transformer,
          initialBias: .zeros)
      )
    }
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for layer in stem { x = try layer(x, mode) }
    x = try x.tokens()
    for stage in stages {
      if let smaller = stage.smaller {
        x = try smaller.attention(x, mode)
        x = try x + smaller.perceptron(x, mode)
      }
      for block in stage.blocks {
        x = try x + block.branch(block.attention(x, mode), mode)
        x = try x + block.branch(block.perceptron(x, mode), mode)
      }
    }
    return try x.mean([1])
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    let logits = try heads.map { head in
      try head.output(dropout(head.normalisation(features, mode), mode))
    }
    return try (logits[0] + logits[1]) / 2
  }
}

/// A linear layer over tokens with batch normalisation in place of a bias.
private struct NormalisedLinear {
  private let linear: Linear
  private let normalisation: BatchNorm2d

  init(_ path: Path, _ input: Int, _ output: Int, scale: Initialization = .ones) throws {
    linear = try Linear(
      path / "linear", input, output, bias: false, initialWeight: .transformer)
    normalisation = try BatchNorm2d(path / "bn", output, weight: scale)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let x = try linear(x)
    return try normalisation(x.flattened(from: 0, to: 1), mode).reshaped(x.shape)
  }
}

private struct LeViTPerceptron {
  private let first: NormalisedLinear
  private let second: NormalisedLinear

  init(_ path: Path, _ width: Int) throws {
    first = try NormalisedLinear(path / "ln1", width, 2 * width)
    second = try NormalisedLinear(path / "ln2", 2 * width, width, scale: .zeros)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try second(first(x, mode).hardswish(), mode)
  }
}

/// Attention with a bias for each distance between tokens; one that shrinks asks for every second
/// token of every second row.
private struct LeViTAttention {
  private let biases: Tensor
  /// Keys and values, behind the queries where the same tokens ask.
  private let mixed: NormalisedLinear
  private let queries: NormalisedLinear?
  private let output: NormalisedLinear
  private let places: Tensor
  private let chosen: Tensor
  private let heads: Int
  private let keyWidth: Int
  private let valueWidth: Int

  init(
    _ path: Path, _ input: Int, _ result: Int, heads: Int, keyWidth: Int, side: Int, shrinks: Bool
  ) throws {
    self.heads = heads
    self.keyWidth = keyWidth
    valueWidth = (shrinks ? 4 : 2) * keyWidth
    biases = try path.parameter("attention_biases", [heads, side * side], .zeros)
    let width = keyWidth + valueWidth + (shrinks ? 0 : keyWidth)
    mixed = try NormalisedLinear(path / (shrinks ? "kv" : "qkv"), input, heads * width)
    queries =
      try shrinks ? NormalisedLinear(path / "q" / "ln", input, heads * keyWidth) : nil
    output = try NormalisedLinear(
      path / "proj" / "ln", heads * valueWidth, result, scale: shrinks ? .ones : .zeros)
    let asking = (0..<side * side).filter {
      !shrinks || ($0 / side).isMultiple(of: 2) && ($0 % side).isMultiple(of: 2)
    }
    chosen = try Tensor(asking.map(Int64.init)).to(path.store.device)
    places = try Tensor.distances(from: asking, side: side).to(path.store.device)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let (batch, tokens) = (x.shape[0], x.shape[1])
    let all = try mixed(x, mode).reshaped([batch, tokens, heads, -1]).transposed(1, 2)
    let asked: Tensor
    let rest: [Tensor]
    if let queries {
      let few = try queries(x.selecting(chosen, along: 1), mode)
      asked = try few.reshaped([batch, -1, heads, keyWidth]).transposed(1, 2)
      rest = try all.split([keyWidth, valueWidth], along: 3)
    } else {
      let parts = try all.split([keyWidth, keyWidth, valueWidth], along: 3)
      asked = parts[0]
      rest = [parts[1], parts[2]]
    }
    let bias = try biases.selecting(places, along: 1).reshaped([1, heads, -1, tokens])
    let attended = try asked.attention(rest[0], rest[1], bias: bias)
      .transposed(1, 2).reshaped([batch, -1, heads * valueWidth])
    return try output(attended.hardswish(), mode)
  }
}

extension Tensor {
  /// For each asking token of a square of `side` and each token of it, how many rows and columns
  /// lie between them, as one number below side².
  static func distances(from asking: [Int], side: Int) throws -> Tensor {
    let places = asking.flatMap { query in
      (0..<side * side).map { key in
        Int64(
          Swift.abs(query / side - key / side) * side + Swift.abs(query % side - key % side))
      }
    }
    return try Tensor(places)
  }
}
