import Basics
import Yams

/// Turns the text of a spec into a tree with places.
///
/// Yams composes the tree; what it would stop at (a key that occurs twice) or do without end (an
/// alias that repeats itself a billion times) is dealt with here.
struct SpecParser {
  /// How deep lists and maps may lie in each other.
  static let depthLimit = 64
  /// How many values a spec may hold, aliases written out.
  static let nodeLimit = 100_000
  /// How many aliases a text may use: few enough that a tree of them is built and hashed in no time.
  static let aliasLimit = 40

  private let source: SourceText
  private let diagnostics: DiagnosticList
  /// What stands in the text in the place of a letter of a repeated key, and that letter.
  private var replaced: [Unicode.Scalar: Unicode.Scalar] = [:]
  private var nodes = 0

  private init(_ source: SourceText, diagnostics: DiagnosticList) {
    self.source = source
    self.diagnostics = diagnostics
  }

  /// The tree of `source`, or `nil` with the reasons in `diagnostics`; an empty text gives nothing.
  static func parse(_ source: SourceText, diagnostics: DiagnosticList) -> SpecNode? {
    diagnostics.sources.add(source)
    var parser = SpecParser(source, diagnostics: diagnostics)
    do {
      try parser.checkAliases()
      guard let root = try parser.compose() else {
        return SpecNode(.scalar("", isPlain: true), at: source.place(at: 0))
      }
      return try parser.node(root, depth: 0)
    } catch {
      diagnostics.add(error)
      return nil
    }
  }

  private func checkAliases() throws(Diagnostic) {
    var count = 0
    var inComment = false
    var before: Unicode.Scalar = "\n"
    for (offset, scalar) in source.scalars.enumerated() {
      let opens = " \t\r\n[,{-?:".unicodeScalars.contains(before)
      if scalar == "\n" { inComment = false }
      if scalar == "#", opens { inComment = true }
      if scalar == "*", opens, !inComment, offset + 1 < source.scalars.count,
        source.scalars[offset + 1] != " "
      {
        count += 1
        guard count <= Self.aliasLimit else {
          throw Diagnostic(
            "more than \(Self.aliasLimit) aliases in one file", at: source.place(at: offset),
            hint: "write what they share into a file of its own and name it under `extends`")
        }
      }
      before = scalar
    }
  }

  /// Yams refuses keys that occur twice and does not say where. One letter of each such key is
  /// exchanged for a private one, so that the text can be read, and put back in the tree.
  private mutating func compose() throws(Diagnostic) -> Node? {
    var text = source
    for code in UInt32(0xe000)..<0xe100 {
      do {
        return try Yams.compose(yaml: text.text, .basic, .default, .utf8)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        let name = keys.first.map(ScalarText.shortened) ?? ""
        let mark = source.offset(line: context.mark.line, column: context.mark.column)
        let repeated = Diagnostic(
          "key `\(name)` occurs twice", at: source.place(source.token(at: mark)))
        var letter = source.contentStart(from: mark).start
        if let first = text.scalars.indices.contains(letter) ? text.scalars[letter] : nil {
          if first == "\"" || first == "'" { letter += 1 }
        }
        guard text.scalars.indices.contains(letter), let stand = Unicode.Scalar(code),
          !" \"'*[{\\&!?|>\n\r".unicodeScalars.contains(text.scalars[letter])
        else { throw repeated }
        replaced[stand] = text.scalars[letter]
        text.replace(at: letter, with: stand)
      } catch let error as YamlError {
        throw diagnostic(error)
      } catch {
        throw Diagnostic("cannot read the YAML: \(error)", at: source.place(at: 0))
      }
    }
    throw Diagnostic("more than 255 keys occur twice", at: source.place(at: 0))
  }

  private func diagnostic(_ error: YamlError) -> Diagnostic {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let offset = source.offset(line: mark.line, column: mark.column)
      if problem.hasPrefix("but found another document") {
        return Diagnostic(
          "a spec is one YAML document, and another begins here", at: source.place(at: offset))
      }
      if problem.contains("nesting level") { return Self.tooDeep(at: source.place(at: offset)) }
      return Diagnostic(
        "invalid YAML: \(problem)", at: source.place(at: offset),
        hint: hint(problem, at: offset) ?? context.map { "\($0.text) of line \($0.mark.line)" })
    case .reader(let problem, _, let value, _):
      // The offset that Yams gives is lost where the character is part of a longer one.
      let offset = source.scalars.firstIndex { $0.value == UInt32(bitPattern: value) } ?? 0
      return Diagnostic("invalid YAML: \(problem)", at: source.place(at: offset))
    default:
      return Diagnostic(
        "invalid YAML: nested too deeply, or too large to read", at: source.place(at: 0))
    }
  }

  private static func tooDeep(at place: Place) -> Diagnostic {
    Diagnostic("nested more than \(depthLimit) levels deep", at: place)
  }

  private func hint(_ problem: String, at offset: Int) -> String? {
    if source.scalars.indices.contains(offset), source.scalars[offset] == "\t" {
      return "indent with blanks, not with tabs"
    }
    return problem.hasPrefix("mapping values are not allowed")
      ? "put quotes around a text that holds a colon, and indent keys alike" : nil
  }

  private mutating func node(_ node: Node, depth: Int) throws(Diagnostic) -> SpecNode {
    let offset = source.offset(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    let (start, tag) = source.contentStart(from: offset)
    nodes += 1
    guard nodes <= Self.nodeLimit else {
      throw Diagnostic("the spec holds more than 100,000 values", at: source.place(at: offset))
    }
    guard depth <= Self.depthLimit else {
      throw Self.tooDeep(at: source.place(at: offset))
    }
    if let tag { diagnostics.add("tags are not understood here", at: source.place(tag)) }
    switch node {
    case .scalar(let scalar):
      return self.scalar(scalar, at: offset)
    case .sequence(let sequence):
      var items: [SpecNode] = []
      for item in sequence { items.append(try self.node(item, depth: depth + 1)) }
      return SpecNode(.list(items), at: source.place(source.token(at: offset)))
    case .mapping(let mapping):
      let entries = try self.entries(mapping, depth: depth)
      let isFlow = source.scalars.indices.contains(start) && source.scalars[start] == "{"
      let place = isFlow ? nil : entries.first?.keyPlace
      let own = source.place(source.token(at: offset))
      let startsAtKey = place?.line == own.line && place?.column == own.column
      return SpecNode(.map(entries), at: startsAtKey ? place ?? own : own)
    case .alias:
      throw Diagnostic("an alias that leads nowhere", at: source.place(at: offset))
    }
  }

  private func scalar(_ scalar: Node.Scalar, at offset: Int) -> SpecNode {
    // A text folded from several lines is never a number, so it need not count as plain.
    let isPlain = scalar.style == .plain && !scalar.string.contains("\n")
    let text = restored(scalar.string)
    let token = source.token(at: offset, text: isPlain ? text : nil)
    return SpecNode(.scalar(text, isPlain: isPlain), at: source.place(token))
  }

  private mutating func entries(
    _ mapping: Node.Mapping, depth: Int
  ) throws(Diagnostic) -> [SpecEntry] {
    var entries: [SpecEntry] = []
    var lines: [String: Int] = [:]
    for (key, value) in mapping {
      let keyNode = try node(key, depth: depth + 1)
      let value = try node(value, depth: depth + 1)
      guard case .scalar(let name, _) = keyNode.content, !name.isEmpty else {
        diagnostics.add(
          "expected a text for a key, found \(keyNode.shown)", at: keyNode.place,
          hint: keyNode.entries.map { _ in "put quotes around a text that holds braces" })
        continue
      }
      if let first = lines[name] {
        diagnostics.add(
          "key `\(ScalarText.shortened(name))` occurs twice", at: keyNode.place,
          hint: "it is also in line \(first)")
        continue
      }
      lines[name] = keyNode.place.line
      entries.append(SpecEntry(name, at: keyNode.place, value))
    }
    return entries
  }

  private func restored(_ text: String) -> String {
    guard !replaced.isEmpty else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { replaced[$0] ?? $0 }))
  }
}
