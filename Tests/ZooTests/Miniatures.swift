import Torch
import TorchTestSupport

@testable import Zoo

/// Small networks of the families whose real ones are too large for each run of the tests; the same
/// as `miniatures` of `scripts/reference/zoo.py`.
enum Miniatures {
  private typealias Make = (Path, Blueprint) throws -> any Network

  private static func row<F: Family>(_ family: F.Type, _ variant: F.Variant) -> Make {
    { try F($0, variant, $1) }
  }

  private static var all: [(name: String, make: Make)] {
    [
      ("mini resnet", row(ResNet.self, .init(depths: [1, 1, 1, 1], bottleneck: true))),
      (
        "mini vgg",
        row(
          VGG.self,
          .init(stages: [[8], [16], [16, 16], [32], [32]], normalised: true, hidden: 4096))
      ),
      (
        "mini convnext", row(ConvNeXt.self, .init(depths: [1, 1, 2, 1], widths: [16, 24, 32, 48]))
      ),
      ("mini mixer", row(Mixer.self, .init(depth: 2, width: 48, residual: false))),
      ("mini resmlp", row(Mixer.self, .init(depth: 2, width: 48, residual: true))),
      ("mini vit", row(VisionTransformer.self, .init(depth: 2, width: 48, heads: 4))),
      (
        "mini deit3",
        row(
          VisionTransformer.self,
          .init(depth: 2, width: 48, heads: 4, layerScale: 1e-6, classPosition: false))
      ),
      ("mini beit", row(BEiT.self, .init(depth: 2, width: 48, heads: 4, layerScale: 0.1))),
      ("mini swin", row(Swin.self, .init(depths: [2, 2], heads: [2, 4], width: 16))),
      (
        "mini levit",
        row(
          LeViT.self,
          .init(widths: [32, 48, 64], heads: [2, 3, 4], depths: [1, 1, 1], keyWidth: 8))
      ),
      (
        "mini efficientformer",
        row(
          EfficientFormer.self,
          .init(widths: [8, 16, 24, 32], depths: [1, 1, 1, 2], attentive: 1))
      ),
      ("mini fractalnet", row(FractalNet.self, .init(widths: [8, 16, 24], columns: 3))),
    ]
  }

  static var names: [String] { all.map(\.name) }

  /// The miniature of that name, nil when there is none.
  static func make(_ name: String, _ path: Path, _ plan: Blueprint) throws -> (any Network)? {
    try all.first { $0.name == name }?.make(path, plan)
  }
}
