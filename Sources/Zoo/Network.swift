import Torch

/// A classifier of pictures, cut where its features end.
public protocol Network {
  /// The number of features.
  var featureWidth: Int { get }

  /// The paths of the last layers, those whose size follows the number of outputs.
  var outputPaths: [String] { get }

  /// Pictures `[batch, channels, height, width]` to pooled features `[batch, featureWidth]`.
  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor

  /// Features to logits `[batch, outputs]`.
  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor
}

extension Network {
  /// Whether the tensor called `name` belongs to the last layers.
  func isOutput(_ name: String) -> Bool { outputPaths.contains { name.hasPrefix($0 + ".") } }

  /// Pictures `[batch, channels, height, width]` to logits `[batch, outputs]`.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try head(features(x, mode), mode)
  }
}

/// Networks built by the same code from rows of numbers.
protocol Family: Network {
  /// What differs between the networks.
  associatedtype Variant

  /// The networks by name.
  static var variants: [String: Variant] { get }

  /// Builds one and registers its tensors below `path`.
  init(_ path: Path, _ variant: Variant, _ plan: Blueprint) throws
}

extension Family {
  /// The names of the networks, sorted.
  static var names: [String] { variants.keys.sorted() }

  /// The network named `name`; a row that the catalogue has and the family lacks throws.
  static func make(_ path: Path, _ name: String, _ plan: Blueprint) throws -> any Network {
    guard let row = variants[name] else { throw TorchError("arch `\(name)` has no variant") }
    return try Self(path, row, plan)
  }
}
