import Basics

/// Reads a section of a spec key by key and notes what is wrong with it.
///
/// A key whose value is null counts as absent. A key that is absent, or wrong (and then noted),
/// gives `nil` or the default, so that reading goes on and finds all that is wrong.
public final class SectionReader {
  /// The dotted path of the section; empty at the top.
  public let path: String
  /// Where the section is written; its key, where it has one.
  public let place: Place
  /// Where everything that is wrong goes.
  public let diagnostics: DiagnosticList
  /// The variables that paths may name.
  public let environment: [String: String]
  /// Notes what is asked for, where a schema is made.
  let recorder: KeyRecorder?

  private let node: SpecNode
  private var known: [String] = []
  private var sections: [SectionReader] = []
  private var isFinished = false

  /// A reader of the top of a spec.
  public convenience init(
    _ root: SpecNode, environment: [String: String] = SpecPath.environment,
    diagnostics: DiagnosticList, recorder: KeyRecorder? = nil
  ) {
    self.init(
      root, path: "", place: root.place, environment: environment, diagnostics: diagnostics,
      recorder: recorder)
    if root.entries == nil {
      diagnostics.add("expected keys with values at the top, found \(root.shown)", at: root.place)
    }
  }

  private init(
    _ node: SpecNode, path: String, place: Place, environment: [String: String],
    diagnostics: DiagnosticList, recorder: KeyRecorder?
  ) {
    self.recorder = recorder
    self.node = node
    self.path = path
    self.place = place
    self.environment = environment
    self.diagnostics = diagnostics
  }

  /// The keys that are written, in order, null or not, for a section that may have any keys.
  public var keys: [String] {
    recorder?.noteOpen(path)
    return node.entries?.map(\.key) ?? []
  }

  /// The value of `key` as written; `nil` where it is absent or null. The key becomes a known one.
  public func node(_ key: String) -> SpecNode? {
    if !known.contains(key) { known.append(key) }
    recorder?.note(.anything, key, in: path)
    guard let value = node[key], !value.isNull else { return nil }
    return value
  }

  /// The value of `key`, or `nil` and a note that it is missing.
  public func requiredNode(_ key: String) -> SpecNode? {
    if let value = node(key) { return value }
    let section = path.isEmpty ? "" : " in `\(path)`"
    diagnostics.add("missing key `\(key)`\(section)", at: place)
    return nil
  }

  /// Where the value of `key` is written; the section's place where it is absent.
  public func place(of key: String) -> Place {
    guard let value = node[key], !value.isNull else { return place }
    return value.place
  }

  /// Where `key` itself is written; the section's place where it is absent.
  public func keyPlace(of key: String) -> Place {
    node.entries?.first { $0.key == key }?.keyPlace ?? place
  }

  /// `train.epochs` for the key `epochs` of the section `train`.
  public func fullName(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// Notes something wrong with the value of `key`.
  public func add(_ message: String, at key: String, hint: String? = nil) {
    diagnostics.add(message, at: place(of: key), hint: hint)
  }

  /// The section under `key`; `nil` where it is absent or, noted, not a section.
  public func section(_ key: String) -> SectionReader? {
    recorder?.note(.section, key, in: path)
    guard let value = node(key) else {
      // A schema wants to know what would be asked for in a section that is not there.
      return recorder.map { _ in reader(of: SpecNode(.map([]), at: place), key) }
    }
    guard value.entries != nil else {
      mismatch("a section with keys", key, value)
      return nil
    }
    return reader(of: value, key)
  }

  /// The section under `key`, with nothing in it where it is absent.
  public func sectionOrEmpty(_ key: String) -> SectionReader {
    section(key) ?? reader(of: SpecNode(.map([]), at: place), key)
  }

  /// The section under `key`, or `nil` and a note that it is missing.
  public func requiredSection(_ key: String) -> SectionReader? { required(key, section) }

  /// The sections of the list under `key`; `nil` where it is no list. An item that is no section is
  /// noted.
  public func sections(_ key: String) -> [SectionReader]? {
    recorder?.note(.list(.section), key, in: path)
    guard let items = node(key)?.items else { return nil }
    return items.enumerated().compactMap { index, item in
      let name = "\(key).\(index)"
      guard item.entries != nil else {
        mismatch("a section with keys", name, item)
        return nil
      }
      return reader(of: item, name)
    }
  }

  /// What `read` makes of the value of `key`, and a note where it is missing.
  func required<Read>(_ key: String, _ read: (String) -> Read?) -> Read? {
    let value = read(key)
    return requiredNode(key) == nil && recorder == nil ? nil : value
  }

  /// Notes the keys that nobody asked for, here and in the sections read from here.
  ///
  /// Keys are known that were read, present or not.
  public func finish() {
    guard !isFinished else { return }
    isFinished = true
    for section in sections { section.finish() }
    for entry in node.entries ?? [] where !known.contains(entry.key) {
      let section = path.isEmpty ? "" : " in `\(path)`"
      diagnostics.add(
        "unknown key `\(ScalarText.shortened(entry.key))`\(section)", at: entry.keyPlace,
        hint: Self.hint(entry.key, among: known, name: "keys"))
    }
  }

  /// The nearest of `candidates`, or all of them.
  static func hint(_ name: String, among candidates: [String], name plural: String) -> String? {
    if let near = nearestName(to: name, among: candidates) { return "did you mean `\(near)`?" }
    return candidates.isEmpty ? nil : "the known \(plural) are \(candidates.quotedList)"
  }

  func mismatch(_ expected: String, _ key: String, _ found: SpecNode, hint: String? = nil) {
    diagnostics.add(
      "expected \(expected) for `\(fullName(key))`, found \(found.shown)", at: found.place,
      hint: hint)
  }

  private func reader(of value: SpecNode, _ key: String) -> SectionReader {
    if let old = sections.first(where: { $0.path == fullName(key) }) { return old }
    return item(value, key)
  }

  /// A reader of one of the sections that `key` lists.
  func item(_ value: SpecNode, _ key: String) -> SectionReader {
    let section = SectionReader(
      value, path: fullName(key), place: keyPlace(of: key), environment: environment,
      diagnostics: diagnostics, recorder: recorder)
    sections.append(section)
    return section
  }
}
