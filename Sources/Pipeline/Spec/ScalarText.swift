/// What the text of an unquoted scalar means: the JSON-like core of YAML 1.2, and nothing of the
/// surprises of YAML 1.1 (`no`, `0o17`, `1_000`, `12:30`).
enum ScalarText {
  static func isNull(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

  static func bool(_ text: String) -> Bool? {
    switch text {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A whole number in decimal; `nil` for leading zeros, other bases and what `Int` cannot hold.
  static func int(_ text: String) -> Int? {
    let digits = text.utf8.drop { $0 == plus || $0 == minus }
    guard text.utf8.count - digits.count <= 1, isWhole(digits) else { return nil }
    return Int(text)
  }

  /// A finite decimal number: `10`, `0.5`, `.5`, `1e-4`.
  static func double(_ text: String) -> Double? {
    var rest = text.utf8[...]
    if let first = rest.first, first == plus || first == minus { rest = rest.dropFirst() }
    if let mark = rest.firstIndex(where: { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
      var exponent = rest[rest.index(after: mark)...]
      if let first = exponent.first, first == plus || first == minus {
        exponent = exponent.dropFirst()
      }
      guard !exponent.isEmpty, exponent.allSatisfy(isDigit) else { return nil }
      rest = rest[..<mark]
    }
    let parts = rest.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : parts[0].prefix(0)
    guard fraction.allSatisfy(isDigit),
      isWhole(parts[0]) || (parts[0].isEmpty && !fraction.isEmpty),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// Whether the text means something else than itself when it has no quotes.
  static func isTyped(_ text: String) -> Bool {
    isNull(text) || bool(text) != nil || double(text) != nil
  }

  /// The text on one line, at most 60 characters, for a message.
  static func shortened(_ text: String) -> String {
    let line = printable(text)
    return line.count > 60 ? line.prefix(59) + "…" : line
  }

  /// The text with a blank for every character that would move the cursor of a terminal.
  static func printable(_ text: String) -> String {
    String(
      text.map { character in
        character.unicodeScalars.contains { isControl($0) } ? " " : character
      })
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  private static let plus = UInt8(ascii: "+")
  private static let minus = UInt8(ascii: "-")

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isWhole(_ digits: Substring.UTF8View) -> Bool {
    guard let first = digits.first, digits.allSatisfy(isDigit) else { return false }
    return first != UInt8(ascii: "0") || digits.count == 1
  }
}
