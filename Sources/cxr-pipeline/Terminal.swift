import Basics
import Foundation

/// Words for people, on standard error; data goes to standard output.
enum Terminal {
  /// Whether standard error is a terminal on which lines can be drawn again.
  static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
  }

  /// Whether colour is wanted there; it never carries meaning.
  static var hasColour: Bool { isInteractive && (environment["NO_COLOR"] ?? "").isEmpty }

  /// The width of the terminal in columns.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes `text` to standard error.
  static func say(_ text: String, terminator: String = "\n") {
    StandardStreams.say(text + terminator)
  }

  /// Writes data to standard output; ends the program where that is not possible.
  static func put(_ text: String) {
    guard let problem = StandardStreams.put(text) else { return }
    error(Diagnostic("cannot write to standard output: \(problem)"))
    exit(1)
  }

  /// Writes an error with its line, where there is one.
  static func error(_ diagnostic: Diagnostic) {
    error(diagnostic.rendered(source: line), isRendered: true)
  }

  /// Writes an error that is rendered already.
  static func error(_ text: String, isRendered: Bool) {
    guard hasColour else { return say(text, terminator: "") }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      if line.hasPrefix("error:") { return "\u{1b}[1;31merror\u{1b}[0m\(line.dropFirst(5))" }
      if line.hasPrefix("hint:") { return "\u{1b}[1;36mhint\u{1b}[0m\(line.dropFirst(4))" }
      return String(line)
    }
    say(lines.joined(separator: "\n"), terminator: "")
  }

  private static func line(_ file: String, _ number: Int) -> String? {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(number - 1) else { return nil }
    // What is no text may hold anything, and a terminal obeys some of it.
    return String(
      String.UnicodeScalarView(
        lines[number - 1].unicodeScalars.map {
          $0.properties.generalCategory == .control ? " " : $0
        }))
  }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
