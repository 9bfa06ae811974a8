import Torch

/// Plain convolutions with ever more channels (Simonyan & Zisserman 2015), timm's keys: its wide
/// layers are convolutions, so that pictures of other sizes fit.
struct VGG: Family {
  struct Variant {
    /// The widths of the convolutions between two poolings.
    let stages: [[Int]]
    let normalised: Bool
    /// The width of the two layers before the last.
    let hidden: Int
  }

  private static let nineteen =
    [[64, 64], [128, 128]] + [256, 512, 512].map { [Int](repeating: $0, count: 4) }

  static let variants: [String: Variant] = [
    "vgg19": Variant(stages: nineteen, normalised: false, hidden: 4096),
    "vgg19_bn": Variant(stages: nineteen, normalised: true, hidden: 4096),
  ]

  /// The side of the picture that the wide layers read.
  private static let side = 7

  private let stages: [[(convolution: Conv2d, normalisation: BatchNorm2d?)]]
  /// The layers behind the convolutions; nil in a part of a larger network, which takes what the
  /// convolutions give, as the networks of torchvision do without their classifier.
  private let wide: (Conv2d, Conv2d)?
  private let inside: Dropout
  private let dropout: Dropout
  private let output: Linear

  let featureWidth: Int
  let outputPaths: [String]

  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws {
    var width = plan.channels
    var place = 0
    stages = try variant.stages.map { widths in
      defer { place += 1 }
      return try widths.map { next in
        let convolution = try Conv2d(
          path / "features" / place, width, next, kernel: 3, padding: 1, weights: .normalFanOut,
          initialBias: .zeros)
        let normalisation =
          variant.normalised ? try BatchNorm2d(path / "features" / (place + 1), next) : nil
        place += variant.normalised ? 3 : 2
        width = next
        return (convolution, normalisation)
      }
    }
    inside = plan.inside
    dropout = plan.head()
    if plan.isPart {
      wide = nil
      featureWidth = width * Self.side * Self.side
      outputPaths = ["pre_logits", "head.fc"]
      output = try Linear(path / "head" / "fc", featureWidth, plan.outputs)
      return
    }
    let hidden = variant.hidden
    outputPaths = ["head.fc"]
    wide = (
      try Conv2d(
        path / "pre_logits" / "fc1", width, hidden, kernel: Self.side, weights: .normalFanOut,
        initialBias: .zeros),
      try Conv2d(
        path / "pre_logits" / "fc2", hidden, hidden, kernel: 1, weights: .normalFanOut,
        initialBias: .zeros)
    )
    output = try Linear(
      path / "head" / "fc", hidden, plan.outputs, initialWeight: .normal(deviation: 0.01),
      initialBias: .zeros)
    featureWidth = hidden
  }

  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    var x = x
    for stage in stages {
      for layer in stage {
        x = try layer.convolution(x)
        x = try layer.normalisation.map { try $0(x, mode).reluInPlace() } ?? x.relu()
      }
      x = try x.maxPool2d(2)
    }
    let size = x.shape
    if size.count == 4, min(size[2], size[3]) < Self.side {
      x = try x.adaptiveAvgPool2d(Pair(max(size[2], Self.side), max(size[3], Self.side)))
    }
    guard let wide else { return try x.adaptiveAvgPool2d(Pair(Self.side)).flattened(from: 1) }
    x = try inside(wide.0(x).relu(), mode)
    return try wide.1(x).relu().globalAveragePool()
  }

  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor {
    try output(dropout(features, mode))
  }
}
