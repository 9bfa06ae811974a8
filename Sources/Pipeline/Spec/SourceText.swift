import Basics

/// The text of a spec cut into lines as libyaml cuts it, and the places of what is in it.
struct SourceText {
  let file: String
  private(set) var scalars: [Unicode.Scalar]
  /// Where each line begins and ends (before its line break) in `scalars`; never empty.
  private let bounds: [Range<Int>]
  private let isASCII: Bool

  init(_ text: String, file: String) {
    self.file = file
    scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{feff}" { scalars.removeFirst() }
    var bounds: [Range<Int>] = []
    var start = 0
    var index = 0
    while index < scalars.count {
      if Self.isLineBreak(scalars[index]) {
        bounds.append(start..<index)
        if scalars[index] == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" {
          index += 1
        }
        start = index + 1
      }
      index += 1
    }
    if start < scalars.count || bounds.isEmpty { bounds.append(start..<scalars.count) }
    self.bounds = bounds
    isASCII = scalars.allSatisfy(\.isASCII)
  }

  var text: String { String(String.UnicodeScalarView(scalars)) }
  var lineCount: Int { bounds.count }

  /// The line at `index`, from 0.
  func line(_ index: Int) -> String { string(bounds[index]) }

  /// The offset in `scalars` of a mark of libyaml (line and column from 1, column in scalars),
  /// pulled inside the text.
  func offset(line: Int, column: Int) -> Int {
    guard line <= bounds.count else { return bounds[bounds.count - 1].upperBound }
    let line = bounds[max(line, 1) - 1]
    return min(line.lowerBound + max(column - 1, 0), line.upperBound)
  }

  /// The place of the scalars of `range`, as far as its first line goes.
  func place(_ range: Range<Int>) -> Place {
    let index = lineIndex(range.lowerBound)
    let line = bounds[index]
    let start = min(max(range.lowerBound, line.lowerBound), line.upperBound)
    let end = min(max(range.upperBound, start), line.upperBound)
    return Place(
      file: file, line: index + 1, column: characters(line.lowerBound..<start) + 1,
      length: max(1, characters(start..<end)))
  }

  /// The line in which `offset` is.
  private func lineIndex(_ offset: Int) -> Int {
    var (index, above) = (0, lineCount)
    while above - index > 1 {
      let middle = (index + above) / 2
      if bounds[middle].lowerBound > offset { above = middle } else { index = middle }
    }
    return index
  }

  /// How many characters a part of a line has; a long list is one line, asked about for each item.
  private func characters(_ range: Range<Int>) -> Int {
    isASCII ? range.count : string(range).count
  }

  /// The place of the character at `offset`.
  func place(at offset: Int) -> Place { place(offset..<offset + 1) }

  /// The scalars of what is written at `offset`, quotes and brackets with it, up to the end of the
  /// line. `text` is the content of an unquoted scalar.
  func token(at offset: Int, text: String? = nil) -> Range<Int> {
    let start = contentStart(from: offset).start
    let end = lineEnd(start)
    guard start < end else { return offset..<max(offset + 1, end) }
    switch scalars[start] {
    case "\"", "'": return start..<quotedEnd(from: start, to: end)
    case "[", "{": return start..<bracketEnd(from: start, to: end)
    case "-" where text == nil: return start..<start + 1
    default: break
    }
    if let text = text.map({ Array($0.unicodeScalars) }), scalars[start..<end].starts(with: text) {
      return start..<max(start + 1, start + text.count)
    }
    return start..<trimmedEnd(from: start, to: end)
  }

  /// Where the content at `offset` begins behind its anchor and tag, and the tag.
  func contentStart(from offset: Int) -> (start: Int, tag: Range<Int>?) {
    var start = offset
    var tag: Range<Int>?
    let end = lineEnd(offset)
    while start < end, scalars[start] == "&" || scalars[start] == "!" {
      let stop = scalars[start..<end].firstIndex { $0 == " " || $0 == "\t" } ?? end
      if scalars[start] == "!" { tag = start..<stop }
      guard let next = scalars[stop..<end].firstIndex(where: { $0 != " " && $0 != "\t" }) else {
        return (offset, tag)
      }
      start = next
    }
    return (start, tag)
  }

  /// Puts another scalar at `offset`.
  mutating func replace(at offset: Int, with scalar: Unicode.Scalar) {
    if scalars.indices.contains(offset) { scalars[offset] = scalar }
  }

  private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  private func string(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  private func lineEnd(_ offset: Int) -> Int {
    max(bounds[lineIndex(offset)].upperBound, min(offset, scalars.count))
  }

  private func quotedEnd(from start: Int, to end: Int) -> Int {
    let quote = scalars[start]
    var index = start + 1
    while index < end {
      if quote == "\"", scalars[index] == "\\" {
        index += 1
      } else if scalars[index] == quote {
        guard quote == "'", index + 1 < end, scalars[index + 1] == "'" else { return index + 1 }
        index += 1
      }
      index += 1
    }
    return end
  }

  private func bracketEnd(from start: Int, to end: Int) -> Int {
    var depth = 0
    var index = start
    while index < end {
      switch scalars[index] {
      case "[", "{": depth += 1
      case "]", "}":
        depth -= 1
        if depth == 0 { return index + 1 }
      case "\"", "'":
        index = quotedEnd(from: index, to: end)
        continue
      default: break
      }
      index += 1
    }
    return trimmedEnd(from: start, to: end)
  }

  private func trimmedEnd(from start: Int, to end: Int) -> Int {
    var stop = start
    var index = start
    while index < end {
      let isBlank = scalars[index] == " " || scalars[index] == "\t"
      if scalars[index] == "#", index > stop { break }
      if !isBlank { stop = index + 1 }
      index += 1
    }
    return max(stop, start)
  }
}
