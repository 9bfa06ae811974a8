import Catalogue
import Torch

/// The networks of the catalogue, built.
public enum Zoo {
  /// Builds the architecture that `name` finds in the catalogue, or joins several with `+` between
  /// their names, and registers its tensors in `store`.
  ///
  /// First values are drawn from `generator`, a CPU one; without one they are zeros, for a network
  /// that a checkpoint fills. Throws for a name that the catalogue lacks, for channels or a size
  /// that the architecture does not take, and for less than one output.
  public static func make(
    _ name: String, _ plan: Blueprint, in store: ParameterStore, generator: Generator?
  ) throws -> any Network {
    guard let rows = Catalogue.parts(of: name), let row = rows.first else {
      throw TorchError("unknown arch `\(name)`")
    }
    let path = Path(store, generator)
    return try rows.count == 1 ? make(row, plan, at: path) : Combined(path, rows, plan)
  }

  /// The network that was exported from Python to `file`, whose logits must be `outputs`; its tensors
  /// are registered in `store` with the values that they have in the file.
  public static func load(
    program file: String, outputs: Int, in store: ParameterStore
  ) throws -> any Network {
    try ScriptNetwork(file, outputs: outputs, in: store)
  }

  static func make(
    _ row: Architecture, _ plan: Blueprint, at path: Path
  ) throws -> any Network {
    guard row.channels.contains(plan.channels) else {
      throw TorchError("arch `\(row.name)` does not take \(plan.channels) channels")
    }
    guard row.takes(size: plan.size) else {
      throw TorchError("arch `\(row.name)` takes pictures of \(row.sizes), not \(plan.size)")
    }
    guard plan.outputs > 0 else { throw TorchError("arch `\(row.name)` needs at least one output") }
    return try family(row.family).make(path, row.name, plan)
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
