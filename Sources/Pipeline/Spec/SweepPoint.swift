import Basics

/// One point of a sweep: an arm with a seed, and the tree it means.
public struct SweepPoint: Sendable {
  /// The settings of the axes but the seed, in written order.
  public let settings: [SweepSetting]
  /// The seed.
  public let seed: Int
  /// The tree of the spec with the settings and the seed in it, and no `sweep`.
  public let root: SpecNode

  /// A point.
  public init(settings: [SweepSetting], seed: Int, root: SpecNode) {
    self.settings = settings
    self.seed = seed
    self.root = root
  }

  /// The point without its seed: `arch=simple, uncertain=u-ones`; `base` without settings.
  public var arm: String {
    settings.isEmpty ? "base" : settings.map(\.word).joined(separator: ", ")
  }
}

/// What a sweep sets on one of its axes.
public struct SweepSetting: Hashable, Sendable {
  /// The dotted path of the key; `arm` on the axis of named arms.
  public let path: String
  /// The shortest ending of the path that no other axis of the sweep has.
  public let name: String
  /// The value in one line of YAML; the name of the arm.
  public let value: String
  /// The dotted paths of what it sets: the path itself, or all that an arm overrides.
  public let keys: [String]

  /// A setting; of the key `path` alone unless `keys` says otherwise.
  public init(path: String, name: String? = nil, value: String, keys: [String]? = nil) {
    self.path = path
    self.name = name ?? path
    self.value = value
    self.keys = keys ?? [path]
  }

  /// The path of the axis of named arms.
  public static let arm = "arm"

  /// `arch=simple`, or the name of an arm.
  public var word: String { path == Self.arm ? value : "\(name)=\(value)" }
}
