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
      value.collect(prefix.isEmpty ? key : "\(prefix).\(key)", into: &found)
    }
  }

  /// The value as it stands in a fingerprint and in a reason: one line, the same for equal values.
  ///
  /// A double is written in the shortest form that reads back as the same number.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .double(let value):
      value == value.rounded() && abs(value) < 1e15
        ? "\(Int(value)).0" : "\(value)"
    case .string(let value): value
    case .list(let values): "[\(values.map(\.text).joined(separator: ", "))]"
    case .map(let entries):
      "{\(entries.sorted { $0.key < $1.key }.map { "\($0): \($1.text)" }.joined(separator: ", "))}"
    }
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
