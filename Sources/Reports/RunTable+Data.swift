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
              .init(baseline: $0.baseline, differences: $0.document.differences)
            },
            metrics: row.summary?.metrics ?? [:])
        }))
  }

  /// A line for each metric of each arm: `arm,metric,mean,sd,low,high,n,undefined`.
  package func csv() -> [UInt8] {
    var writer = CSVWriter(
      header: ["arm", "metric", "mean", "sd", "low", "high", "n", "undefined"])
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    for row in rows {
      for (name, metric) in (row.summary?.metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
        writer.append([
          row.arm, name, text(metric.mean), text(metric.sd), text(metric.low), text(metric.high),
          "\(metric.n)", metric.undefined ?? "",
        ])
      }
    }
    return writer.bytes
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
