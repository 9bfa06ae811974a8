import Basics

/// A value of a spec and where it was written: a scalar, a list, or a map in written order.
///
/// Two nodes are equal when they mean the same: places do not count, and quotes count only where
/// they change the meaning (`"1"` is a text, `1` a number).
public struct SpecNode: Sendable {
  /// What a node holds.
  public enum Content: Sendable {
    /// A text; plain when it was written without quotes and so may be a number, a truth value or
    /// nothing.
    case scalar(String, isPlain: Bool)
    /// Values in order.
    case list([SpecNode])
    /// Keys and values in written order, each key once.
    case map([SpecEntry])
  }

  /// The value.
  public let content: Content
  /// Where the value is written.
  public let place: Place

  /// A node.
  public init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// A map's entries; `nil` for a scalar or a list.
  public var entries: [SpecEntry]? {
    if case .map(let entries) = content { entries } else { nil }
  }

  /// A list's items; `nil` for a scalar or a map.
  public var items: [SpecNode]? {
    if case .list(let items) = content { items } else { nil }
  }

  /// A scalar's text; `nil` for a list, a map and nothing (`null`).
  public var text: String? {
    if case .scalar(let text, _) = content, !isNull { text } else { nil }
  }

  /// Whether the value is `null`, `~` or nothing at all.
  public var isNull: Bool {
    if case .scalar(let text, true) = content { ScalarText.isNull(text) } else { false }
  }

  /// The value of `key` in a map.
  public subscript(key: String) -> SpecNode? {
    entries?.first { $0.key == key }?.value
  }

  /// The value at the end of `path`, through maps.
  public func node(at path: some Sequence<String>) -> SpecNode? {
    var node = self
    for key in path {
      guard let next = node[key] else { return nil }
      node = next
    }
    return node
  }

  /// What the value is, for "found …": its text in backticks, or `a list`, `a section`, `nothing`.
  public var shown: String {
    switch content {
    case .scalar where isNull: "nothing"
    case .scalar(let text, let isPlain):
      isPlain || !ScalarText.isTyped(text)
        ? "`\(ScalarText.shortened(text))`" : "`\"\(ScalarText.shortened(text))\"`"
    case .list: "a list"
    case .map: "a section"
    }
  }
}

/// A key of a map, where it is written, and its value.
public struct SpecEntry: Sendable {
  /// The key.
  public let key: String
  /// Where the key is written.
  public let keyPlace: Place
  /// The value.
  public let value: SpecNode

  /// An entry.
  public init(_ key: String, at keyPlace: Place, _ value: SpecNode) {
    self.key = key
    self.keyPlace = keyPlace
    self.value = value
  }
}

extension SpecNode: Equatable {
  /// Equality of meaning; the order of keys counts.
  public static func == (a: SpecNode, b: SpecNode) -> Bool {
    switch (a.content, b.content) {
    case (.scalar(let first, let firstPlain), .scalar(let second, let secondPlain)):
      if a.isNull || b.isNull { return a.isNull && b.isNull }
      return first == second && (firstPlain == secondPlain || !ScalarText.isTyped(first))
    case (.list(let first), .list(let second)): return first == second
    case (.map(let first), .map(let second)):
      return first.elementsEqual(second) { $0.key == $1.key && $0.value == $1.value }
    default: return false
    }
  }
}
