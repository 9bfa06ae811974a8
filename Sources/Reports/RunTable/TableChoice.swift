import Basics
import Experiments
import Metrics

/// What of a table is shown, and in which order.
package struct TableChoice: Sendable {
  /// The metrics to show, as in `metrics.tsv`, of test where they name no subset; the usual ones where
  /// there are none.
  package var metrics: [String] = []
  /// The metric that arms are sorted by, the best first; of validation where it names no subset.
  package var sort: String?
  /// Whether the worst arm comes first.
  package var isReversed = false
  /// `train.arch=resnet18`: only arms with these values; several of one axis mean any of them.
  package var filters: [String] = []
  /// The axis whose values become columns.
  package var pivot: String?
  /// The arm that all others are held against.
  package var baseline: String?
  /// The metrics of the Pareto front.
  package var front: [String] = []
  /// How p-values are adjusted for the number of arms.
  package var adjustment = TestFamily.Adjustment.holm

  /// Everything, in the order of the sweep.
  package init() {}

  private static let subsets = ["valid.", "test."]

  static func onTest(_ name: String) -> String {
    subsets.contains(where: name.hasPrefix) ? name : "test.\(name)"
  }

  static func onValidation(_ name: String) -> String {
    subsets.contains(where: name.hasPrefix) ? name : "valid.\(name)"
  }
}

extension RunTable {
  /// The metrics whose differences are shown.
  var comparedNames: [String] {
    if !choice.metrics.isEmpty { return choice.metrics.map(TableChoice.onTest) }
    let single = findings.count == 1 ? [] : findings
    return ["test.auroc"] + single.map { metricName($0, "auroc") }
      + attributes.prefix(1).map { "test.\(Gap.equalizedOddsDifference.metricName($0))" }
  }

  /// Refuses names of metrics that are none or stand there twice.
  func checkNames() throws(Diagnostic) {
    let lists = [
      ("--metrics", choice.metrics.map(TableChoice.onTest)),
      ("--front", choice.front.map(TableChoice.onValidation)),
      ("--sort", choice.sort.map { [TableChoice.onValidation($0)] } ?? []),
    ]
    for (option, names) in lists {
      for (index, name) in names.enumerated() {
        if names[..<index].contains(name) {
          throw Diagnostic("`\(name)` stands twice in `\(option)`")
        }
        try check(name)
      }
    }
  }

  /// Leaves out and sorts rows as the choice says.
  mutating func choose() throws(Diagnostic) {
    for (path, values) in try wanted() {
      rows.removeAll { row in
        !row.isBaseline && !row.settings.contains { $0.path == path && values.contains($0.value) }
      }
    }
    guard let sort = choice.sort else { return }
    let name = TableChoice.onValidation(sort)
    let isAscending = MetricName.higherIsBetter(name) == false
    func merit(_ row: Row) -> Double? {
      row.metrics?[name]?.mean.map { isAscending != choice.isReversed ? -$0 : $0 }
    }
    // Arms without a number come last, baselines after all.
    let order = rows.indices.sorted { a, b in
      if rows[a].isBaseline != rows[b].isBaseline { return rows[b].isBaseline }
      switch (merit(rows[a]), merit(rows[b])) {
      case (let x?, let y?) where x != y: return x > y
      case (.some, nil): return true
      case (nil, .some): return false
      default: return a < b
      }
    }
    rows = order.map { rows[$0] }
    remarks.append(
      "sorted by `\(name)`"
        + (name.hasPrefix("test.") ? ": an arm that is picked from here is picked on test" : ""))
  }

  /// The axis that `name` means: its path, or the last words of it.
  func axis(_ name: String) throws(Diagnostic) -> String {
    var paths: [String] = []
    for setting in rows.flatMap(\.settings) where !paths.contains(setting.path) {
      paths.append(setting.path)
    }
    let found = paths.filter { $0 == name || $0.hasSuffix(".\(name)") }
    guard found.count == 1 else {
      throw Diagnostic(
        found.isEmpty
          ? "`\(name)` is no axis of the sweep" : "`\(name)` can be \(found.quotedList)",
        hint: found.isEmpty && !paths.isEmpty ? "the axes are \(paths.quotedList)" : nil)
    }
    return found[0]
  }

  /// The values that each axis of the filters may have.
  private func wanted() throws(Diagnostic) -> [(path: String, values: [String])] {
    var found: [(path: String, values: [String])] = []
    for filter in choice.filters {
      guard let equals = filter.firstIndex(of: "=") else {
        throw Diagnostic("expected `axis=value` for `--where`, found `\(filter)`")
      }
      let path = try axis(String(filter[..<equals]))
      let value = String(filter[filter.index(after: equals)...])
      let known = rows.flatMap(\.settings).filter { $0.path == path }.map(\.value)
      guard known.contains(value) else {
        let near = nearestName(to: value, among: known)
        throw Diagnostic(
          "no arm has `\(value)` for `\(path)`", hint: near.map { "did you mean `\($0)`?" })
      }
      if let place = found.firstIndex(where: { $0.path == path }) {
        found[place].values.append(value)
      } else {
        found.append((path, [value]))
      }
    }
    return found
  }

  /// Throws where no row has the metric called `name`, though some have run.
  private func check(_ name: String) throws(Diagnostic) {
    let tables = all.compactMap(\.metrics)
    guard !tables.isEmpty, !tables.contains(where: { $0[name] != nil }) else { return }
    let names = tables[0].names()
    let short = name.drop { $0 != "." }.dropFirst()
    throw Diagnostic(
      "no arm has the metric `\(short)`",
      hint: nearestName(to: name, among: names).map {
        "did you mean `\($0.hasPrefix("test.") ? String($0.dropFirst(5)) : $0)`?"
      } ?? "`--format csv` lists all metrics")
  }
}
