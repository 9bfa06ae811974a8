/// The networks that can be named in a spec.
public enum Catalogue {
  /// Every architecture, from small to large within a family.
  public static let all: [Architecture] = [
    Architecture(
      name: "simple", family: .plain,
      description: "three convolutions, for a first look and for debugging",
      channels: 1...3, minimumSize: 8, defaultSize: 224,
      parameters: 109_890, multiplyAdds: 476_889_344, pretrained: nil),
    Architecture(
      name: "medium", family: .plain,
      description: "four convolutions, between simple and resnet18",
      channels: 1...3, minimumSize: 16, defaultSize: 224,
      parameters: 421_954, multiplyAdds: 708_116_736, pretrained: nil),
    Architecture(
      name: "resnet18", family: .resnet,
      description: "residual network of 18 layers (He et al. 2016)",
      channels: 1...3, minimumSize: 32, defaultSize: 224,
      parameters: 11_171_266, multiplyAdds: 1_734_886_400, pretrained: "resnet18.tv_in1k"),
    Architecture(
      name: "densenet121", family: .densenet,
      description: "densely connected network of 121 layers (Huang et al. 2017)",
      channels: 1...3, minimumSize: 29, defaultSize: 224,
      parameters: 6_949_634, multiplyAdds: 2_754_463_744, pretrained: "densenet121.tv_in1k"),
  ]

  /// Every name, in the order of `all`; what suggestions are chosen from.
  public static var names: [String] { all.map(\.name) }

  /// The architecture of that name, nil when there is none.
  public static func find(_ name: String) -> Architecture? { all.first { $0.name == name } }
}
