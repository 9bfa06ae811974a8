import Basics
import Experiments
import Foundation

/// What was planted in a phantom beside what was found.
extension RunTable {
  /// A block for each planted fact.
  func planted() -> [TextTable] {
    facts.compactMap { fact in
      switch fact {
      case .gap(let finding, let attribute, let group, let chance, let auroc):
        let name = metricName(finding, "minus_rest.\(attribute).\(group).auroc")
        let lines = rows.compactMap { row -> [String]? in
          guard !row.isBaseline, let metric = row.metrics?[name] else { return nil }
          return ["  " + row.arm, signed(metric.mean, metric.low, metric.high) ?? "–"]
            + [isFound(auroc, metric) ? "found" : "not found"]
        }
        return block(
          "planted: \(percent(chance)) of the labels of \(finding) are wrong for \(attribute) "
            + "\(group), so that "
            + "AUROC of \(group) minus the rest is "
            + "\(TextTable.signed(auroc)) for a perfect classifier", lines)
      case .policy(let finding, let present, let suited, let other):
        let name = metricName(finding, "auroc")
        let pValues = adjusted(name)
        let lines = rows.compactMap { row -> [String]? in
          let chosen = row.choices.compactMap { $0.table.chosen(finding)?.description }
          if !chosen.isEmpty {
            let right = chosen.count { $0 == suited }
            return [
              "  " + row.arm, "\(suited) chosen with \(right) of \(counted(chosen.count, "seed"))",
              right == chosen.count ? "found" : "not found",
            ]
          }
          guard let comparison = row.comparison, let own = row.policies[finding],
            let baseline = all[comparison.baseline].policies[finding],
            let difference = comparison.differences[name],
            let sign = [suited: 1.0, other: -1.0][own],
            baseline == (sign > 0 ? other : suited)
          else { return nil }
          let verdict = JudgedDifference(found: difference, adjusted: pValues[row.place]).verdict
          let expected = sign > 0 ? "better" : "worse"
          return [
            "  " + row.arm, signed(difference.difference, difference.low, difference.high) ?? "–",
            "\(verdict) \(verdict.hasPrefix("not") ? "from" : "than") \(baseline), "
              + (verdict == expected ? "found" : "not found"),
          ]
        }
        return block(
          "planted: \(percent(present)) of the uncertain cases of \(finding) have it, so that "
            + "AUROC is higher with \(suited) than with \(other)", lines)
      }
    }
  }

  private func block(_ title: String, _ lines: [[String]]) -> TextTable? {
    lines.isEmpty ? nil : TextTable(title: title, rows: lines)
  }

  private func percent(_ share: Double) -> String {
    "\(String(format: "%.3g", 100 * share)) %"
  }

  /// Whether the interval covers the planted value, and not zero.
  private func isFound(_ planted: Double, _ metric: MetricSummary) -> Bool {
    guard let low = metric.low, let high = metric.high else { return false }
    return low <= planted && planted <= high && !(low <= 0 && 0 <= high)
  }
}
