/// JSON that is written as it goes: what is thousands of numbers is text already, or nearly.
struct JSONText {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []
  private var depth = 0
  private var isFirst = true

  /// A value of a list, or of a key: an object.
  mutating func object(
    _ key: String? = nil, _ body: (inout JSONText) throws -> Void
  ) rethrows { try nest(key, "{", "}", body) }

  /// A value of a list, or of a key: a list.
  mutating func list(
    _ key: String? = nil, _ body: (inout JSONText) throws -> Void
  ) rethrows { try nest(key, "[", "]", body) }

  /// A text.
  mutating func add(_ key: String? = nil, _ text: String) {
    start(key)
    quote(text.utf8)
  }

  /// A whole number.
  mutating func add(_ key: String? = nil, _ number: Int) {
    start(key)
    bytes += Array(String(number).utf8)
  }

  /// A number that is finite.
  mutating func add(_ key: String? = nil, _ number: Double) {
    start(key)
    bytes += Array("\(number)".utf8)
  }

  /// `true` or `false`.
  mutating func add(_ key: String? = nil, _ isTrue: Bool) {
    start(key)
    bytes += Array((isTrue ? "true" : "false").utf8)
  }

  /// Numbers and texts on one line; those that are absent, and numbers that JSON lacks, are left out.
  mutating func record(_ key: String? = nil, _ fields: [(key: String, value: Field?)]) {
    start(key)
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for case (let key, let value?) in fields {
      if case .number(let text) = value, !text.isNumber { continue }
      if case .text(let text) = value, text.isEmpty { continue }
      if !isFirst { bytes += [UInt8(ascii: ","), UInt8(ascii: " ")] }
      isFirst = false
      quote(key.utf8)
      bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
      switch value {
      case .number(let text): bytes += text
      case .text(let text): quote(text)
      }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// A value in a record, as bytes.
  enum Field {
    case number(ArraySlice<UInt8>)
    case text(ArraySlice<UInt8>)

    static func number(_ value: Double?) -> Field? {
      value.map { .number(Array("\($0)".utf8)[...]) }
    }

    static func text(_ value: String) -> Field { .text(Array(value.utf8)[...]) }
  }

  /// A value that is JSON already.
  mutating func raw(_ key: String? = nil, _ json: some Sequence<UInt8>) {
    start(key)
    bytes += json
  }

  private mutating func nest(
    _ key: String?, _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ body: (inout JSONText) throws -> Void
  ) rethrows {
    start(key)
    bytes.append(UInt8(ascii: open))
    depth += 1
    isFirst = true
    try body(&self)
    depth -= 1
    if !isFirst { newLine() }
    isFirst = false
    bytes.append(UInt8(ascii: close))
  }

  private mutating func start(_ key: String?) {
    if depth > 0 {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      newLine()
    }
    isFirst = false
    guard let key else { return }
    quote(key.utf8)
    bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
  }

  private mutating func newLine() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func quote(_ text: some Sequence<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension ArraySlice<UInt8> {
  /// Whether it is a number in JSON, given that it is one in Swift.
  fileprivate var isNumber: Bool {
    guard let last else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
  }
}
