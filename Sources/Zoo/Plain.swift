import Torch

/// Stacks of convolution, normalisation, ReLU and pooling, with a small perceptron on the mean of
/// the picture.
///
/// These are SimpleCNN and MediumCNN of the "balance" system, with the keys of its PyTorch modules.
struct Plain: Network {
  struct Variant {
    let widths: [Int]
    let dropout: Double
  }

  static let variants: [String: Variant] = [
    "simple": Variant(widths: [32, 64, 128], dropout: 0.5),
    "medium": Variant(widths: [32, 64, 128, 256], dropout: 0.4),
  ]

  private static let hiddenWidth = 128
  // Places in PyTorch's `Sequential`, which counts the layers without weights too.
  private static let layersPerBlock = 4
  private static let hiddenPlace = 2
  private static let outputPlace = 5

  private let blocks: [(convolution: Conv2d, normalisation: BatchNorm2d)]
  private let hidden: Linear
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPath = "classifier.\(outputPlace)"

  init(_ path: Path, _ name: String, channels: Int, outputs: Int) throws {
    let variant = try Zoo.row(name, of: Self.variants)
    var width = channels
    var blocks: [(Conv2d, BatchNorm2d)] = []
    for (index, next) in variant.widths.enumerated() {
      let place = index * Self.layersPerBlock
      let convolution = try Conv2d(path / "features" / place, width, next, kernel: 3, padding: 1)
      blocks.append((convolution, try BatchNorm2d(path / "features" / (place + 1), next)))
      width = next
    }
    self.blocks = blocks
    let classifier = path / "classifier"
    hidden = try Linear(classifier / Self.hiddenPlace, width, Self.hiddenWidth)
    dropout = Dropout(variant.dropout)
    output = try Linear(classifier / Self.outputPlace, Self.hiddenWidth, outputs)
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
    try output(dropout(hidden(features).relu(), mode))
  }
}
