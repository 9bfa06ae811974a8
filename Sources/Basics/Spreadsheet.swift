import CBasics

/// A sheet of an XLSX file (ECMA-376) as the bytes of a CSV table.
///
/// Cells are taken as they are stored: shared and inline strings, numbers, booleans. Formats, and so
/// dates, are not applied. The header is the first row with the columns that are wanted, else the first
/// that is not empty; empty rows stay, so that the line of a row is its number in the sheet.
enum Spreadsheet {
  /// Whether the bytes are a zip file, which an XLSX file is.
  static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4b, 3, 4]) }

  /// The first sheet with all of `columns` in its header, else the first that is not empty.
  static func table(
    _ bytes: [UInt8], _ path: String, with columns: [String]
  ) throws(Diagnostic) -> [UInt8] {
    guard let archive = ZipArchive(bytes) else {
      throw Diagnostic("`\(path)` is a damaged zip file")
    }
    let sheets = sheets(archive)
    guard !sheets.isEmpty else {
      throw Diagnostic("`\(path)` is a zip file without a sheet of an XLSX file")
    }
    func part(_ name: String) throws(Diagnostic) -> [UInt8] {
      guard let content = archive.content(name) else {
        throw Diagnostic("`\(path)` is damaged: `\(name)` in it cannot be read")
      }
      return content
    }
    let shared = "xl/sharedStrings.xml"
    let strings = archive.names.contains(shared) ? strings(try part(shared)) : []
    var first: (rows: [[String]], top: Int) = ([], 0)
    for sheet in sheets {
      let rows = rows(try part(sheet), strings)
      guard let top = rows.firstIndex(where: isFilled) else { continue }
      // A title may stand above the header.
      let header = rows[top...].prefix(20).firstIndex { Set(columns).isSubset(of: $0) }
      if let header { return csv(rows, header: header) }
      if first.rows.isEmpty { first = (rows, top) }
    }
    return csv(first.rows, header: first.top)
  }

  /// The parts that hold the sheets, in the order of the workbook; those it does not name come last,
  /// by number.
  private static func sheets(_ archive: ZipArchive) -> [String] {
    let all = archive.names.filter { $0.hasPrefix("xl/worksheets/sheet") }
      .sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    func attributes(_ part: String, of element: String) -> [[String: String]] {
      var found: [[String: String]] = []
      var xml = XMLScanner(archive.content(part) ?? [])
      while let event = xml.next() {
        if case .open(element, let attributes) = event { found.append(attributes) }
      }
      return found
    }
    var targets: [String: String] = [:]
    for relation in attributes("xl/_rels/workbook.xml.rels", of: "Relationship") {
      guard let id = relation["Id"], let target = relation["Target"] else { continue }
      targets[id] = target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target
    }
    // The attribute is `r:id`, beside `sheetId`.
    let named = attributes("xl/workbook.xml", of: "sheet").compactMap { sheet in
      sheet["id"].flatMap { targets[$0] }
    }.filter(all.contains)
    return named + all.filter { !named.contains($0) }
  }

  /// The texts of `sharedStrings.xml`; the runs of a text are joined, its phonetic guide left out.
  private static func strings(_ bytes: [UInt8]) -> [String] {
    var strings: [String] = []
    var xml = XMLScanner(bytes)
    var (isText, isGuide) = (false, false)
    while let event = xml.next() {
      switch event {
      case .open("si", _): strings.append("")
      case .open("t", _): isText = true
      case .close("t"): isText = false
      case .open("rPh", _): isGuide = true
      case .close("rPh"): isGuide = false
      case .text(let text) where isText && !isGuide && !strings.isEmpty:
        strings[strings.count - 1] += text
      default: break
      }
    }
    return strings
  }

  private static func rows(_ bytes: [UInt8], _ strings: [String]) -> [[String]] {
    var rows: [[String]] = []
    var xml = XMLScanner(bytes)
    var (column, type, value, isValue) = (0, "", "", false)
    while let event = xml.next() {
      switch event {
      case .open("row", let attributes):
        // A file can claim any number; more than a sheet has are not made.
        let number = attributes["r"].flatMap(Int.init) ?? rows.count + 1
        while rows.count < min(number, 1_048_576) - 1 { rows.append([]) }
        rows.append([])
        column = 0
      case .open("c", let attributes):
        column = attributes["r"].flatMap(Self.column) ?? column
        type = attributes["t"] ?? ""
        value = ""
      case .open("v", _), .open("t", _): isValue = true
      case .close("v"), .close("t"): isValue = false
      case .text(let text) where isValue: value += text
      case .close("c"):
        guard !rows.isEmpty, column < 16_384 else { break }
        let last = rows.count - 1
        while rows[last].count < column { rows[last].append("") }
        let index = type == "s" ? Int(value) : nil
        rows[last].append(
          index.map { strings.indices.contains($0) ? strings[$0] : "" } ?? value)
        column += 1
      default: break
      }
    }
    return rows
  }

  /// `B7` → 1.
  private static func column(_ reference: String) -> Int? {
    var number = 0
    for byte in reference.utf8 {
      guard byte >= 65, byte <= 90 else { break }
      number = number * 26 + Int(byte) - 64
      if number > 16_384 { return nil }
    }
    return number > 0 ? number - 1 : nil
  }

  private static func isFilled(_ row: [String]) -> Bool { row.contains { !$0.isEmpty } }

  /// The rows from that of the header on; those above are empty lines.
  private static func csv(_ rows: [[String]], header start: Int) -> [UInt8] {
    guard rows.indices.contains(start) else { return [] }
    let header = rows[start]
    var writer = CSVWriter()
    for _ in 0..<start { writer.append([]) }
    writer.append(header)
    for row in rows.dropFirst(start + 1) {
      let cells = row.prefix(header.count)
      // An empty line is none to a table, and keeps its number.
      writer.append(
        row.isEmpty ? [] : cells + Array(repeating: "", count: header.count - cells.count))
    }
    return writer.bytes
  }
}

/// The files in a zip archive held in memory.
struct ZipArchive {
  private struct Entry {
    let start: Int
    let size: Int
    let packed: Int
    let method: Int
  }

  private let bytes: [UInt8]
  private var entries: [String: Entry] = [:]

  var names: [String] { entries.keys.sorted() }

  /// Reads the directory at the end of the archive; `nil` where it is damaged.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    let latest = bytes.count - 22
    guard latest >= 0,
      let end = stride(from: latest, through: max(0, latest - 65_535), by: -1)
        .first(where: { number(bytes, $0, 4) == 0x0605_4b50 })
    else { return nil }
    var position = number(bytes, end + 16, 4)
    for _ in 0..<number(bytes, end + 10, 2) {
      guard number(bytes, position, 4) == 0x0201_4b50 else { return nil }
      let (name, extra, comment) = (
        number(bytes, position + 28, 2), number(bytes, position + 30, 2),
        number(bytes, position + 32, 2)
      )
      guard position + 46 + name <= bytes.count else { return nil }
      let header = number(bytes, position + 42, 4)
      let start = header + 30 + number(bytes, header + 26, 2) + number(bytes, header + 28, 2)
      let entry = Entry(
        start: start, size: number(bytes, position + 24, 4),
        packed: number(bytes, position + 20, 4), method: number(bytes, position + 10, 2))
      let text = String(decoding: bytes[position + 46..<position + 46 + name], as: UTF8.self)
      entries[text] = entry
      position += 46 + name + extra + comment
    }
  }

  /// The content of the file called `name`; `nil` where there is none or it is damaged.
  func content(_ name: String) -> [UInt8]? {
    guard let entry = entries[name], entry.start + entry.packed <= bytes.count else { return nil }
    let packed = bytes[entry.start..<entry.start + entry.packed]
    if entry.method == 0 { return Array(packed) }
    // Deflate packs no better than a thousand to one.
    guard entry.method == 8, entry.size <= 1032 * (entry.packed + 1) else { return nil }
    var content = [UInt8](repeating: 0, count: entry.size)
    let isWhole = packed.withUnsafeBufferPointer { packed in
      content.withUnsafeMutableBufferPointer { content in
        cbasics_inflate(packed.baseAddress, packed.count, content.baseAddress, content.count) == 1
      }
    }
    return isWhole ? content : nil
  }
}

/// A little-endian number; 0 beyond the end.
private func number(_ bytes: [UInt8], _ start: Int, _ size: Int) -> Int {
  guard start >= 0, start + size <= bytes.count else { return 0 }
  return bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | Int($1) }
}

/// Walks through XML as spreadsheets use it: elements, attributes, text, entities. Prefixes of names
/// are dropped; comments, declarations and CDATA sections are passed over.
struct XMLScanner {
  enum Event: Equatable {
    case open(String, [String: String])
    case close(String)
    case text(String)
  }

  private let bytes: [UInt8]
  private var position = 0
  private var pending: String?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next event; `nil` at the end.
  mutating func next() -> Event? {
    if let name = pending {
      pending = nil
      return .close(name)
    }
    while position < bytes.count {
      let start = position
      if bytes[position] != UInt8(ascii: "<") {
        position = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        return .text(Self.text(bytes[start..<position]))
      }
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { break }
      position = end + 1
      var tag = bytes[(start + 1)..<end]
      guard let first = tag.first, first != UInt8(ascii: "?"), first != UInt8(ascii: "!") else {
        continue
      }
      if first == UInt8(ascii: "/") { return .close(Self.name(tag.dropFirst())) }
      if tag.last == UInt8(ascii: "/") {
        tag = tag.dropLast()
        pending = Self.name(tag)
      }
      return .open(Self.name(tag), Self.attributes(tag))
    }
    position = bytes.count
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

  private static func name(_ tag: ArraySlice<UInt8>) -> String {
    let whole = tag.prefix { !isSpace($0) }
    let colon = whole.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? whole.startIndex
    return String(decoding: whole[colon...], as: UTF8.self)
  }

  private static func attributes(_ tag: ArraySlice<UInt8>) -> [String: String] {
    var attributes: [String: String] = [:]
    var rest = tag.drop { !isSpace($0) }
    while let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
      let key = name(rest[..<equals].drop(while: isSpace))
      let value = rest[(equals + 1)...].drop(while: isSpace)
      guard let quote = value.first,
        let end = value.dropFirst().firstIndex(of: quote)
      else { break }
      attributes[key] = text(value[(value.startIndex + 1)..<end])
      rest = value[(end + 1)...]
    }
    return attributes
  }

  /// Text with its entities resolved.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let raw = String(decoding: bytes, as: UTF8.self)
    guard bytes.contains(UInt8(ascii: "&")) else { return raw }
    var text = ""
    var rest = Substring(raw)
    while let start = rest.firstIndex(of: "&"), let end = rest[start...].firstIndex(of: ";") {
      text += rest[..<start]
      let name = rest[rest.index(after: start)..<end]
      switch name {
      case "amp": text += "&"
      case "lt": text += "<"
      case "gt": text += ">"
      case "quot": text += "\""
      case "apos": text += "'"
      default:
        let digits = name.dropFirst()
        let code =
          name.first != "#"
          ? nil : digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        if let scalar = code.flatMap(Unicode.Scalar.init) {
          text.unicodeScalars.append(scalar)
        } else {
          text += rest[start...end]
        }
      }
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }
}
