extension Architecture {
  /// The kernels of the first convolution in a checkpoint, `[width, channels, …]`.
  public var firstTensor: String {
    switch family {
    case .plain, .vgg: "features.0.weight"
    case .fractalnet: "blocks.0.columns.0.0.conv.weight"
    case .resnet, .xception: "conv1.weight"
    case .densenet: "features.conv0.weight"
    case .efficientnet: "conv_stem.weight"
    case .regnet, .mobilevit: "stem.conv.weight"
    case .convnext: "stem.0.weight"
    case .mixer: "stem.proj.weight"
    case .vit, .beit, .swin: "patch_embed.proj.weight"
    case .levit: "stem.conv1.linear.weight"
    case .efficientformer: "stem.conv1.weight"
    }
  }

  /// The weights of the last layers in a checkpoint, each `[outputs, width]`.
  public var lastTensors: [String] {
    switch family {
    case .plain: [name == "small" ? "classifier.3.weight" : "classifier.5.weight"]
    case .fractalnet, .resnet, .xception: ["fc.weight"]
    case .densenet, .efficientnet: ["classifier.weight"]
    case .vgg, .regnet, .convnext, .swin, .mobilevit: ["head.fc.weight"]
    case .mixer, .vit, .beit: ["head.weight"]
    case .levit: ["head.linear.weight", "head_dist.linear.weight"]
    case .efficientformer: ["head.weight", "head_dist.weight"]
    }
  }
}
