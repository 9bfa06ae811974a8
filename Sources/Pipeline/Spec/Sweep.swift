import Basics

/// One point of a sweep: an arm with a seed, and the tree it means.
public struct SweepPoint: Sendable {
  /// The settings of the axes but the seed, in written order.
  public let settings: [SweepSetting]
  /// The seed.
  public let seed: Int
  /// The point without its seed: `arch=simple, uncertain=u-ones`; `base` without axes.
  public let arm: String
  /// The tree of the spec with the settings and the seed in it, and no `sweep`.
  public let root: SpecNode

  /// A point.
  public init(settings: [SweepSetting], seed: Int, arm: String, root: SpecNode) {
    self.settings = settings
    self.seed = seed
    self.arm = arm
    self.root = root
  }
}

/// What a sweep sets a key to.
public struct SweepSetting: Hashable, Sendable {
  /// The dotted path of the key.
  public let path: String
  /// The value in one line of YAML.
  public let text: String

  /// A setting.
  public init(path: String, text: String) {
    self.path = path
    self.text = text
  }
}

/// The `sweep` of a spec: axes that multiply.
public struct Sweep {
  /// How many points a sweep may have.
  public static let pointLimit = 10_000

  private let root: SpecNode
  private let diagnostics: DiagnosticList
  private var axes: [Axis] = []

  /// The points of the sweep of `root`, axes in written order and the last the fastest; without a
  /// `sweep`, the one point that the spec is.
  ///
  /// - Parameters:
  ///   - listKeys: dotted paths of the keys that hold lists: a scalar on their axis is a list of
  ///     one.
  /// - Returns: nothing where the sweep is wrong; why is in `diagnostics`.
  public static func points(
    of root: SpecNode, listKeys: Set<String> = [], diagnostics: DiagnosticList
  ) -> [SweepPoint] {
    var sweep = Sweep(root: root.removing("sweep"), diagnostics: diagnostics)
    guard sweep.readAxes(of: root, listKeys: listKeys) else { return [] }
    return sweep.expand()
  }

  private init(root: SpecNode, diagnostics: DiagnosticList) {
    self.root = root
    self.diagnostics = diagnostics
  }

  /// Whether all axes are right.
  private mutating func readAxes(of root: SpecNode, listKeys: Set<String>) -> Bool {
    guard let section = root["sweep"], !section.isNull else { return true }
    guard let entries = section.entries else {
      diagnostics.add(
        "expected a section with keys for `sweep`, found \(section.shown)", at: section.place)
      return false
    }
    var isRight = true
    for entry in entries where !entry.value.isNull {
      guard
        let axis = Axis(entry, isList: listKeys.contains(entry.key), diagnostics: diagnostics),
        isFree(axis)
      else {
        isRight = false
        continue
      }
      axes.append(axis)
    }
    return isRight && isSmall(at: section.place)
  }

  /// Whether the axis can be set, hides none before it and is hidden by no option.
  private func isFree(_ axis: Axis) -> Bool {
    if let old = root.node(at: axis.path), old.place.file == SpecOverride.file {
      diagnostics.add(
        "`\(axis.name)` is an axis of the sweep, and so this has no effect", at: old.place,
        hint: "set `sweep.\(axis.name)`")
      return false
    }
    if let hidden = axes.first(where: { $0.path.starts(with: axis.path) }) {
      diagnostics.add(
        "the axis `\(axis.name)` replaces what the axis `\(hidden.name)` sets", at: axis.place,
        hint: "put `\(axis.name)` first")
      return false
    }
    do {
      _ = try root.setting(axis.path, to: axis.values[0], keyPlace: axis.place)
      return true
    } catch {
      diagnostics.add(error)
      return false
    }
  }

  private func isSmall(at place: Place) -> Bool {
    var count = 1
    for axis in axes {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow, product <= Self.pointLimit else {
        diagnostics.add("the sweep has more than 10,000 points", at: place)
        return false
      }
      count = product
    }
    return true
  }

  private func expand() -> [SweepPoint] {
    guard let seed = axes.contains(where: \.isSeed) ? 0 : topSeed else { return [] }
    let names = zip(axes, Self.shortNames(axes.map(\.path))).filter { !$0.0.isSeed }.map(\.1)
    let base = SweepPoint(settings: [], seed: seed, arm: "", root: root)
    let points = axes.reduce([base]) { points, axis in
      points.flatMap { point in axis.values.map { setting(axis, to: $0, in: point) } }
    }
    return points.map { point in
      let arm = zip(names, point.settings).map { "\($0)=\($1.text)" }.joined(separator: ", ")
      return SweepPoint(
        settings: point.settings, seed: point.seed, arm: arm.isEmpty ? "base" : arm,
        root: point.root)
    }
  }

  private func setting(_ axis: Axis, to value: SpecNode, in point: SweepPoint) -> SweepPoint {
    let written = axis.isList && value.items == nil
    let value = written ? SpecNode(.list([value]), at: value.place) : value
    var root = point.root
    do {
      root = try root.setting(axis.path, to: value, keyPlace: axis.place)
    } catch {
      diagnostics.add(error)
    }
    if axis.isSeed {
      let seed = value.text.flatMap(ScalarText.int) ?? 0
      return SweepPoint(settings: point.settings, seed: seed, arm: "", root: root)
    }
    let text = written ? value.items?.first?.flow ?? "" : value.flow
    return SweepPoint(
      settings: point.settings + [SweepSetting(path: axis.name, text: text)], seed: point.seed,
      arm: "", root: root)
  }

  /// The `seed` at the top, 0 where it is absent; `nil` where it is wrong.
  private var topSeed: Int? {
    guard let node = root["seed"], !node.isNull else { return 0 }
    guard let seed = Axis.seed(node) else {
      diagnostics.add(
        "expected a whole number of at least 0 for `seed`, found \(node.shown)", at: node.place)
      return nil
    }
    return seed
  }

  /// The shortest endings of `paths` that tell them apart.
  static func shortNames(_ paths: [[String]]) -> [String] {
    paths.map { path in
      let count = (1...max(1, path.count)).first { count in
        let ending = path.suffix(count)
        return paths.count { $0.suffix(count).elementsEqual(ending) } == 1
      }
      return path.suffix(count ?? path.count).joined(separator: ".")
    }
  }
}
