import Torch

/// A classifier of pictures, cut where its features end.
public protocol Network {
  /// The number of features.
  var featureWidth: Int { get }

  /// The path of the last layer, the one whose size follows the number of outputs.
  var outputPath: String { get }

  /// Pictures `[batch, channels, height, width]` to pooled features `[batch, featureWidth]`.
  func features(_ x: Tensor, _ mode: Mode) throws -> Tensor

  /// Features to logits `[batch, outputs]`.
  func head(_ features: Tensor, _ mode: Mode) throws -> Tensor
}

extension Network {
  /// Pictures `[batch, channels, height, width]` to logits `[batch, outputs]`.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws -> Tensor {
    try head(features(x, mode), mode)
  }
}
