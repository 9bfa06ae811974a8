/// A parameter of a stage: what JSON can say, with whole numbers kept apart and keys in order.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([Value])
  case map([String: Value])

  /// The leaves under their dotted paths (`train.epochs`), sorted by path; lists are leaves.
  public var leaves: [(name: String, text: String)] {
    var found: [(name: String, text: String)] = []
    collect("", into: &found)
    return found.sorted { $0.name < $1.name }
  }

  private func collect(_ prefix: String, into found: inout [(name: String, text: String)]) {
    guard case .map(let entries) = self, !entries.isEmpty else {
      found.append((prefix, text))
      return
    }
    for (key, value) in entries {
      let name = Self.written(key, isKey: true)
      value.collect(prefix.isEmpty ? name : "\(prefix).\(name)", into: &found)
    }
  }

  /// The value as it stands in a fingerprint and in a reason: one line, the same for equal values
  /// and for no others.
  ///
  /// A double is written in the shortest form that reads back as the same number; a string that
  /// could be taken for something else is quoted.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value):
      value == value.rounded() && abs(value) < 1e15
        ? "\(Int(value)).0" : "\(value)"
    case .string(let value): Self.written(value, isKey: false)
    case .list(let values): "[\(values.map(\.text).joined(separator: ", "))]"
    case .map(let entries): "{\(Self.written(entries))}"
    }
  }

  private static func written(_ entries: [String: Value]) -> String {
    entries.sorted { $0.key < $1.key }
      .map { "\(written($0.key, isKey: true)): \($0.value.text)" }
      .joined(separator: ", ")
  }

  private static func written(_ string: String, isKey: Bool) -> String {
    let special: (UInt8) -> Bool = { byte in
      switch byte {
      case 0..<0x20, 0x7f: true
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "]"),
        UInt8(ascii: "{"), UInt8(ascii: "}"):
        true
      case UInt8(ascii: ":"), UInt8(ascii: "."): isKey
      default: false
      }
    }
    let bytes = string.utf8
    let space = UInt8(ascii: " ")
    let isPlain =
      !bytes.contains(where: special) && !bytes.isEmpty && bytes.first != space
      && bytes.last != space && (isKey || !looksLikeAnotherType(string))
    guard !isPlain else { return string }
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f:
        quoted += "\\u{\(String(scalar.value, radix: 16))}"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func looksLikeAnotherType(_ string: String) -> Bool {
    ["null", "true", "false"].contains(string) || Double(string) != nil
  }
}

extension Value: Codable {
  /// Reads any JSON value.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([Value].self) {
      self = .list(value)
    } else {
      self = .map(try container.decode([String: Value].self))
    }
  }

  /// Writes the value as JSON.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    case .map(let entries): try container.encode(entries)
    }
  }
}
