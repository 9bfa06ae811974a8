/// A row of the zoo: what a spec, a listing or a plan wants to know of a network without building
/// it.
public struct Architecture: Equatable, Sendable {
  /// The name in specs, timm's where timm has the network.
  public let name: String
  /// The networks built by the same code.
  public let family: Family
  /// One sentence.
  public let description: String
  /// The numbers of input channels that it can be built for.
  public let channels: ClosedRange<Int>
  /// The side of the smallest square that it takes, in pixels.
  public let minimumSize: Int
  /// The side of the square that it was made for, in pixels.
  public let defaultSize: Int
  /// The number of trained values with 1 input channel and 2 outputs.
  public let parameters: Int
  /// The multiply-adds of convolutions and linear layers for one picture of the default size, with
  /// 1 input channel and 2 outputs, as the reference implementation makes them.
  public let multiplyAdds: Int
  /// The timm name of the weights trained on ImageNet, nil when there are none.
  public let pretrained: String?

  /// Networks built by the same code.
  public enum Family: String, Sendable {
    case plain
    case resnet
    case densenet

    /// The kernels of the first convolution in a checkpoint, `[width, channels, …]`.
    public var firstTensor: String {
      switch self {
      case .plain: "features.0.weight"
      case .resnet: "conv1.weight"
      case .densenet: "features.conv0.weight"
      }
    }

    /// The weights of the last layer in a checkpoint, `[outputs, width]`.
    public var lastTensor: String {
      switch self {
      case .plain: "classifier.5.weight"
      case .resnet: "fc.weight"
      case .densenet: "classifier.weight"
      }
    }
  }
}
