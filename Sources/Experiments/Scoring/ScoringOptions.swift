import Basics
import Pipeline

/// What a person says of scores and labels that another program wrote.
package struct ScoringOptions: Sendable {
  /// Tables of scores, `path` or `name=path`; those of one name are seeds of one arm.
  package var predictions: [String] = []
  /// The table of labels and attributes.
  package var labels = ""
  /// The column that all tables have, by which rows belong together.
  package var key: String?
  package var patient: String?
  package var study: String?
  /// Other columns that hold something: `sex`, `age`, `view`, `finding`, `score`, `label`.
  package var columns: [String: String] = [:]
  /// What is judged; everything that both tables have where `nil`.
  package var findings: [String]?
  /// Scores of validation, or tables of thresholds: one for all, or one for each of `predictions`.
  package var thresholdsFrom: [String] = []
  /// The labels of validation, where `labels` lacks them.
  package var validLabels: String?
  /// The name of the table that the others are compared with.
  package var baseline: String?
  /// Keys of `eval` and `fairness` as a spec has them, with their values as YAML.
  package var settings: [(path: [String], value: SpecNode)] = []
  /// The same as `key=value` with a value in YAML, over `settings`: `eval.at=[tpr 0.9]`.
  package var overrides: [String] = []

  /// Nothing said.
  package init() {}

  /// Sets a key of `eval` or `fairness`.
  package mutating func set(_ path: [String], to value: String) {
    settings.append((path, SpecNode(.scalar(value, isPlain: true), at: Self.place)))
  }

  /// Sets a key to a list.
  package mutating func set(_ path: [String], to values: [String]) {
    let items = values.map { SpecNode(.scalar($0, isPlain: true), at: Self.place) }
    settings.append((path, SpecNode(.list(items), at: Self.place)))
  }

  static let place = Place(file: "", line: 1)

  /// The settings as the tree of a spec.
  func tree(_ diagnostics: DiagnosticList) -> SpecNode {
    for (index, option) in overrides.enumerated()
    where !option.hasPrefix("eval.") && !option.hasPrefix("fairness.") {
      diagnostics.add(
        "only keys of `eval` and `fairness` can be set",
        at: Place(file: SpecOverride.file, line: index + 1))
    }
    return SpecOverride.apply(overrides, to: settingsTree, diagnostics: diagnostics)
  }

  private var settingsTree: SpecNode {
    var sections: [String: [String: [SpecEntry]]] = [:]
    for (path, value) in settings {
      let entry = SpecEntry(path[path.count - 1], at: Self.place, value)
      sections[path[0], default: [:]][path.count > 2 ? path[1] : "", default: []].append(entry)
    }
    return Self.map(
      sections.sorted { $0.key < $1.key }.map { name, parts in
        let inner = parts.sorted { $0.key < $1.key }.flatMap { part, entries in
          part.isEmpty ? entries : [SpecEntry(part, at: Self.place, Self.map(entries))]
        }
        return SpecEntry(name, at: Self.place, Self.map(inner))
      })
  }

  /// The same with more sections, and what is judged.
  func tree(
    with sections: [(name: String, values: [String: String])], findings: [String],
    _ diagnostics: DiagnosticList
  ) -> SpecNode {
    let text = { (value: String) in SpecNode(.scalar(value, isPlain: false), at: Self.place) }
    let others = sections.map { name, values in
      SpecEntry(
        name, at: Self.place,
        Self.map(
          values.sorted { $0.key < $1.key }.map { SpecEntry($0, at: Self.place, text($1)) }))
    }
    let list = SpecNode(.list(findings.map(text)), at: Self.place)
    let labels = Self.map([SpecEntry("findings", at: Self.place, list)])
    return Self.map(
      (tree(diagnostics).entries ?? []) + others + [
        SpecEntry("labels", at: Self.place, labels)
      ])
  }

  private static func map(_ entries: [SpecEntry]) -> SpecNode { SpecNode(.map(entries), at: place) }
}
