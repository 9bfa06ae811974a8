/// Where in a text file something stands; lines and columns count from 1, columns in characters.
public struct Place: Hashable, Sendable {
  /// The file as the user named it.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1; `nil` where only the line is known.
  public var column: Int?
  /// How many characters the caret underlines.
  public var length: Int

  /// A place in `file`.
  public init(file: String, line: Int, column: Int? = nil, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }
}

/// A fact about something wrong, the place where it is wrong, and a hint where one is known.
///
/// The message is lower case, has names in backticks and no final period.
public struct Diagnostic: Error, Hashable, Sendable, CustomStringConvertible {
  /// The fact.
  public var message: String
  /// Where it is; `nil` when it is nowhere in a file.
  public var place: Place?
  /// What to do about it.
  public var hint: String?

  /// A diagnostic.
  public init(_ message: String, at place: Place? = nil, hint: String? = nil) {
    self.message = message
    self.place = place
    self.hint = hint
  }

  /// One line, without the source text.
  public var description: String {
    guard let place else { return message }
    return "\(place.file):\(place.line): \(message)"
  }

  /// The message with its place, the line itself, a caret and the hint.
  ///
  /// - Parameter source: the text of a line of a file, where it can be read.
  public func rendered(source: (_ file: String, _ line: Int) -> String?) -> String {
    var text = "error: \(message)\n"
    if let place {
      let at = place.column.map { "\(place.line):\($0)" } ?? "\(place.line)"
      let margin = String(repeating: " ", count: String(place.line).count)
      text += "\(margin)--> \(place.file):\(at)\n"
      if let line = source(place.file, place.line) {
        text += "\(margin) |\n\(place.line) | \(line)\n"
        if let column = place.column {
          let indent = String(repeating: " ", count: max(0, column - 1))
          text += "\(margin) | \(indent)\(String(repeating: "^", count: max(1, place.length)))\n"
        } else {
          text += "\(margin) |\n"
        }
      }
    }
    if let hint { text += "\nhint: \(hint)\n" }
    return text
  }
}

/// Everything that is wrong, all at once.
public struct Diagnostics: Error, Sendable, CustomStringConvertible {
  /// The diagnostics in the order found; never empty when thrown.
  public var all: [Diagnostic]

  /// Several diagnostics.
  public init(_ all: [Diagnostic]) { self.all = all }

  /// One line each.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}

/// The name of `candidates` nearest to `name`, if one is near enough to be a slip of the finger.
///
/// Near means a Damerau–Levenshtein distance of at most a third of the longer name, letters
/// compared without case.
public func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(Array(name.lowercased()), Array(candidate.lowercased()))
    guard distance <= max(1, max(name.count, candidate.count) / 3) else { continue }
    if distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var before = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], before[j - 1] + 1)
      }
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
