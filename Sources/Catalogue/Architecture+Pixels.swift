/// How pixels from 0 to 1 became what a network sees: (x − mean) / deviation, channel by channel.
public struct PixelScale: Equatable, Sendable {
  /// Of red, green and blue.
  public let mean: [Double]
  /// Of red, green and blue.
  public let deviation: [Double]

  /// Mean and deviation of the pictures of ImageNet.
  public static let imageNet = PixelScale(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  /// From −1 to 1.
  public static let symmetric = PixelScale(
    mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5])
  /// From 0 to 1, as they are.
  public static let unscaled = PixelScale(mean: [0, 0, 0], deviation: [1, 1, 1])
}

extension Architecture {
  /// How the pixels were scaled that the weights called `tag` were trained on (timm's configurations).
  public func pixelScale(of tag: String) -> PixelScale {
    switch (family, tag) {
    case (.xception, _), (.beit, _), (.efficientnet, "ap_in1k"): .symmetric
    case (.efficientnet, let tag) where tag.hasPrefix("ra4_"): .symmetric
    case (.mixer, let tag) where tag.hasPrefix("goog_"): .symmetric
    case (.vit, let tag) where tag.hasPrefix("augreg") || tag.hasPrefix("orig_"): .symmetric
    case (.mixer, let tag) where tag.hasPrefix("miil_"): .unscaled
    case (.mobilevit, _): .unscaled
    default: .imageNet
    }
  }
}
