import Torch

/// Stacks of convolution, normalisation, ReLU and pooling, with a small head on the mean of the
/// picture.
///
/// `simple` and `medium` are SimpleCNN and MediumCNN of the "balance" system, with the keys of its
/// PyTorch modules; `small` is the net of four convolutions of the CheXpert U-policies.
struct Plain: Family {
  struct Variant {
    let widths: [Int]
    /// The width of the layer between features and output; nil where there is none.
    let hidden: Int?
    let dropout: Double
  }

  static let variants: [String: Variant] = [
    "simple": Variant(widths: [32, 64, 128], hidden: 128, dropout: 0.5),
    "small": Variant(widths: [32, 64, 128, 128], hidden: nil, dropout: 0.15),
    "medium": Variant(widths: [32, 64, 128, 256], hidden: 128, dropout: 0.4),
  ]

  // Places in PyTorch's `Sequential`, which counts the layers without weights too.
  private static let layersPerBlock = 4
  private static let hiddenPlace = 2

  private let blocks: [(convolution: Conv2d, normalisation: BatchNorm2d)]
  private let hidden: Linear?
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths: [String]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = plan.channels
    var blocks: [(Conv2d, BatchNorm2d)] = []
    for (index, next) in variant.widths.enumerated() {
      let place = index * Self.layersPerBlock
      let convolution = try Conv2d(path / "features" / place, width, next, kernel: 3, padding: 1)
      blocks.append((convolution, try BatchNorm2d(path / "features" / (place + 1), next)))
      width = next
    }
    self.blocks = blocks
    let classifier = path / "classifier"
    hidden = try variant.hidden.map { try Linear(classifier / Self.hiddenPlace, width, $0) }
    dropout = plan.head(variant.dropout)
    let outputPlace = variant.hidden == nil ? Self.hiddenPlace + 1 : Self.hiddenPlace + 3
    output = try Linear(classifier / outputPlace, variant.hidden ?? width, plan.outputs)
    outputPaths = ["classifier.\(outputPlace)"]
    featureWidth = width
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for block in blocks {
      x = try block.normalisation(block.convolution(x), mode).reluInPlace().maxPool2d(2)
    }
    return try x.globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(hidden.map { try $0(features).relu() } ?? features, mode))
  }
}
