/// The header of a safetensors file: what it holds and where, checked against the file's length.
struct SafetensorsHeader {
  struct Entry {
    let name: String
    let dtype: ScalarType
    let shape: [Int]
    /// The bytes in the file.
    let range: Range<Int>
  }

  /// The length of the length.
  static let prefix = 8
  /// The format's own limit on the header.
  static let longest = 100_000_000
  static let metadataName = "__metadata__"

  /// In the order of their memory.
  private(set) var entries: [Entry] = []
  /// In the order of their names.
  private(set) var metadata: [(name: String, text: String)] = []

  /// Describes `tensors` one behind the other; ranges count from the end of the header.
  init(
    describing tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]
  ) throws(TorchError) {
    var names: Set<String> = [Self.metadataName]
    var end = 0
    for (name, tensor) in tensors {
      guard names.insert(name).inserted else {
        throw TorchError("tensor name `\(name)` is used twice")
      }
      let range = end..<end + tensor.byteCount
      entries.append(
        Entry(name: name, dtype: try tensor.dtype, shape: tensor.shape, range: range))
      end = range.upperBound
    }
    self.metadata = metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Length and JSON, padded with spaces so that the memory behind starts at a multiple of 8.
  func encoded() -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.map { "\(quoted($0.name)):\(quoted($0.text))" }
      members.append("\"\(Self.metadataName)\":{\(texts.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let (start, end) = (entry.range.lowerBound, entry.range.upperBound)
      members.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.dtype.safetensorsName)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
    }
    var json = Array("{\(members.joined(separator: ","))}".utf8)
    json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
    let length = UInt64(json.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + json
  }

  /// Reads the header of a whole file, at least `prefix` bytes; the entries must cover the rest
  /// exactly.
  init(decoding file: UnsafeRawBufferPointer) throws(TorchError) {
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    let room = file.count - Self.prefix
    guard length <= UInt64(min(room, Self.longest)) else {
      throw TorchError("its header of \(length) bytes is longer than the file or the format allows")
    }
    let start = Self.prefix + Int(length)
    var scanner = HeaderScanner(file[Self.prefix..<start])
    var names: Set<String> = []
    try scanner.object { scanner, name throws(TorchError) in
      guard names.insert(name).inserted else {
        throw TorchError("the name `\(name)` stands twice in its header")
      }
      if name == Self.metadataName {
        metadata = try Self.metadata(&scanner)
      } else {
        entries.append(try Self.entry(name, &scanner, start, file.count))
      }
    }
    try scanner.end()
    try order(start, file.count)
  }

  private static func metadata(
    _ scanner: inout HeaderScanner
  ) throws(TorchError) -> [(name: String, text: String)] {
    var texts: [String: String] = [:]
    try scanner.object { scanner, name throws(TorchError) in
      guard texts.updateValue(try scanner.string(), forKey: name) == nil else {
        throw TorchError("the name `\(name)` stands twice in its metadata")
      }
    }
    return texts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func entry(
    _ name: String, _ scanner: inout HeaderScanner, _ start: Int, _ end: Int
  ) throws(TorchError) -> Entry {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key throws(TorchError) in
      switch key {
      case "dtype" where dtype == nil: dtype = try scanner.string()
      case "shape" where shape == nil: shape = try scanner.numbers()
      case "data_offsets" where offsets == nil: offsets = try scanner.numbers()
      default: throw TorchError("tensor `\(name)` has an odd member `\(key)`")
      }
    }
    guard let dtype, let shape, let offsets, offsets.count == 2 else {
      throw TorchError("tensor `\(name)` lacks dtype, shape or two offsets")
    }
    guard let type = ScalarType(safetensorsName: dtype) else {
      throw TorchError("tensor `\(name)` has the unknown dtype `\(dtype)`")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= end - start else {
      throw TorchError("tensor `\(name)` lies outside of the file")
    }
    var size = type.byteCount
    for length in shape {
      let product = size.multipliedReportingOverflow(by: length)
      guard !product.overflow else { throw TorchError("tensor `\(name)` has the shape \(shape)") }
      size = product.partialValue
    }
    guard size == offsets[1] - offsets[0] else {
      throw TorchError(
        "tensor `\(name)` has \(offsets[1] - offsets[0]) bytes where its shape needs \(size)")
    }
    return Entry(
      name: name, dtype: type, shape: shape, range: start + offsets[0]..<start + offsets[1])
  }

  /// Sorts the entries by place and checks that they neither overlap nor leave gaps.
  private mutating func order(_ start: Int, _ end: Int) throws(TorchError) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var covered = start
    for entry in entries {
      guard entry.range.lowerBound == covered else {
        throw TorchError("tensor `\(entry.name)` overlaps another one or leaves a gap before it")
      }
      covered = entry.range.upperBound
    }
    guard covered == end else {
      throw TorchError("\(end - covered) bytes at its end belong to no tensor")
    }
  }
}

extension ScalarType {
  private static let safetensorsNames: [(type: ScalarType, name: String)] = [
    (.uint8, "U8"), (.int8, "I8"), (.int16, "I16"), (.int32, "I32"), (.int64, "I64"),
    (.float16, "F16"), (.float32, "F32"), (.float64, "F64"), (.bool, "BOOL"), (.bfloat16, "BF16"),
  ]

  fileprivate init?(safetensorsName name: String) {
    guard let found = Self.safetensorsNames.first(where: { $0.name == name }) else { return nil }
    self = found.type
  }

  fileprivate var safetensorsName: String {
    Self.safetensorsNames.first { $0.type == self }?.name ?? ""
  }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
