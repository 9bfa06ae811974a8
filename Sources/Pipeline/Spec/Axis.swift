import Basics

/// An axis of a sweep: a key path and its values, or the arms and what each overrides.
struct Axis {
  /// The key path as written, dotted; `arm` for the arms.
  let name: String
  let path: [String]
  /// Where the key is written.
  let place: Place
  /// Never empty; no two that mean the same.
  let values: [AxisValue]
  /// Whether the key holds a list, so that a scalar is a list of one.
  private let isList: Bool

  var isSeed: Bool { path == ["seed"] }
  var isArms: Bool { path == [SweepSetting.arm] }

  /// The axis of an entry of `sweep`; `nil` where it is wrong, and why in `diagnostics`.
  init?(_ entry: SpecEntry, isList: Bool, diagnostics: DiagnosticList) {
    guard let path = SpecNode.path(of: entry, diagnostics) else { return nil }
    let isSeed = path == ["seed"]
    guard let nodes = Self.nodes(entry, isSeed: isSeed, diagnostics) else { return nil }
    guard !nodes.isEmpty else {
      diagnostics.add("the axis `\(entry.key)` has no values", at: entry.value.place)
      return nil
    }
    (name, place, self.path, self.isList) = (entry.key, entry.keyPlace, path, isList)
    values = nodes.map { AxisValue($0, of: entry, path: path, isList: isList) }
    var first: [String: AxisValue] = [:]
    var isRight = true
    for (value, node) in zip(values, nodes) {
      if let old = first.updateValue(value, forKey: value.meaning) {
        diagnostics.add(
          "\(node.shown) occurs twice on the axis `\(name)`", at: node.place,
          hint: old.text == value.text ? nil : "`\(old.text)` is the same")
        isRight = false
      }
    }
    guard isRight else { return nil }
  }

  /// The axis of `arms`: a map from names to what each lays over the spec.
  init?(arms entry: SpecEntry, diagnostics: DiagnosticList) {
    guard let arms = entry.value.entries, !arms.isEmpty else {
      diagnostics.add(
        "expected names with what each overrides for `arms`, found \(entry.value.shown)",
        at: entry.value.place, hint: "write `arms: {long: {train.epochs: 20}}`")
      return nil
    }
    (name, path, place) = (SweepSetting.arm, [SweepSetting.arm], entry.keyPlace)
    isList = false
    values = arms.map(AxisValue.init(arm:))
    var isRight = true
    for arm in arms {
      if !arm.key.unicodeScalars.allSatisfy({
        $0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)
      }) {
        diagnostics.add(
          "`\(ScalarText.shortened(arm.key))` cannot name an arm", at: arm.keyPlace,
          hint: "use letters, digits, `-` and `_`")
        isRight = false
      }
      guard arm.value.isNull || arm.value.entries != nil else {
        diagnostics.add(
          "expected a section with keys for the arm `\(arm.key)`, found \(arm.value.shown)",
          at: arm.value.place)
        isRight = false
        continue
      }
      for override in arm.value.entries ?? []
      where SpecNode.path(of: override, diagnostics) == nil { isRight = false }
    }
    guard isRight else { return nil }
  }

  /// The value of the axis that means what `node` does.
  func value(_ node: SpecNode) -> AxisValue? {
    if isArms { return values.first { $0.text == node.text } }
    let entry = SpecEntry(name, at: node.place, node)
    let meaning = AxisValue(node, of: entry, path: path, isList: isList).meaning
    return values.first { $0.meaning == meaning }
  }

  /// A seed: a whole number of at least 0.
  static func seed(_ node: SpecNode) -> Int? {
    guard case .scalar(let text, true) = node.content, let seed = ScalarText.int(text), seed >= 0
    else { return nil }
    return seed
  }

  private static func nodes(
    _ entry: SpecEntry, isSeed: Bool, _ diagnostics: DiagnosticList
  ) -> [SpecNode]? {
    let value = entry.value
    let items =
      value.entries == nil ? value.items : AxisRange.values(of: value, diagnostics: diagnostics)
    if items == nil, value.entries != nil { return nil }
    if isSeed { return seeds(value, items, diagnostics) }
    guard let items else {
      diagnostics.add(
        "expected a list of values for the axis `\(entry.key)`, found \(value.shown)",
        at: value.place, hint: value.text.map { "write `[\($0)]`" })
      return nil
    }
    return items
  }

  /// The seeds of a list, or the first so many.
  private static func seeds(
    _ value: SpecNode, _ items: [SpecNode]?, _ diagnostics: DiagnosticList
  ) -> [SpecNode]? {
    guard let items else {
      guard let count = seed(value), (1...Sweep.pointLimit).contains(count) else {
        diagnostics.add(
          "expected a list of seeds or their number, from 1 to 10000, for the axis `seed`, "
            + "found \(value.shown)", at: value.place)
        return nil
      }
      return (0..<count).map { SpecNode(.scalar(String($0), isPlain: true), at: value.place) }
    }
    var isRight = true
    for item in items where seed(item) == nil {
      diagnostics.add(
        "expected a whole number of at least 0 for `seed`, found \(item.shown)", at: item.place)
      isRight = false
    }
    return isRight ? items : nil
  }
}
