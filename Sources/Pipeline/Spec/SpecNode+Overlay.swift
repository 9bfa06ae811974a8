import Basics

extension SpecNode {
  /// The tree with `value` at the end of `path`; maps are made on the way, and what is there is
  /// replaced.
  ///
  /// - Parameters:
  ///   - path: keys from the top; an empty path gives `value`.
  ///   - keyPlace: where the keys were written that are new in the tree; that of `value` by default.
  /// - Throws: where the path leads through a scalar or a list.
  public func setting(
    _ path: [String], to value: SpecNode, keyPlace: Place? = nil
  ) throws(Diagnostic) -> SpecNode {
    try setting(path[...], of: path, to: value, keyPlace: keyPlace ?? value.place)
  }

  private func setting(
    _ rest: ArraySlice<String>, of path: [String], to value: SpecNode, keyPlace: Place
  ) throws(Diagnostic) -> SpecNode {
    guard let key = rest.first else { return value }
    guard let entries = isNull ? [] : entries else {
      let through = path.prefix(path.count - rest.count).joined(separator: ".")
      throw Diagnostic(
        "cannot set `\(path.joined(separator: "."))`: `\(through)` is \(shown), not a section",
        at: keyPlace, hint: "`\(through)` is set in line \(place.line) of \(place.file)")
    }
    let isLast = rest.count == 1
    var result = entries
    if let index = entries.firstIndex(where: { $0.key == key }) {
      let old = entries[index]
      let new = try old.value.setting(rest.dropFirst(), of: path, to: value, keyPlace: keyPlace)
      result[index] = SpecEntry(key, at: isLast ? keyPlace : old.keyPlace, new)
    } else {
      let empty = SpecNode(.map([]), at: keyPlace)
      let new = try empty.setting(rest.dropFirst(), of: path, to: value, keyPlace: keyPlace)
      result.append(SpecEntry(key, at: keyPlace, new))
    }
    return SpecNode(.map(result), at: isNull ? keyPlace : place)
  }

  /// The tree without the key `key` at its top.
  public func removing(_ key: String) -> SpecNode {
    guard let entries else { return self }
    return SpecNode(.map(entries.filter { $0.key != key }), at: place)
  }

  /// This tree with `top` laid over it: maps are joined key by key, all else is replaced.
  ///
  /// Keys of this tree come first, in their order; each keeps the place where its value is from.
  public func overlaid(by top: SpecNode) -> SpecNode {
    guard let entries, let above = top.entries else { return top }
    var result = entries.map { entry in
      guard let over = above.first(where: { $0.key == entry.key }) else { return entry }
      return SpecEntry(entry.key, at: over.keyPlace, entry.value.overlaid(by: over.value))
    }
    for entry in above where !entries.contains(where: { $0.key == entry.key }) {
      result.append(entry)
    }
    return SpecNode(.map(result), at: top.place)
  }
}
