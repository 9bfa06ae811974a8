import Basics

/// An axis of a sweep: a key path and its values.
struct Axis {
  /// The key path as written, dotted.
  let name: String
  let path: [String]
  /// Where the key is written.
  let place: Place
  /// Never empty; no two with the same text.
  let values: [SpecNode]
  /// Whether the key holds a list, so that a scalar is a list of one.
  let isList: Bool

  var isSeed: Bool { path == ["seed"] }

  /// The axis of an entry of `sweep`; `nil` where it is wrong, and why in `diagnostics`.
  init?(_ entry: SpecEntry, isList: Bool, diagnostics: DiagnosticList) {
    name = entry.key
    place = entry.keyPlace
    path = entry.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    self.isList = isList
    guard !path.contains("") else {
      diagnostics.add("a key is empty in `\(ScalarText.shortened(name))`", at: place)
      return nil
    }
    if path == ["seed"] {
      guard let seeds = Self.seeds(entry.value, diagnostics) else { return nil }
      values = seeds
    } else {
      guard let items = entry.value.items else {
        diagnostics.add(
          "expected a list of values for the axis `\(name)`, found \(entry.value.shown)",
          at: entry.value.place, hint: entry.value.text.map { "write `[\($0)]`" })
        return nil
      }
      values = items
    }
    guard !values.isEmpty else {
      diagnostics.add("the axis `\(name)` has no values", at: entry.value.place)
      return nil
    }
    guard isWithoutRepeats(diagnostics) else { return nil }
  }

  /// A seed: a whole number of at least 0.
  static func seed(_ node: SpecNode) -> Int? {
    guard case .scalar(let text, true) = node.content, let seed = ScalarText.int(text), seed >= 0
    else { return nil }
    return seed
  }

  /// The seeds of a list, or the first so many.
  private static func seeds(_ value: SpecNode, _ diagnostics: DiagnosticList) -> [SpecNode]? {
    guard let items = value.items else {
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

  private func isWithoutRepeats(_ diagnostics: DiagnosticList) -> Bool {
    var seen: Set<String> = []
    var isRight = true
    for value in values where !seen.insert(value.flow).inserted {
      diagnostics.add("\(value.shown) occurs twice on the axis `\(name)`", at: value.place)
      isRight = false
    }
    return isRight
  }
}
