/// A JSON Schema (draft 2020-12) of specs, made from what their reader asks for.
///
/// It lets through all that the reader takes. It requires no key, since `extends`, `sweep` and
/// `--set` may bring what a file lacks, and knows nothing of what one value means for another.
public struct SpecSchema {
  private let sections: [String: KeyRecorder.Section]
  private let defaults: [String: Value?]
  private let descriptions: [String: String]
  private let fixedKeys: Set<String>

  /// The schema of the keys in `recorder`.
  ///
  /// - Parameters:
  ///   - descriptions: a sentence for each key, by its full name.
  ///   - fixedKeys: keys of the top that a sweep cannot vary.
  public init(_ recorder: KeyRecorder, descriptions: [String: String], fixedKeys: Set<String>) {
    sections = recorder.sections
    defaults = recorder.defaults
    self.descriptions = descriptions
    self.fixedKeys = fixedKeys
  }

  /// The full names of all keys, sorted; those that a user chooses (findings, columns) are not among
  /// them.
  public var names: [String] {
    sections.filter { !$0.value.isOpen }
      .flatMap { path, section in section.keys.keys.map { Self.join(path, $0) } }.sorted()
  }

  /// The schema.
  public func value(title: String) -> Value {
    var definitions: [String: Value] = [
      "sweep": sweep, "range": range,
      "point": overrides(more: [SweepSetting.arm: type("string")]),
      "overrides": overrides(more: [:]),
    ]
    var properties = ["sweep": reference("sweep")]
    for name in names { definitions[name] = definition(name) }
    for key in (sections[""]?.keys ?? [:]).keys { properties[key] = reference(key) }
    return .map([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"), "title": .string(title),
      "type": .string("object"), "properties": .map(properties),
      "additionalProperties": .bool(false), "$defs": .map(definitions),
    ])
  }

  private func definition(_ name: String) -> Value {
    let (section, key) = Self.split(name)
    let kinds = sections[section]?.keys[key] ?? []
    var schema = Self.nullable(kinds.map { self.schema($0, name) })
    if let text = descriptions[name] { schema["description"] = .string(text) }
    if let fallback = defaults[name] ?? nil { schema["default"] = fallback }
    return .map(schema)
  }

  private func schema(_ kind: KeyRecorder.Kind, _ name: String) -> [String: Value] {
    switch kind {
    case .anything: return [:]
    case .text: return ["type": .list(["string", "number", "boolean"].map(Value.string))]
    case .bool: return ["type": .string("boolean")]
    case .number(let isWhole, let limits):
      return limits.merging(["type": .string(isWhole ? "integer" : "number")]) { $1 }
    case .name(let names): return ["enum": .list(names.map(Value.string))]
    case .list(let kind):
      let item = schema(kind, name)
      return ["anyOf": .list([.map(item), .map(Self.array(of: .map(item)))])]
    case .either(let kinds):
      return ["anyOf": .list(kinds.map { .map(schema($0, name)) })]
    case .section: return object(sections[name] ?? KeyRecorder.Section(), name)
    }
  }

  private func object(_ section: KeyRecorder.Section, _ name: String) -> [String: Value] {
    guard section.isOpen else {
      let properties = section.keys.keys.map { ($0, reference(Self.join(name, $0))) }
      return [
        "type": .string("object"), "properties": .map(Dictionary(properties) { first, _ in first }),
        "additionalProperties": .bool(false),
      ]
    }
    return ["type": .string("object"), "additionalProperties": openValue(section, name)]
  }

  /// What any key of a section may hold whose keys a user chooses; sections in it may be anything, since
  /// they are those of any key.
  private func openValue(_ section: KeyRecorder.Section, _ name: String) -> Value {
    var kinds: [KeyRecorder.Kind] = []
    for (_, more) in section.keys.sorted(by: { $0.key < $1.key }) {
      for kind in more where !kinds.contains(kind) && kind != .anything { kinds.append(kind) }
    }
    return .map(
      kinds.isEmpty
        ? [:]
        : Self.nullable(
          kinds.map { $0 == .section ? ["type": .string("object")] : schema($0, name) }))
  }

  // MARK: The sweep

  private var sweep: Value {
    var properties = axes
    let maps = { (value: Value) in
      Value.map(["anyOf": .list([value, .map(Self.array(of: value))])])
    }
    properties["arms"] = .map([
      "type": .string("object"), "minProperties": .int(1),
      "propertyNames": .map(["pattern": .string("^[^\\s.,=]+$")]),
      "additionalProperties": .map(["anyOf": .list([reference("overrides"), type("null")])]),
      "description": .string("named arms, each with what it lays over the spec"),
    ])
    properties["zip"] = maps(
      .map([
        "type": .string("object"), "properties": .map(axes), "minProperties": .int(1),
        "patternProperties": .map(patterns(axis)), "additionalProperties": .bool(false),
      ]))
    properties["exclude"] = maps(reference("point"))
    properties["include"] = maps(reference("point"))
    return .map([
      "type": .list([.string("object"), .string("null")]), "properties": .map(properties),
      "patternProperties": .map(patterns(axis)), "additionalProperties": .bool(false),
      "description": .string("axes that multiply, named arms, points left out or added"),
    ])
  }

  private func isFixed(_ name: String) -> Bool {
    name.split(separator: ".").first.map { fixedKeys.contains(String($0)) } ?? false
  }

  private var variable: [String] {
    names.filter { !isFixed($0) }
  }

  private var axes: [String: Value] {
    var properties = Dictionary(
      variable.map { ($0, axis(reference($0))) }, uniquingKeysWith: { first, _ in first })
    let count: Value = .map([
      "type": .string("integer"), "minimum": .int(1), "maximum": .int(Sweep.pointLimit),
    ])
    properties["seed"] = .map(["anyOf": .list([count, axis(reference("seed"))])])
    return properties
  }

  private func axis(_ item: Value) -> Value {
    .map([
      "anyOf": .list([
        .map(Self.array(of: item).merging(["minItems": .int(1)]) { $1 }), reference("range"),
        type("null"),
      ])
    ])
  }

  private func overrides(more: [String: Value]) -> Value {
    let properties = variable.map { ($0, reference($0)) } + more.map { ($0.key, $0.value) }
    return .map([
      "type": .string("object"), "properties": .map(Dictionary(properties) { $1 }),
      "patternProperties": .map(patterns { $0 }), "additionalProperties": .bool(false),
    ])
  }

  /// The key paths below sections whose keys a user chooses.
  private func patterns(_ schema: (Value) -> Value) -> [String: Value] {
    let open = sections.filter { $0.value.isOpen && !isFixed($0.key) }.map { path, section in
      ("^\(path.replacing(".", with: "\\."))\\..+$", schema(openValue(section, path)))
    }
    return Dictionary(open) { first, _ in first }
  }

  private var range: Value {
    let number = type("number")
    let ends: Value = .map(
      Self.array(of: number).merging(["minItems": .int(2), "maxItems": .int(2)]) { $1 })
    let properties: [String: Value] = [
      "range": ends, "log_range": ends,
      "step": .map(["type": .string("number"), "exclusiveMinimum": .int(0)]),
      "count": .map([
        "type": .string("integer"), "minimum": .int(2), "maximum": .int(Sweep.pointLimit),
      ]),
    ]
    return .map([
      "type": .string("object"), "properties": .map(properties),
      "additionalProperties": .bool(false),
      "anyOf": .list(
        [["range"], ["log_range", "count"]].map {
          .map(["required": .list($0.map(Value.string))])
        }),
      "description": .string("{range: [from, to], step: s} or {log_range: [from, to], count: n}"),
    ])
  }

  // MARK: Words of JSON Schema

  private func reference(_ name: String) -> Value { .map(["$ref": .string("#/$defs/\(name)")]) }
  private func type(_ name: String) -> Value { .map(["type": .string(name)]) }

  private static func array(of item: Value) -> [String: Value] {
    ["type": .string("array"), "items": item]
  }

  /// One of `schemas`, or null, which counts as absent.
  private static func nullable(_ schemas: [[String: Value]]) -> [String: Value] {
    guard schemas.count == 1, var only = schemas.first else {
      return ["anyOf": .list(schemas.map(Value.map) + [.map(["type": .string("null")])])]
    }
    switch (only["type"], only["enum"]) {
    case (.string(let type)?, _): only["type"] = .list([.string(type), .string("null")])
    case (.list(let types)?, _): only["type"] = .list(types + [.string("null")])
    case (_, .list(let names)?): only["enum"] = .list(names + [.null])
    default:
      return only.isEmpty
        ? only : ["anyOf": .list([.map(only), .map(["type": .string("null")])])]
    }
    return only
  }

  private static func join(_ section: String, _ key: String) -> String {
    section.isEmpty ? key : "\(section).\(key)"
  }

  private static func split(_ name: String) -> (section: String, key: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
