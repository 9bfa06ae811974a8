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
  /// How far apart the sides are that it takes.
  public let sizeStep: Int
  /// The side of the square that it was made for, in pixels.
  public let defaultSize: Int
  /// The number of trained values with 1 input channel and 2 outputs.
  public let parameters: Int
  /// The multiply-adds of convolutions and products of matrices, those of attention among them, for
  /// one picture of the default size, with 1 input channel and 2 outputs.
  public let multiplyAdds: Int
  /// timm's names of weights for it, the one to take by default first.
  public let tags: [String]
  /// Other names that it has had; an older name of weights has its tag behind a dot.
  public let aliases: [String: String]

  /// Networks built by the same code.
  public enum Family: String, CaseIterable, Sendable {
    case plain, fractalnet, vgg, resnet, densenet, xception, efficientnet, regnet, convnext
    case mixer, vit, beit, swin, levit, mobilevit, efficientformer
  }

  init(
    _ name: String, _ family: Family, _ description: String, minimumSize: Int, sizeStep: Int = 1,
    defaultSize: Int = 224, parameters: Int, multiplyAdds: Int, tags: [String] = [],
    aliases: [String: String] = [:]
  ) {
    self.name = name
    self.family = family
    self.description = description
    channels = 1...3
    self.minimumSize = minimumSize
    self.sizeStep = sizeStep
    self.defaultSize = defaultSize
    self.parameters = parameters
    self.multiplyAdds = multiplyAdds
    self.tags = tags
    self.aliases = aliases
  }

  /// The timm name of the weights trained on ImageNet, nil when there are none.
  public var pretrained: String? { tags.first.map { "\(name).\($0)" } }

  /// Whether it takes square pictures of `size` pixels.
  public func takes(size: Int) -> Bool {
    size >= minimumSize && (size - minimumSize).isMultiple(of: sizeStep)
  }

  /// The sizes that it takes, in words.
  public var sizes: String {
    sizeStep == 1
      ? "at least \(minimumSize) pixels"
      : "\(minimumSize), \(minimumSize + sizeStep), \(minimumSize + 2 * sizeStep), … pixels"
  }
}
