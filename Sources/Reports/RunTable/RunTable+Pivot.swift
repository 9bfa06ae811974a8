import Experiments
import Metrics

/// Tables of chosen metrics.
extension RunTable {
  /// The chosen metrics as columns.
  func chosen() -> TextTable {
    let names = choice.metrics.map(TableChoice.onTest)
    return TextTable(
      header: [""] + names.map(title),
      rows: rows.map { row in
        [(row.isOnFront ? "* " : "  ") + row.arm] + names.map { cell(row, $0) }
      })
  }

  /// A table for each metric: the values of an axis as columns, the other settings as rows, and the
  /// shortcut baselines of the arms below; `*` stands behind what is on the Pareto front.
  func pivoted(_ axis: String) -> [TextTable] {
    let arms = rows.filter { row in row.settings.contains { $0.path == axis } }
    func value(_ row: Row) -> String { row.settings.first { $0.path == axis }?.value ?? "" }
    func rest(_ row: Row) -> String {
      let words = row.settings.filter { $0.path != axis }.map(\.word).joined(separator: ", ")
      guard sweeps.count > 1 else { return words }
      return sweeps[row.sweep].title + (words.isEmpty ? "" : ": \(words)")
    }
    func distinct(_ words: [String]) -> [String] {
      words.reduce(into: []) { found, word in if !found.contains(word) { found.append(word) } }
    }
    let (columns, lines) = (distinct(arms.map(value)), distinct(arms.map(rest)))
    let baselines = rows.filter { row in arms.contains { $0.shortcut == row.place } }
    let word = arms.first?.settings.first { $0.path == axis }?.name ?? axis
    let usual =
      ["auroc"] + attributes.prefix(1).map { Gap.equalizedOddsDifference.metricName($0) }
    return (choice.metrics.isEmpty ? usual : choice.metrics).map(TableChoice.onTest).map { name in
      TextTable(
        header: [name.hasPrefix("test.") ? String(name.dropFirst(5)) : name]
          + columns.map { "\(word)=\($0)" },
        rows: lines.map { line in
          ["  " + line]
            + columns.map { column in
              arms.first { value($0) == column && rest($0) == line }.map {
                cell($0, name) + ($0.isOnFront ? " *" : "")
              } ?? ""
            }
        }
          + baselines.map { baseline in
            ["  " + baseline.arm]
              + columns.map { column in
                arms.contains { value($0) == column && $0.shortcut == baseline.place }
                  ? cell(baseline, name) : ""
              }
          })
    }
  }
}
