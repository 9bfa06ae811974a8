import Basics
import Experiments

/// The table for other programs.
extension RunTable {
  /// `{"rows": [{"arm", "settings", "seeds", "baseline", "pareto", "shortcut", "comparison",
  /// "metrics"}]}`, sorted keys.
  package func json() throws -> String {
    var adjusted: [String: [String: Double]] = [:]
    for name in rows.lazy.compactMap(\.comparison).first?.differences.names ?? [] {
      adjusted[name] = self.adjusted(name)
    }
    func judged(_ name: String, _ found: DifferenceSummary, _ arm: String) -> JudgedDifference {
      let pValue = adjusted[name]?[arm]
      return JudgedDifference(
        difference: found.difference, low: found.low, high: found.high, pValue: found.pValue,
        adjusted: pValue, verdict: Self.verdict(found, pValue: pValue))
    }
    return try ResultFile.text(
      Document(
        rows: rows.map { row in
          Document.Row(
            arm: row.arm,
            settings: Dictionary(row.settings.map { ($0.path, $0.value) }) { $1 },
            seeds: row.summary?.seeds ?? 0, baseline: row.isBaseline, pareto: row.isOnFront,
            shortcut: row.isBaseline ? nil : row.summary?.shortcut,
            comparison: row.comparison.map { comparison in
              let all = comparison.differences.names.compactMap { name in
                comparison.differences[name].map { (name, judged(name, $0, row.arm)) }
              }
              return .init(
                baseline: comparison.baseline,
                differences: Dictionary(all) { first, _ in first })
            },
            metrics: row.metrics?.all(choice.metrics.map(TableChoice.onTest)) ?? [:])
        }))
  }

  /// A line for each metric of each arm: `MetricTable.columns`.
  package func csv() -> [UInt8] {
    var bytes = CSVWriter(header: MetricTable.columns).bytes
    for row in rows { row.metrics?.append(to: &bytes, arm: row.arm) }
    return bytes
  }

  /// A difference with its p-value as it is and adjusted, and what they decide.
  private struct JudgedDifference: Encodable {
    let difference: Double?
    let low: Double?
    let high: Double?
    let pValue: Double?
    let adjusted: Double?
    let verdict: String

    enum CodingKeys: String, CodingKey {
      case difference, low, high, adjusted, verdict
      case pValue = "p_value"
    }
  }

  private struct Document: Encodable {
    struct Comparison: Encodable {
      let baseline: String
      let differences: [String: JudgedDifference]
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
  /// The metrics called `wanted`; all where there are none.
  fileprivate func all(_ wanted: [String]) -> [String: MetricSummary] {
    let names = wanted.isEmpty ? names() : wanted
    return Dictionary(names.compactMap { name in self[name].map { (name, $0) } }) { $1 }
  }
}
