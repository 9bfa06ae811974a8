import Catalogue
import Torch

/// The networks of the catalogue, built.
public enum Zoo {
  /// Builds the architecture named `name` and registers its tensors in `store`.
  ///
  /// First values are drawn from `generator`, a CPU one. Throws for a name that the catalogue
  /// lacks, for a number of channels that the architecture does not take, and for less than one
  /// output.
  public static func make(
    _ name: String, channels: Int, outputs: Int, in store: ParameterStore, generator: Generator
  ) throws -> any Network {
    guard let architecture = Catalogue.find(name) else {
      throw TorchError("unknown arch `\(name)`")
    }
    guard architecture.channels.contains(channels) else {
      throw TorchError("arch `\(name)` does not take \(channels) channels")
    }
    guard outputs > 0 else { throw TorchError("arch `\(name)` needs at least one output") }
    let root = Path(store, generator)
    return switch architecture.family {
    case .plain: try Plain(root, name, channels: channels, outputs: outputs)
    case .densenet: try DenseNet(root, name, channels: channels, outputs: outputs)
    case .resnet: try ResNet(root, name, channels: channels, outputs: outputs)
    }
  }

  /// The variant of a family by name; a row that the catalogue has and the family lacks throws.
  static func row<Variant>(_ name: String, of variants: [String: Variant]) throws -> Variant {
    guard let row = variants[name] else { throw TorchError("arch `\(name)` has no variant") }
    return row
  }
}
