import Basics

/// A value of an axis, as a point of the sweep takes it.
struct AxisValue {
  /// The key path of its axis, dotted; `arm` for an arm.
  let axis: String
  /// The value in one line of YAML; the name of an arm.
  let text: String
  /// The same for all ways to write the value.
  let meaning: String
  private let path: [String]
  private let keyPlace: Place
  private let node: SpecNode
  /// What an arm lays over the spec; `nil` for the value of a key.
  let overrides: [SpecEntry]?

  /// The value `node` of the key that `entry` names.
  init(_ node: SpecNode, of entry: SpecEntry, path: [String], isList: Bool) {
    let isWrapped = isList && node.items == nil
    self.node = isWrapped ? SpecNode(.list([node]), at: node.place) : node
    (axis, self.path, keyPlace) = (entry.key, path, entry.keyPlace)
    text = node.flow
    meaning = self.node.meaning
    overrides = nil
  }

  /// An arm: its name, and what it overrides.
  init(arm: SpecEntry) {
    node = SpecNode(.scalar(arm.key, isPlain: false), at: arm.keyPlace)
    (axis, path, keyPlace) = (SweepSetting.arm, [SweepSetting.arm], arm.keyPlace)
    text = arm.key
    meaning = arm.key
    overrides = arm.value.entries ?? []
  }

  var seed: Int? { axis == "seed" ? Axis.seed(node) : nil }

  /// The paths of what it sets, and where each is written.
  var keys: [(path: [String], place: Place)] {
    guard let overrides else { return [(path, keyPlace)] }
    return overrides.flatMap { entry in
      entry.value.leaves(below: SpecNode.parts(of: entry.key)).map { ($0, entry.keyPlace) }
    }
  }

  /// The tree with the value in it. An arm's sections are laid over those that are there; the value
  /// of a key replaces what is there.
  func applied(to root: SpecNode) throws(Diagnostic) -> SpecNode {
    guard let overrides else { return try root.setting(path, to: node, keyPlace: keyPlace) }
    var root = root
    for entry in overrides {
      let path = SpecNode.parts(of: entry.key)
      let value = root.node(at: path)?.overlaid(by: entry.value) ?? entry.value
      root = try root.setting(path, to: value, keyPlace: entry.keyPlace)
    }
    return root
  }
}

extension SpecNode {
  /// The value in one line, the same for all ways to write it: `1e-3` and `0.001`, quotes, the order
  /// of keys.
  var meaning: String {
    switch content {
    case .scalar(let text, true):
      if let bool = ScalarText.bool(text) { return "\(bool)" }
      if let int = ScalarText.int(text) { return "\(int)" }
      guard let double = ScalarText.double(text) else { return flow }
      return double == double.rounded() && abs(double) < 1e15 ? "\(Int(double))" : "\(double)"
    case .scalar: return flow
    case .list(let items): return "[\(items.map(\.meaning).joined(separator: ", "))]"
    case .map(let entries):
      let sorted = entries.filter { !$0.value.isNull }.sorted { $0.key < $1.key }
      return
        "{\(sorted.map { "\(YAMLScalar.key($0.key)): \($0.value.meaning)" }.joined(separator: ", "))}"
    }
  }

  /// The keys of a dotted path.
  static func parts(of dotted: String) -> [String] {
    dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  /// The key path of an entry whose key is one; `nil`, and why in `diagnostics`, where a part of it
  /// is empty.
  static func path(of entry: SpecEntry, _ diagnostics: DiagnosticList) -> [String]? {
    let path = parts(of: entry.key)
    guard path.contains("") else { return path }
    diagnostics.add("a key is empty in `\(ScalarText.shortened(entry.key))`", at: entry.keyPlace)
    return nil
  }

  /// The paths of everything below that is not a map, or the path of the node itself.
  fileprivate func leaves(below path: [String]) -> [[String]] {
    guard let entries, !entries.isEmpty else { return [path] }
    return entries.flatMap { $0.value.leaves(below: path + [$0.key]) }
  }
}
