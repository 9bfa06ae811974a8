extension SpecNode {
  /// The tree as YAML: keys in their order, two blanks a level, lists of scalars on one line.
  ///
  /// Equal trees give the same text, and the text reads back as an equal tree.
  public var yaml: String { lines.joined(separator: "\n") + "\n" }

  /// The tree in one line, as YAML's flow style writes it: `[1, 2]`, `{name: adam}`.
  public var flow: String {
    switch content {
    case .scalar(let text, let isPlain):
      isNull ? "null" : YAMLScalar.text(text, isPlain: isPlain)
    case .list(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
    case .map(let entries):
      "{"
        + entries.map { "\(YAMLScalar.key($0.key)): \($0.value.flow)" }.joined(separator: ", ")
        + "}"
    }
  }

  private var isOneLine: Bool {
    switch content {
    case .scalar: true
    case .list(let items): items.allSatisfy { if case .scalar = $0.content { true } else { false } }
    case .map(let entries): entries.isEmpty
    }
  }

  /// The lines of a map or a list that does not fit on one.
  private var lines: [String] {
    switch content {
    case .scalar: [flow]
    case .list(let items):
      isOneLine
        ? [flow]
        : items.flatMap { item in
          item.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
        }
    case .map(let entries):
      entries.isEmpty
        ? [flow]
        : entries.flatMap { entry in
          let key = YAMLScalar.key(entry.key) + ":"
          return entry.value.isOneLine
            ? ["\(key) \(entry.value.flow)"]
            : [key] + entry.value.lines.map { "  " + $0 }
        }
    }
  }
}

/// Texts as YAML writes them, with quotes where they would mean something else without.
enum YAMLScalar {
  static func text(_ text: String, isPlain: Bool) -> String {
    let isMeant = isPlain || !ScalarText.isTyped(text)
    return isMeant && isSafe(text) ? text : quoted(text)
  }

  static func key(_ text: String) -> String { isSafe(text) ? text : quoted(text) }

  /// Whether the text stands for itself without quotes, in flow style too; some that would are
  /// not counted.
  private static func isSafe(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
      !text.hasPrefix("---"), !text.hasPrefix("..."), text != "-",
      first.properties.isAlphabetic || "0123456789_/~.+-".unicodeScalars.contains(first),
      first != "-" || text.unicodeScalars.dropFirst().first != " ", last != " "
    else { return false }
    return text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || "0123456789_/~.+- ()%;<>^".unicodeScalars.contains($0)
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if isPrintable(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          let digits = String(scalar.value, radix: 16)
          result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
      }
    }
    return result + "\""
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .surrogate:
      false
    default: true
    }
  }
}
