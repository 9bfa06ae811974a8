import Basics
import Experiments

/// The table for other programs.
extension RunTable {
  /// `{"rows": [{"arm", "settings", "seeds", "baseline", "pareto", "shortcut", "comparison",
  /// "metrics"}]}`, sorted keys.
  package func json() throws -> String {
    try ResultFile.text(
      Document(
        rows: rows.map { row in
          Document.Row(
            arm: row.arm,
            settings: Dictionary(row.settings.map { ($0.path, $0.value) }) { $1 },
            seeds: row.summary?.seeds ?? 0, baseline: row.isBaseline, pareto: row.isOnFront,
            shortcut: row.isBaseline ? nil : row.summary?.shortcut,
            comparison: row.comparison.map {
              .init(baseline: $0.baseline, differences: $0.differences.all)
            },
            metrics: row.metrics?.all ?? [:])
        }))
  }

  /// A line for each metric of each arm: `MetricTable.columns`.
  package func csv() -> [UInt8] {
    var bytes = CSVWriter(header: MetricTable.columns).bytes
    for row in rows { row.metrics?.append(to: &bytes, arm: row.arm) }
    return bytes
  }

  private struct Document: Encodable {
    struct Comparison: Encodable {
      let baseline: String
      let differences: [String: DifferenceSummary]
    }
    struct Row: Encodable {
      let arm: String
      let settings: [String: String]
      let seeds: Int
      let baseline: Bool
      let pareto: Bool
      let shortcut: DifferenceSummary?
      let comparison: Comparison?
      let metrics: [String: MetricSummary]
    }
    let rows: [Row]
  }
}

extension MetricTable {
  fileprivate var all: [String: MetricSummary] {
    Dictionary(uniqueKeysWithValues: names().compactMap { name in self[name].map { (name, $0) } })
  }
}

extension ComparisonTable {
  fileprivate var all: [String: DifferenceSummary] {
    Dictionary(uniqueKeysWithValues: names.compactMap { name in self[name].map { (name, $0) } })
  }
}
