import Basics

/// A spec as written: the tree of a file, laid over those that it `extends`.
public struct SpecFile: Sendable {
  /// The file, as the user named it.
  public let path: String
  /// The tree, a map.
  public let root: SpecNode

  /// The largest file that is taken for a spec, in bytes.
  static let sizeLimit = 1 << 20
  private static let chainLimit = 32

  /// Reads the spec at `path` and, below it, those that it extends.
  ///
  /// - Parameter read: the bytes of a file.
  /// - Returns: `nil` where the file cannot be read or is not a map; the reasons are in
  ///   `diagnostics`, which may hold others even when a spec is returned.
  public static func read(
    path: String, environment: [String: String] = SpecPath.environment,
    diagnostics: DiagnosticList,
    read: (String) throws(Diagnostic) -> [UInt8] = Files.read
  ) -> SpecFile? {
    let chain = SpecChain(environment: environment, diagnostics: diagnostics)
    return chain.load(path, after: [], place: nil, read: read)
      .map { SpecFile(path: path, root: $0) }
  }

  /// Parses the text of one spec, whose `extends` stays a key like others.
  public static func parse(
    text: String, file: String, diagnostics: DiagnosticList
  ) -> SpecFile? {
    parse(Array(text.utf8), file: file, diagnostics: diagnostics)
  }

  /// Parses the bytes of one spec, whose `extends` stays a key like others.
  public static func parse(
    _ bytes: [UInt8], file: String, diagnostics: DiagnosticList
  ) -> SpecFile? {
    guard bytes.count <= sizeLimit else {
      diagnostics.add("`\(file)` is larger than 1 MiB and cannot be a spec", at: nil)
      return nil
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
      let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
      diagnostics.add("the text is not UTF-8", at: Place(file: file, line: index + 1))
      return nil
    }
    guard let root = SpecParser.parse(SourceText(text, file: file), diagnostics: diagnostics)
    else { return nil }
    if root.isNull {
      diagnostics.add("the spec is empty", at: Place(file: file, line: 1))
      return nil
    }
    guard root.entries != nil else {
      diagnostics.add("expected keys with values at the top, found \(root.shown)", at: root.place)
      return nil
    }
    return SpecFile(path: file, root: root)
  }

  /// Follows `extends` from file to file.
  private struct SpecChain {
    let environment: [String: String]
    let diagnostics: DiagnosticList

    func load(
      _ path: String, after chain: [String], place: Place?,
      read: (String) throws(Diagnostic) -> [UInt8]
    ) -> SpecNode? {
      let path = SpecPath.normalized(path)
      if let first = chain.firstIndex(of: path) {
        let cycle = (chain[first...] + [path]).map { "`\($0)`" }.joined(separator: " → ")
        diagnostics.add("a spec extends itself: \(cycle)", at: place)
        return nil
      }
      guard chain.count < chainLimit else {
        diagnostics.add("more than \(chainLimit) specs extend each other", at: place)
        return nil
      }
      let bytes: [UInt8]
      do {
        bytes = try read(path)
      } catch {
        diagnostics.add(error.message, at: place ?? error.place, hint: error.hint)
        return nil
      }
      guard let root = SpecFile.parse(bytes, file: path, diagnostics: diagnostics)?.root else {
        return nil
      }
      guard let name = root["extends"], !name.isNull else { return root.removing("extends") }
      guard let text = name.text else {
        diagnostics.add("expected a file for `extends`, found \(name.shown)", at: name.place)
        return root.removing("extends")
      }
      let base: String
      do {
        base = try SpecPath.resolved(text, below: Files.parent(of: path), environment: environment)
      } catch {
        diagnostics.add(error.message, at: name.place, hint: error.hint)
        return root.removing("extends")
      }
      // Without the spec below, most of what would be said of this one is wrong.
      return load(base, after: chain + [path], place: name.place, read: read)?
        .overlaid(by: root).removing("extends")
    }
  }
}
