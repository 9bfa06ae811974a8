import Catalogue
import Torch

/// The networks of the catalogue, built.
public enum Zoo {
  /// Builds the architecture that `name` finds in the catalogue and registers its tensors in
  /// `store`.
  ///
  /// First values are drawn from `generator`, a CPU one; without one they are zeros, for a network
  /// that a checkpoint fills. Throws for a name that the catalogue lacks, for channels or a size
  /// that the architecture does not take, and for less than one output.
  public static func make(
    _ name: String, _ plan: Blueprint, in store: ParameterStore, generator: Generator?
  ) throws -> any Network {
    guard let row = Catalogue.find(name) else { throw TorchError("unknown arch `\(name)`") }
    guard row.channels.contains(plan.channels) else {
      throw TorchError("arch `\(row.name)` does not take \(plan.channels) channels")
    }
    guard row.takes(size: plan.size) else {
      throw TorchError("arch `\(row.name)` takes pictures of \(row.sizes), not \(plan.size)")
    }
    guard plan.outputs > 0 else { throw TorchError("arch `\(row.name)` needs at least one output") }
    return try family(row.family).make(Path(store, generator), row.name, plan)
  }

  /// The code that builds a family.
  static func family(_ family: Architecture.Family) -> any Family.Type {
    switch family {
    case .plain: Plain.self
    case .fractalnet: FractalNet.self
    case .vgg: VGG.self
    case .resnet: ResNet.self
    case .densenet: DenseNet.self
    case .xception: Xception.self
    case .efficientnet: EfficientNet.self
    case .regnet: RegNet.self
    case .convnext: ConvNeXt.self
    case .mixer: Mixer.self
    case .vit: VisionTransformer.self
    case .beit: BEiT.self
    case .swin: Swin.self
    case .levit: LeViT.self
    case .mobilevit: MobileViT.self
    case .efficientformer: EfficientFormer.self
    }
  }
}
