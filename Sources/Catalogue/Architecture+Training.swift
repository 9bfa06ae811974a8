/// What a training can ask of a network beside its weights.
extension Architecture {
  /// Whether it has residual branches that a training can leave out.
  public var hasStochasticDepth: Bool {
    switch family {
    case .resnet, .efficientnet, .regnet, .convnext, .mixer, .vit, .beit, .swin, .levit,
      .efficientformer:
      true
    case .plain, .fractalnet, .vgg, .densenet, .xception, .mobilevit: false
    }
  }

  /// Whether it has places inside of it that a training can drop values at, as timm's.
  ///
  /// - Parameter joined: as a part of a larger network, where a VGG has no hidden layers.
  public func hasDropout(joined: Bool = false) -> Bool {
    switch family {
    case .densenet, .mixer, .vit, .beit, .swin, .mobilevit, .efficientformer: true
    case .vgg: !joined
    case .plain, .fractalnet, .resnet, .xception, .efficientnet, .regnet, .convnext, .levit: false
    }
  }

  /// The side of the pictures that the weights called `tag` were trained on (timm's configurations),
  /// `defaultSize` without one.
  public func size(of tag: String?) -> Int {
    switch (name, tag) {
    case (_, let tag?) where tag.hasSuffix("_384"): 384
    case ("resnet50", "tv2_in1k"), ("resnet101", "tv2_in1k"): 176
    case ("efficientnet_b5", "sw_in12k"): 416
    default: defaultSize
    }
  }
}
