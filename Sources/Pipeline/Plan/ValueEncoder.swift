extension Value {
  /// The value that `source` encodes to; absent optionals leave no trace.
  public init(encoding source: some Encodable) throws {
    let node = ValueNode()
    try source.encode(to: ValueEncoder(node: node, codingPath: []))
    self = node.value
  }
}

/// A place in the value being built; containers write through it.
private final class ValueNode {
  var scalar: Value = .null
  var entries: [String: ValueNode]?
  var items: [ValueNode]?

  var value: Value {
    if let entries { return .map(entries.mapValues(\.value)) }
    if let items { return .list(items.map(\.value)) }
    return scalar
  }

  func entry(_ key: String) -> ValueNode {
    let node = ValueNode()
    entries = entries ?? [:]
    entries?[key] = node
    return node
  }

  func item() -> ValueNode {
    let node = ValueNode()
    items = items ?? []
    items?.append(node)
    return node
  }

  func encode(_ source: some Encodable, codingPath: [any CodingKey]) throws {
    switch source {
    case let value as Value: scalar = value
    case let value as Bool: scalar = .bool(value)
    case let value as Int: scalar = .int(value)
    case let value as Double: scalar = .double(value)
    case let value as String: scalar = .string(value)
    default: try source.encode(to: ValueEncoder(node: self, codingPath: codingPath))
    }
  }
}

private struct ValueEncoder: Encoder {
  let node: ValueNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedEncodingContainer<Key> {
    node.entries = node.entries ?? [:]
    return KeyedEncodingContainer(KeyedValues<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.items = node.items ?? []
    return ListedValues(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleValue(node: node, codingPath: codingPath)
  }
}

private struct KeyedValues<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: ValueNode
  let codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) { node.entry(key.stringValue).scalar = .null }

  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    try node.entry(key.stringValue).encode(value, codingPath: codingPath + [key])
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    ValueEncoder(node: node.entry(key.stringValue), codingPath: codingPath + [key])
      .container(keyedBy: Nested.self)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    ValueEncoder(node: node.entry(key.stringValue), codingPath: codingPath + [key])
      .unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    ValueEncoder(node: node.entry("super"), codingPath: codingPath)
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    ValueEncoder(node: node.entry(key.stringValue), codingPath: codingPath + [key])
  }
}

private struct ListedValues: UnkeyedEncodingContainer {
  let node: ValueNode
  let codingPath: [any CodingKey]
  var count: Int { node.items?.count ?? 0 }

  mutating func encodeNil() { node.item().scalar = .null }

  mutating func encode(_ value: some Encodable) throws {
    try node.item().encode(value, codingPath: codingPath)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    ValueEncoder(node: node.item(), codingPath: codingPath).container(keyedBy: Nested.self)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    ValueEncoder(node: node.item(), codingPath: codingPath).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    ValueEncoder(node: node.item(), codingPath: codingPath)
  }
}

private struct SingleValue: SingleValueEncodingContainer {
  let node: ValueNode
  let codingPath: [any CodingKey]

  mutating func encodeNil() { node.scalar = .null }

  mutating func encode(_ value: some Encodable) throws {
    try node.encode(value, codingPath: codingPath)
  }

  mutating func encode(_ value: String) { node.scalar = .string(value) }
  mutating func encode(_ value: Bool) { node.scalar = .bool(value) }
  mutating func encode(_ value: Int) { node.scalar = .int(value) }
  mutating func encode(_ value: Double) { node.scalar = .double(value) }
}
