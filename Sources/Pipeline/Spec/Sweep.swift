import Basics

/// The `sweep` of a spec: axes that multiply, named arms, points that are left out or added.
public struct Sweep {
  /// How many points a sweep may have unless more are asked for.
  public static let pointLimit = 10_000
  /// How many it may have in any case.
  public static let hardLimit = 1_000_000

  /// What a sweep must know of the keys of a spec, and how large it may be.
  public struct Options: Sendable {
    /// Dotted paths of the keys that hold lists: a scalar on their axis is a list of one.
    public var listKeys: Set<String> = []
    /// Keys that all points have in common.
    public var fixedKeys: Set<String> = []
    /// How many points there may be before some are left out.
    public var limit = Sweep.pointLimit

    /// No lists, nothing in common.
    public init() {}
  }

  private let section: SweepSection
  private let root: SpecNode
  private let diagnostics: DiagnosticList

  /// The points of the sweep of `root`, axes in written order and the last the fastest, then those
  /// that are added; without a `sweep`, the one point that the spec is.
  ///
  /// - Returns: nothing where the sweep is wrong; why is in `diagnostics`.
  public static func points(
    of root: SpecNode, _ options: Options = Options(), diagnostics: DiagnosticList
  ) -> [SweepPoint] {
    let sweep = Sweep(
      section: SweepSection(of: root, options, diagnostics: diagnostics),
      root: root.removing("sweep"), diagnostics: diagnostics)
    guard sweep.section.isRight, let drafts = sweep.drafts(at: root["sweep"]?.place) else {
      return []
    }
    return sweep.expand(drafts)
  }

  /// The points as values of axes; `nil` where something is wrong.
  private func drafts(at place: Place?) -> [[AxisValue]]? {
    var drafts = section.groups.reduce([[]]) { (drafts: [[AxisValue]], group) in
      drafts.flatMap { draft in
        group[0].values.indices.map { index in draft + group.map { $0.values[index] } }
      }
    }
    var isRight = true
    for (place, values) in section.excluded {
      let count = drafts.count
      drafts.removeAll { draft in values.allSatisfy { Self.has($0, draft) } }
      if drafts.count == count {
        diagnostics.add("no point of the sweep is like this", at: place)
        isRight = false
      }
    }
    // Without axes the grid is the spec itself, which is no point beside those that are added.
    if section.groups.isEmpty && !section.included.isEmpty { drafts = [] }
    let seeds = section.axes.first(where: \.isSeed)?.values.map { [$0] } ?? [[]]
    for (place, values) in section.included {
      for seed in values.contains(where: { $0.axis == "seed" }) ? [[]] : seeds {
        let added = values + seed
        if drafts.contains(where: { $0.count == added.count && added.allSatisfy(Self.isIn($0)) }) {
          diagnostics.add("the sweep has this point already", at: place)
          isRight = false
        } else {
          drafts.append(added)
        }
      }
    }
    if drafts.isEmpty, isRight {
      diagnostics.add("`exclude` leaves no point of the sweep", at: place)
      isRight = false
    }
    return isRight ? drafts : nil
  }

  private static func has(_ value: AxisValue, _ draft: [AxisValue]) -> Bool {
    draft.contains { $0.axis == value.axis && $0.meaning == value.meaning }
  }

  private static func isIn(_ draft: [AxisValue]) -> (AxisValue) -> Bool { { has($0, draft) } }

  private func expand(_ drafts: [[AxisValue]]) -> [SweepPoint] {
    guard seed(of: root) != nil else { return [] }
    let names = Self.names(drafts)
    return drafts.compactMap { draft in
      let root = tree(of: draft)
      let settings = draft.filter { $0.axis != "seed" }.map { value in
        SweepSetting(
          path: value.axis, name: names[value.axis], value: value.text,
          keys: value.keys.map { $0.path.joined(separator: ".") })
      }
      return seed(of: root).map { SweepPoint(settings: settings, seed: $0, root: root) }
    }
  }

  private func tree(of draft: [AxisValue]) -> SpecNode {
    var root = self.root
    for value in draft {
      do {
        root = try value.applied(to: root)
      } catch {
        diagnostics.add(error)
      }
    }
    return root
  }

  /// A short name for each axis that a point uses.
  private static func names(_ drafts: [[AxisValue]]) -> [String: String] {
    var seen: Set<String> = []
    let paths = drafts.flatMap { $0.map(\.axis) }.filter {
      $0 != "seed" && seen.insert($0).inserted
    }
    return Dictionary(zip(paths, shortNames(paths))) { first, _ in first }
  }

  /// The `seed` at the top, 0 where it is absent; `nil` where it is wrong.
  private func seed(of root: SpecNode) -> Int? {
    guard let node = root["seed"], !node.isNull else { return 0 }
    guard let seed = Axis.seed(node) else {
      diagnostics.add(
        "expected a whole number of at least 0 for `seed`, found \(node.shown)", at: node.place)
      return nil
    }
    return seed
  }

  /// The shortest endings of dotted paths that tell them apart, and from `seed`.
  static func shortNames(_ paths: [String]) -> [String] {
    let all = (paths.contains("seed") ? paths : paths + ["seed"]).map(SpecNode.parts)
    return paths.map { path in
      let parts = SpecNode.parts(of: path)
      let count = (1...max(1, parts.count)).first { count in
        let ending = parts.suffix(count)
        return all.count { $0.suffix(count).elementsEqual(ending) } == 1
      }
      return parts.suffix(count ?? parts.count).joined(separator: ".")
    }
  }
}
