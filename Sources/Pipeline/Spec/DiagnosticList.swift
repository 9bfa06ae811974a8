import Basics

/// Collects everything that is wrong with a spec, so that all of it is reported at once.
public final class DiagnosticList {
  /// The texts that the diagnostics point into.
  public var sources = SpecSources()
  private var found: [Diagnostic] = []
  private var seen: Set<Diagnostic> = []

  /// An empty list.
  public init() {}

  /// Whether nothing is wrong.
  public var isEmpty: Bool { found.isEmpty }

  /// Adds a diagnostic, unless the same message was already given for the same place.
  public func add(_ diagnostic: Diagnostic) {
    var identity = diagnostic
    identity.hint = nil
    if seen.insert(identity).inserted { found.append(diagnostic) }
  }

  /// Adds a diagnostic.
  public func add(_ message: String, at place: Place?, hint: String? = nil) {
    add(Diagnostic(message, at: place, hint: hint))
  }

  /// The diagnostics by file, line and column; those without a place come first.
  public var sorted: [Diagnostic] {
    func isBefore(_ a: (offset: Int, element: Diagnostic), _ b: (offset: Int, element: Diagnostic))
      -> Bool
    {
      let (first, second) = (a.element.place, b.element.place)
      if first?.file != second?.file { return (first?.file ?? "") < (second?.file ?? "") }
      let firstKey = (first?.line ?? 0, first?.column ?? 0, a.offset)
      return firstKey < (second?.line ?? 0, second?.column ?? 0, b.offset)
    }
    return found.enumerated().sorted(by: isBefore).map(\.element)
  }

  /// Throws all diagnostics, sorted, if there are any.
  public func throwIfAny() throws(Diagnostics) {
    if !isEmpty { throw Diagnostics(sorted) }
  }

  /// All diagnostics with their lines and carets, a blank line between them.
  public var rendered: String {
    sorted.map { $0.rendered(source: sources.line) }.joined(separator: "\n")
  }
}

/// The lines of the texts that make up a spec: its file, those it extends, and `--set` options.
public struct SpecSources: Sendable {
  private var lines: [String: [String]] = [:]

  /// No texts.
  public init() {}

  /// Adds the lines of `file`, as they are shown.
  ///
  /// A tab becomes one blank, as does any other control character, so that carets line up.
  mutating func add(_ text: SourceText) {
    lines[text.file] = (0..<text.lineCount).map { ScalarText.printable(text.line($0)) }
  }

  /// The text of a line of a file, from 1; `nil` where there is none.
  public func line(_ file: String, _ line: Int) -> String? {
    guard let lines = lines[file], line >= 1, line <= lines.count else { return nil }
    return lines[line - 1]
  }
}
