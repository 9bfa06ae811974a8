/// Reads the little JSON that a safetensors header may hold: objects, strings, lists of whole
/// numbers.
///
/// A JSON decoder would let the last of two equal names win, which hides a broken or hostile file.
struct HeaderScanner {
  private let bytes: Slice<UnsafeRawBufferPointer>
  private var place: Int

  init(_ bytes: Slice<UnsafeRawBufferPointer>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Calls `member` behind each name; it must read the value.
  mutating func object(
    _ member: (inout HeaderScanner, String) throws(TorchError) -> Void
  ) throws(TorchError) {
    try list("{", "}") { scanner throws(TorchError) in
      let name = try scanner.string()
      try scanner.expect(":")
      try member(&scanner, name)
    }
  }

  /// A list of numbers that are whole and not negative.
  mutating func numbers() throws(TorchError) -> [Int] {
    var numbers: [Int] = []
    try list("[", "]") { scanner throws(TorchError) in numbers.append(try scanner.number()) }
    return numbers
  }

  /// A string with its escapes resolved.
  mutating func string() throws(TorchError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = take(), byte != UInt8(ascii: "\"") {
      switch byte {
      case ..<0x20: throw unexpected()
      case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
      default: text.append(byte)
      }
    }
    guard place > bytes.startIndex, bytes[place - 1] == UInt8(ascii: "\""),
      let string = String(validating: text, as: UTF8.self)
    else { throw unexpected() }
    return string
  }

  /// Checks that only padding is left.
  mutating func end() throws(TorchError) {
    skipSpace()
    guard place == bytes.endIndex else { throw unexpected() }
  }

  private mutating func list(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ item: (inout HeaderScanner) throws(TorchError) -> Void
  ) throws(TorchError) {
    try expect(open)
    if next(is: close) { return }
    repeat { try item(&self) } while next(is: ",")
    try expect(close)
  }

  private mutating func number() throws(TorchError) -> Int {
    skipSpace()
    var value = 0
    let start = place
    while place < bytes.endIndex, (0x30...0x39).contains(bytes[place]) {
      let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooBigNow) = tens.addingReportingOverflow(Int(bytes[place] - 0x30))
      guard !tooBig, !tooBigNow else { throw unexpected() }
      value = sum
      place += 1
    }
    guard place > start else { throw unexpected() }
    return value
  }

  private mutating func escape() throws(TorchError) -> [UInt8] {
    switch take().map(Unicode.Scalar.init) {
    case "\""?: return [0x22]
    case "\\"?: return [0x5C]
    case "/"?: return [0x2F]
    case "b"?: return [0x08]
    case "f"?: return [0x0C]
    case "n"?: return [0x0A]
    case "r"?: return [0x0D]
    case "t"?: return [0x09]
    case "u"?:
      var units = [try hexadecimal()]
      if UTF16.isLeadSurrogate(units[0]) {
        guard take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else { throw unexpected() }
        units.append(try hexadecimal())
      }
      guard let text = String(validating: units, as: UTF16.self) else { throw unexpected() }
      return Array(text.utf8)
    default: throw unexpected()
    }
  }

  private mutating func hexadecimal() throws(TorchError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = take(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected()
      }
      value = value << 4 | UInt16(digit)
    }
    return value
  }

  private mutating func expect(_ scalar: Unicode.Scalar) throws(TorchError) {
    guard next(is: scalar) else { throw unexpected() }
  }

  private mutating func next(is scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard place < bytes.endIndex, bytes[place] == UInt8(ascii: scalar) else { return false }
    place += 1
    return true
  }

  private mutating func take() -> UInt8? {
    guard place < bytes.endIndex else { return nil }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func skipSpace() {
    while place < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private func unexpected() -> TorchError {
    TorchError("its header makes no sense at byte \(place)")
  }
}
