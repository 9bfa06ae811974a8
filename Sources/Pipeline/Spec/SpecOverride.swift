import Basics

/// The `--set key=value` options of a command line, laid over a spec.
public enum SpecOverride {
  /// The file that the places of options name; the line is the number of the option, from 1.
  public static let file = "--set"

  /// `root` with the options set, one after the other.
  ///
  /// A key is a dotted path; below `sweep` what follows is one key, as it is there. The value is
  /// YAML (`[a, b]`, `{name: adam}`, `1e-4`); nothing takes a key away.
  ///
  /// - Parameter file: what places name, where the options are not those of `--set`.
  public static func apply(
    _ options: [String], to root: SpecNode, diagnostics: DiagnosticList, file: String = Self.file
  ) -> SpecNode {
    let lines = options.map { ScalarText.printable($0) }
    var root = root
    for (index, option) in lines.enumerated() {
      guard let (path, keyPlace) = key(of: option, file, line: index + 1, diagnostics),
        let value = value(of: option, file, line: index + 1, diagnostics)
      else { continue }
      do {
        root = try root.setting(path, to: value, keyPlace: keyPlace)
      } catch {
        diagnostics.add(error)
      }
    }
    // All options are one text, so that each has a line to point at.
    let text = lines.map { $0 + "\n" }.joined()
    diagnostics.sources.add(SourceText(text, file: file))
    return root
  }

  private static func key(
    of option: String, _ file: String, line: Int, _ diagnostics: DiagnosticList
  ) -> (path: [String], place: Place)? {
    let written = option.prefix { $0 != "=" }
    let place = Place(file: file, line: line, column: 1, length: max(1, written.count))
    guard written.count < option.count else {
      diagnostics.add(
        "expected `key=value` for `--set`, found `\(ScalarText.shortened(option))`", at: place)
      return nil
    }
    var path = written.split(separator: ".", omittingEmptySubsequences: false)
      .map { String($0.trimmed) }
    guard !path.contains("") else {
      diagnostics.add("a key is empty in `\(ScalarText.shortened(option))`", at: place)
      return nil
    }
    if path[0] == "sweep", path.count > 1 {
      // An axis is one key with dots in it, and so is what an arm overrides.
      let kept = path[1] == "arms" ? min(path.count - 1, 3) : 1
      path = path.prefix(kept) + [path.dropFirst(kept).joined(separator: ".")]
    }
    return (path, place)
  }

  /// Parses the value where it stands: blanks instead of the key, empty lines instead of the
  /// options before, and every place is right.
  private static func value(
    of option: String, _ file: String, line: Int, _ diagnostics: DiagnosticList
  ) -> SpecNode? {
    let key = option.prefix { $0 != "=" }
    let text =
      String(repeating: "\n", count: line - 1) + String(repeating: " ", count: key.count + 1)
      + option.dropFirst(key.count + 1)
    let node = SpecParser.parse(SourceText(text, file: file), diagnostics: diagnostics)
    guard let node, node.isNull else { return node }
    let column = min(option.count, key.count + 2)
    return SpecNode(node.content, at: Place(file: file, line: line, column: column))
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
