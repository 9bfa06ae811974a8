import Torch

/// Densely connected networks (Huang et al. 2017, the form BC) with timm's keys and first values.
struct DenseNet: Family {
  struct Variant {
    /// The number of layers in each of the four blocks.
    let depths: [Int]
    /// The number of channels that a layer adds to those before it.
    let growth: Int
  }

  static let variants: [String: Variant] = [
    "densenet121": Variant(depths: [6, 12, 24, 16], growth: 32),
    "densenet169": Variant(depths: [6, 12, 32, 32], growth: 32),
    "densenet201": Variant(depths: [6, 12, 48, 32], growth: 32),
  ]

  private struct Stage {
    let layers: [DenseLayer]
    /// What halves channels, height and width; nil in the last stage.
    let transition: NormalisedConvolution?
  }

  private let stem: (convolution: Conv2d, normalisation: BatchNorm2d)
  private let stages: [Stage]
  private let normalisation: BatchNorm2d
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths = ["classifier"]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    let features = path / "features"
    var width = 2 * variant.growth
    stem = (
      try Conv2d(
        features / "conv0", plan.channels, width, kernel: 7, stride: 2, padding: 3, bias: false,
        weights: .normalFanIn),
      try BatchNorm2d(features / "norm0", width)
    )
    var stages: [Stage] = []
    for (index, depth) in variant.depths.enumerated() {
      var layers: [DenseLayer] = []
      for place in 1...depth {
        let path = features / "denseblock\(index + 1)" / "denselayer\(place)"
        layers.append(try DenseLayer(path, width, growth: variant.growth, dropout: plan.inside))
        width += variant.growth
      }
      var transition: NormalisedConvolution?
      if index < variant.depths.count - 1 {
        transition = try NormalisedConvolution(
          features / "transition\(index + 1)", suffix: "", width, width / 2, kernel: 1)
        width /= 2
      }
      stages.append(Stage(layers: layers, transition: transition))
    }
    self.stages = stages
    normalisation = try BatchNorm2d(features / "norm5", width)
    dropout = plan.head()
    output = try Linear(path / "classifier", width, plan.outputs, initialBias: .zeros)
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = try stem.normalisation(stem.convolution(x), mode).reluInPlace()
    x = try x.maxPool2d(3, stride: 2, padding: 1)
    for stage in stages {
      for layer in stage.layers { x = try layer(x, mode) }
      guard let transition = stage.transition else { continue }
      // The mean first: a convolution of one pixel commutes with it and then has a quarter to do.
      x = try transition.convolution(transition.activation(x, mode).avgPool2d(2))
    }
    return try normalisation(x, mode).reluInPlace().globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}

/// Two convolutions, the first of one pixel, whose result is put behind the channels they read.
struct DenseLayer {
  private let narrow: NormalisedConvolution
  private let wide: NormalisedConvolution
  private let dropout: Dropout

  init(_ path: Path, _ input: Int, growth: Int, dropout: Dropout) throws {
    self.dropout = dropout
    narrow = try NormalisedConvolution(path, suffix: "1", input, 4 * growth, kernel: 1)
    wide = try NormalisedConvolution(path, suffix: "2", 4 * growth, growth, kernel: 3)
  }

  func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    let middle = try narrow.convolution(narrow.activation(x, mode))
    let added = try dropout(wide.convolution(wide.activation(middle, mode)), mode)
    return try Tensor.cat([x, added], along: 1)
  }
}

/// A convolution that keeps the size, with the normalisation and the ReLU in front of it.
struct NormalisedConvolution {
  let normalisation: BatchNorm2d
  let convolution: Conv2d

  /// Registers `norm` and `conv`, each with `suffix`.
  init(_ path: Path, suffix: String, _ input: Int, _ output: Int, kernel: Int) throws {
    normalisation = try BatchNorm2d(path / ("norm" + suffix), input)
    convolution = try Conv2d(
      path / ("conv" + suffix), input, output, kernel: kernel, padding: kernel / 2, bias: false,
      weights: .normalFanIn)
  }

  /// What the convolution reads.
  func activation(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try normalisation(x, mode).reluInPlace()
  }
}
