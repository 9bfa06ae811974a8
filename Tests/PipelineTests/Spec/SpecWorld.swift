import Basics
import Pipeline

/// A spec in memory: its files, and what was found wrong with it.
struct SpecWorld {
  let diagnostics = DiagnosticList()
  var files: [String: String] = [:]
  var environment = ["HOME": "/home/ada", "DATA": "/data"]

  /// Parses `text` as `spec.yaml`; an empty map where it is no spec.
  func parse(_ text: String) -> SpecNode {
    SpecFile.parse(text: text, file: "spec.yaml", diagnostics: diagnostics)?.root
      ?? SpecNode(.map([]), at: Place(file: "spec.yaml", line: 1))
  }

  func reader(_ text: String) -> SectionReader {
    SectionReader(parse(text), environment: environment, diagnostics: diagnostics)
  }

  /// Reads a file of `files` and those it extends.
  func read(_ path: String) -> SpecNode? {
    SpecFile.read(path: path, environment: environment, diagnostics: diagnostics) {
      path throws(Diagnostic) in
      guard let text = files[path] else {
        throw Diagnostic("cannot read `\(path)`: no such file or directory")
      }
      return Array(text.utf8)
    }?.root
  }

  /// `line:column+length message` of each diagnostic.
  var found: [String] {
    diagnostics.sorted.map { diagnostic in
      let place = diagnostic.place.map {
        "\($0.line):\($0.column.map(String.init) ?? "-")+\($0.length) "
      }
      return (place ?? "") + diagnostic.message
    }
  }

  var hints: [String?] { diagnostics.sorted.map(\.hint) }
}
