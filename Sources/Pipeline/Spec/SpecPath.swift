import Basics
import Foundation

/// Paths as a spec writes them: relative to the file they stand in, with `~` and `${VAR}`.
public enum SpecPath {
  /// The variables of this process.
  public static let environment = ProcessInfo.processInfo.environment

  /// The path that `text` means in a file of `folder`.
  ///
  /// - Throws: for an empty text, a variable that is not set, and `${` without `}`.
  public static func resolved(
    _ text: String, below folder: String, environment: [String: String]
  ) throws(Diagnostic) -> String {
    guard !text.isEmpty else { throw Diagnostic("expected a path, found an empty text") }
    var path = ""
    var rest = text[...]
    if text == "~" || text.hasPrefix("~/") {
      path = try value("HOME", in: environment, of: "~")
      rest = rest.dropFirst()
    }
    while let start = rest.firstRange(of: "${") {
      path += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw Diagnostic("`${` is never closed in `\(ScalarText.shortened(text))`")
      }
      let name = String(rest[start.upperBound..<end])
      path += try value(name, in: environment, of: "${\(name)}")
      rest = rest[rest.index(after: end)...]
    }
    return Files.join(folder, path + rest)
  }

  /// `path` without `.` and with `name/..` taken out, to tell whether two paths are one.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  private static func value(
    _ name: String, in environment: [String: String], of text: String
  ) throws(Diagnostic) -> String {
    if let value = environment[name], !value.isEmpty { return value }
    let near = nearestName(to: name, among: environment.keys.sorted())
    throw Diagnostic(
      "`\(ScalarText.shortened(text))` needs the environment variable "
        + "`\(ScalarText.shortened(name))`, which is not set",
      hint: near.map { "did you mean `\($0)`?" })
  }
}
