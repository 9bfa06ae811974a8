/// What a pickle describes, as far as checkpoints need it. Nothing in it is ever run: a name of code
/// stays a name, and what it would make is a placeholder.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case text(String)
  case sequence(PickleList)
  case table(PickleTable)
  /// The name of a function or class, `module.name`.
  case global(String)
  case storage(PickledStorage)
  case tensor(PickledTensor)
  /// What unknown code would have made.
  case opaque
}

/// A list, tuple or set, which the pickle fills after it has stored it.
final class PickleList {
  var items: [PickleValue]

  init(_ items: [PickleValue] = []) { self.items = items }
}

/// A dictionary in its order.
final class PickleTable {
  var entries: [(key: PickleValue, value: PickleValue)] = []

  /// The value of a text, the last one put there.
  subscript(key: String) -> PickleValue? {
    entries.last { entry in
      if case .text(key) = entry.key { true } else { false }
    }?.value
  }
}

/// Memory that tensors share.
struct PickledStorage {
  let dtype: ScalarType
  let key: String
  let count: Int
}

/// A view of a storage; offset and strides count elements.
struct PickledTensor {
  let storage: PickledStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// Reads one pickle (protocols 0 to 5, but only the opcodes that checkpoints of PyTorch have).
struct Unpickler {
  private let bytes: UnsafeRawBufferPointer
  /// Where the next byte is read.
  private(set) var place: Int
  /// The memory that it has referred to, by key.
  private(set) var storages: [String: PickledStorage] = [:]
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var lists: [PickleList] = []
  private var tables: [PickleTable] = []

  init(_ bytes: UnsafeRawBufferPointer, from place: Int = 0) {
    self.bytes = bytes
    self.place = place
  }

  /// The value that the pickle ends in; `place` is behind it then.
  mutating func value() throws(TorchError) -> PickleValue {
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      try step(opcode)
    }
  }

  /// Empties every container, so that one inside of the other, however deep, is let go one by one,
  /// and one inside of itself at all.
  mutating func dissolve() {
    for list in lists { list.items = [] }
    for table in tables { table.entries = [] }
    (lists, tables) = ([], [])
  }

  private mutating func step(_ opcode: UInt8) throws(TorchError) {
    switch Character(UnicodeScalar(opcode)) {
    case "\u{80}": _ = try byte()  // PROTO
    case "\u{95}": _ = try take(8)  // FRAME
    case "N": push(.none)
    case "\u{88}": push(.bool(true))
    case "\u{89}": push(.bool(false))
    case "K": push(.int(try integer(1)))
    case "M": push(.int(try integer(2)))
    case "J": push(.int(Int(Int32(truncatingIfNeeded: try integer(4)))))
    case "\u{8a}": try long(Int(byte()))
    case "G":
      var bits: UInt64 = 0
      for byte in try take(8) { bits = bits << 8 | UInt64(byte) }
      push(.float(Double(bitPattern: bits)))
    case "X": push(.text(try text(integer(4))))
    case "\u{8c}", "U": push(.text(try text(integer(1))))
    case "T": push(.text(try text(integer(4))))
    case "\u{8d}": push(.text(try text(integer(8))))
    case "B", "\u{8e}":
      _ = try take(integer(opcode == UInt8(ascii: "B") ? 4 : 8))
      push(.opaque)
    case "C":
      _ = try take(integer(1))
      push(.opaque)
    case "]", ")", "\u{8f}": push(list([]))
    case "}": push(newTable())
    case "(": marks.append(stack.count)
    case "t", "l", "\u{91}": push(list(try popMark()))
    case "d": try table()
    case "\u{85}": try tuple(1)
    case "\u{86}": try tuple(2)
    case "\u{87}": try tuple(3)
    // The values are taken off first: what they go into lies below them.
    case "a":
      let item = try pop()
      try append([item])
    case "e", "\u{90}":
      let items = try popMark()
      try append(items)
    case "s":
      let value = try pop()
      let key = try pop()
      try put([key, value])
    case "u":
      let items = try popMark()
      try put(items)
    case "q": try remember(integer(1))
    case "r": try remember(integer(4))
    case "\u{94}": try remember(memo.count)
    case "h": try recall(integer(1))
    case "j": try recall(integer(4))
    case "c": push(.global(try line() + "." + line()))
    case "\u{93}":
      let name = try pop()
      guard case .text(let module) = try pop(), case .text(let name) = name else {
        throw broken("a name is no text")
      }
      push(.global(module + "." + name))
    case "0": _ = try pop()
    case "2":
      let value = try pop()
      push(value)
      push(value)
    case "Q":
      let storage = try storage(pop())
      storages[storage.key] = storage
      push(.storage(storage))
    case "R", "\u{81}":
      let arguments = try pop()
      push(made(by: try pop(), arguments))
    case "\u{92}":
      _ = try pop()
      let arguments = try pop()
      push(made(by: try pop(), arguments))
    case "b": _ = try pop()  // BUILD: attributes are not looked at
    default: throw broken("it has an instruction (\(opcode)) that no checkpoint needs")
    }
  }

  /// What a call would give, for the few that describe tensors and containers.
  private mutating func made(by callee: PickleValue, _ arguments: PickleValue) -> PickleValue {
    guard case .global(let name) = callee, case .sequence(let list) = arguments else {
      return .opaque
    }
    let items = list.items
    switch name {
    case "collections.OrderedDict", "builtins.dict", "__builtin__.dict", "collections.defaultdict":
      return newTable()
    case "builtins.list", "builtins.set", "__builtin__.set": return items.first ?? arguments
    case "torch._utils._rebuild_parameter": return items.first ?? .opaque
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor":
      guard items.count >= 4, case .storage(let storage) = items[0],
        case .int(let offset) = items[1],
        let shape = items[2].integers, let strides = items[3].integers
      else { return .opaque }
      return .tensor(
        PickledTensor(storage: storage, offset: offset, shape: shape, strides: strides))
    default: return .opaque
    }
  }

  /// `('storage', type, key, location, count)`.
  private func storage(_ id: PickleValue) throws(TorchError) -> PickledStorage {
    guard case .sequence(let list) = id, list.items.count >= 5,
      case .text("storage") = list.items[0],
      case .global(let type) = list.items[1], case .text(let key) = list.items[2],
      case .int(let count) = list.items[4], count >= 0
    else { throw broken("a reference to memory outside of the pickle is odd") }
    guard let dtype = ScalarType(storage: type) else {
      throw broken("`\(type)` is no type of elements that can be read")
    }
    return PickledStorage(dtype: dtype, key: key, count: count)
  }

  private mutating func list(_ items: [PickleValue]) -> PickleValue {
    let list = PickleList(items)
    lists.append(list)
    return .sequence(list)
  }

  private mutating func newTable() -> PickleValue {
    let table = PickleTable()
    tables.append(table)
    return .table(table)
  }

  private mutating func push(_ value: PickleValue) { stack.append(value) }

  private mutating func pop() throws(TorchError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw broken("a value is missing")
    }
    return value
  }

  private mutating func popMark() throws(TorchError) -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw broken("a mark is missing") }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func tuple(_ count: Int) throws(TorchError) {
    var items: [PickleValue] = []
    for _ in 0..<count { items.append(try pop()) }
    push(list(items.reversed()))
  }

  private mutating func table() throws(TorchError) {
    let items = try popMark()
    push(newTable())
    try put(items)
  }

  private func append(_ items: [PickleValue]) throws(TorchError) {
    guard let last = stack.last else { throw broken("a list is missing") }
    if case .sequence(let list) = last { list.items += items }
  }

  private func put(_ items: [PickleValue]) throws(TorchError) {
    guard items.count.isMultiple(of: 2), let last = stack.last else {
      throw broken("a dictionary is missing, or a value of it")
    }
    guard case .table(let table) = last else { return }
    for index in stride(from: 0, to: items.count, by: 2) {
      table.entries.append((items[index], items[index + 1]))
    }
  }

  private mutating func remember(_ key: Int) throws(TorchError) {
    guard let value = stack.last else { throw broken("a value to remember is missing") }
    memo[key] = value
  }

  private mutating func recall(_ key: Int) throws(TorchError) {
    guard let value = memo[key] else { throw broken("it recalls what it never stored") }
    push(value)
  }

  /// Longer numbers than 8 bytes are markers of the format and no part of a tensor.
  private mutating func long(_ length: Int) throws(TorchError) {
    var value: UInt64 = 0
    let bytes = try take(length)
    for (index, byte) in bytes.enumerated() where index < 8 {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    if length < 8, let last = bytes.last, last >= 0x80 { value |= ~0 << UInt64(8 * length) }
    push(.int(Int(truncatingIfNeeded: value)))
  }

  private mutating func byte() throws(TorchError) -> UInt8 {
    guard place < bytes.count else { throw broken("it ends too early") }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func take(_ count: Int) throws(TorchError) -> UnsafeRawBufferPointer.SubSequence
  {
    guard count >= 0, count <= bytes.count - place else { throw broken("it ends too early") }
    defer { place += count }
    return bytes[place..<place + count]
  }

  private mutating func integer(_ length: Int) throws(TorchError) -> Int {
    var value: UInt64 = 0
    for (index, byte) in try take(length).enumerated() {
      value |= UInt64(byte) << UInt64(8 * index)
    }
    guard let value = Int(exactly: value) else { throw broken("a length is impossible") }
    return value
  }

  private mutating func text(_ length: Int) throws(TorchError) -> String {
    String(decoding: try take(length), as: UTF8.self)
  }

  private mutating func line() throws(TorchError) -> String {
    let start = place
    while try byte() != UInt8(ascii: "\n") {}
    return String(decoding: bytes[start..<place - 1], as: UTF8.self)
  }

  private func broken(_ what: String) -> TorchError { TorchError("its pickle is broken: \(what)") }
}

extension PickleValue {
  /// The whole numbers of a sequence.
  fileprivate var integers: [Int]? {
    guard case .sequence(let list) = self else { return nil }
    var values: [Int] = []
    for item in list.items {
      guard case .int(let value) = item else { return nil }
      values.append(value)
    }
    return values
  }
}

extension ScalarType {
  /// The type of elements of a storage class of PyTorch.
  fileprivate init?(storage name: String) {
    switch name {
    case "torch.FloatStorage": self = .float32
    case "torch.DoubleStorage": self = .float64
    case "torch.HalfStorage": self = .float16
    case "torch.BFloat16Storage": self = .bfloat16
    case "torch.LongStorage": self = .int64
    case "torch.IntStorage": self = .int32
    case "torch.ShortStorage": self = .int16
    case "torch.CharStorage": self = .int8
    case "torch.ByteStorage": self = .uint8
    case "torch.BoolStorage": self = .bool
    default: return nil
    }
  }
}
