/// A table of text: a header and rows, as RFC 4180 describes it.
///
/// Quotes, commas and line breaks in quotes, CRLF, a byte-order mark and a missing last line break
/// are understood. Bytes that are not UTF-8 are read as Latin-1. The bytes are held once and a cell
/// becomes a `String` only when it is asked for.
public struct CSV: Sendable {
  /// The names of the columns, as written.
  public let header: [String]
  /// How many rows there are below the header.
  public let rowCount: Int
  /// The file, as errors name it.
  public let file: String

  private let bytes: [UInt8]
  /// Start and end of each cell, row by row; an end below its start marks a quoted cell.
  private let starts: [Int]
  private let ends: [Int]
  private let lines: [Int]
  private let columns: [String: Int]

  /// Reads the table in the file at `path`: CSV, plain or gzip, or the first sheet of an XLSX file
  /// that has all of `columns`, else the first that is not empty.
  public init(path: String, with columns: [String] = []) throws(Diagnostic) {
    let bytes = try Files.readMaybeCompressed(path)
    try self.init(
      Spreadsheet.isOne(bytes) ? Spreadsheet.table(bytes, path, with: columns) : bytes, file: path)
  }

  /// Reads the header of the table at `path` as a table without rows.
  public init(headerOf path: String, with columns: [String] = []) throws(Diagnostic) {
    let bytes = try Files.readMaybeCompressed(path)
    if Spreadsheet.isOne(bytes) {
      let table = try Spreadsheet.table(bytes, path, with: columns)
      try self.init(Array(table.drop { $0 == 10 }.prefix { $0 != 10 }), file: path)
      return
    }
    var quoted = false
    let end = bytes.firstIndex { byte in
      if byte == quote { quoted.toggle() }
      return !quoted && (byte == 10 || byte == 13)
    }
    try self.init(Array(bytes[..<(end ?? bytes.endIndex)]), file: path)
  }

  /// Parses `bytes`.
  ///
  /// - Throws: for an empty table, a zero byte (which UTF-16 is full of and no table has), a name that two columns have, a row with more or fewer cells
  ///   than the header (with its line), and a quote that never ends.
  public init(_ source: [UInt8], file: String) throws(Diagnostic) {
    if let zero = source.firstIndex(of: 0) {
      let isWide = [[0xff, 0xfe], [0xfe, 0xff]].contains { source.starts(with: $0) }
      throw Diagnostic(
        "the file is not UTF-8 text",
        at: Place(file: file, line: 1 + source[..<zero].count { $0 == 10 }),
        hint: isWide ? "it is UTF-16: save it as UTF-8" : nil)
    }
    var scanner = CSVScanner(source, file: file)
    try scanner.scanAll()
    guard scanner.width > 0 else { throw Diagnostic("`\(file)` is empty") }
    self.file = file
    bytes = source
    starts = scanner.starts
    ends = scanner.ends
    lines = scanner.lines
    rowCount = scanner.lines.count - 1
    let width = scanner.width
    let cells = (0..<width).map { Self.text(source, scanner.starts[$0], scanner.ends[$0]) }
    header = cells
    var columns: [String: Int] = [:]
    for (index, name) in cells.enumerated() where !name.isEmpty {
      guard columns.updateValue(index, forKey: name) == nil else {
        throw Diagnostic("column `\(name)` occurs twice", at: Place(file: file, line: 1))
      }
    }
    self.columns = columns
  }

  /// The index of the column called `name`.
  public func column(_ name: String) -> Int? { columns[name] }

  /// The index of the column called `name`, or an error that suggests the nearest name.
  public func requiredColumn(_ name: String) throws(Diagnostic) -> Int {
    if let index = columns[name] { return index }
    let near = nearestName(to: name, among: header)
    throw Diagnostic(
      "no column `\(name)`", at: Place(file: file, line: 1),
      hint: near.map { "did you mean `\($0)`?" } ?? "the columns are \(header.quotedList)")
  }

  /// The cell in `row` (from 0, below the header) and `column`; both must be in range.
  public subscript(row: Int, column: Int) -> String {
    let cell = (row + 1) * header.count + column
    return Self.text(bytes, starts[cell], ends[cell])
  }

  /// The cells of the column called `name`; all "" where there is no such column.
  public func cells(_ name: String) -> [String] {
    guard let column = columns[name] else { return Array(repeating: "", count: rowCount) }
    return (0..<rowCount).map { self[$0, column] }
  }

  /// The line of the file where `row` begins.
  public func line(_ row: Int) -> Int { lines[row + 1] }

  /// The place of `row`, for an error about it.
  public func place(_ row: Int) -> Place { Place(file: file, line: line(row)) }

  private static func text(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String {
    if end >= 0,
      let text = bytes.withUnsafeBufferPointer({ bytes in
        String(validating: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
      })
    {
      return text
    }
    var cell = bytes[start..<abs(end)]
    if end < 0 {
      var unquoted: ArraySlice<UInt8> = []
      var skip = false
      for byte in cell {
        if byte == quote && !skip {
          skip = true
          continue
        }
        skip = false
        unquoted.append(byte)
      }
      cell = unquoted
    }
    if let text = String(validating: cell, as: UTF8.self) { return text }
    return String(String.UnicodeScalarView(cell.map { Unicode.Scalar($0) }))
  }
}

private let quote = UInt8(ascii: "\"")

/// One pass over the bytes that finds where cells begin and end.
private struct CSVScanner {
  let bytes: [UInt8]
  let file: String
  var starts: [Int] = []
  var ends: [Int] = []
  /// The line on which each row (the header first) begins.
  var lines: [Int] = []
  var width = 0
  /// The rows with more or fewer cells than the header.
  private var uneven: [(line: Int, cells: Int)] = []
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
  }

  mutating func scanAll() throws(Diagnostic) {
    while position < bytes.count {
      if isLineBreak(bytes[position]) {
        endLine()
        continue
      }
      try scanRow()
    }
    guard let first = uneven.first else { return }
    let others = uneven.dropFirst().map { String($0.line) }
    throw Diagnostic(
      "the row has \(counted(first.cells, "cell")) where the header has \(width)"
        + (others.isEmpty
          ? ""
          : ", and \(counted(others.count, "other row", "is", "are")) uneven: lines "
            + others.prefix(10).joined(separator: ", ") + (others.count > 10 ? ", …" : "")),
      at: Place(file: file, line: first.line))
  }

  private mutating func scanRow() throws(Diagnostic) {
    let first = starts.count
    let start = line
    while true {
      try scanCell()
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    let count = starts.count - first
    if lines.isEmpty { width = count }
    if count == width {
      lines.append(start)
    } else {
      uneven.append((start, count))
      starts.removeLast(count)
      ends.removeLast(count)
    }
    endLine()
  }

  private mutating func scanCell() throws(Diagnostic) {
    guard position < bytes.count, bytes[position] == quote else {
      starts.append(position)
      while position < bytes.count, bytes[position] != UInt8(ascii: ","),
        !isLineBreak(bytes[position])
      {
        position += 1
      }
      ends.append(position)
      return
    }
    let opening = line
    position += 1
    starts.append(position)
    var doubled = false
    while true {
      guard position < bytes.count else {
        throw Diagnostic("a quote is opened and never closed", at: Place(file: file, line: opening))
      }
      if bytes[position] == quote {
        guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
        doubled = true
        position += 1
      } else if bytes[position] == 10 {
        line += 1
      }
      position += 1
    }
    ends.append(doubled ? -position : position)
    position += 1
    guard
      position == bytes.count || bytes[position] == UInt8(ascii: ",")
        || isLineBreak(bytes[position])
    else {
      throw Diagnostic("text follows a closing quote", at: Place(file: file, line: line))
    }
  }

  private mutating func endLine() {
    guard position < bytes.count else { return }
    if bytes[position] == 13, position + 1 < bytes.count, bytes[position + 1] == 10 {
      position += 1
    }
    position += 1
    line += 1
  }

  private func isLineBreak(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
}

/// Builds the bytes of a table: comma, `\n`, quotes only where they are needed.
public struct CSVWriter: Sendable {
  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  /// Rows without a header.
  public init() {}

  /// A table with `header`.
  public init(header: [String]) { append(header) }

  /// Appends a row.
  public mutating func append(_ cells: some Sequence<String>) {
    var first = true
    for var cell in cells {
      if !first { bytes.append(UInt8(ascii: ",")) }
      first = false
      cell.withUTF8 { text in
        var isPlain = true
        for byte in text
        where byte == UInt8(ascii: ",") || byte == quote || byte == 10 || byte == 13 {
          isPlain = false
        }
        if isPlain {
          bytes.append(contentsOf: text)
          return
        }
        bytes.append(quote)
        for byte in text {
          if byte == quote { bytes.append(quote) }
          bytes.append(byte)
        }
        bytes.append(quote)
      }
    }
    bytes.append(10)
  }

  /// Writes the table to `path`.
  public func write(to path: String) throws(Diagnostic) { try Files.write(bytes, to: path) }
}

/// `1 picture`, `2 pictures`, `2 studies`.
public func counted(_ count: Int, _ noun: String) -> String {
  if count == 1 { return "1 \(noun)" }
  let isOnY = noun.hasSuffix("y") && !["a", "e", "o"].contains(noun.dropLast().last)
  return isOnY ? "\(count) \(noun.dropLast())ies" : "\(count) \(noun)s"
}

/// `1 picture is`, `2 pictures are`.
public func counted(_ count: Int, _ noun: String, _ one: String, _ many: String) -> String {
  "\(counted(count, noun)) \(count == 1 ? one : many)"
}

extension Sequence<String> {
  /// The names in backticks, with commas between them.
  public var quotedList: String { map { "`\($0)`" }.joined(separator: ", ") }

  /// The first few names in backticks, then how many more there are.
  public func quotedFew(_ limit: Int = 5) -> String {
    let names = Array(self)
    let few = names.prefix(limit).quotedList
    return names.count > limit ? "\(few) and \(names.count - limit) more" : few
  }
}
