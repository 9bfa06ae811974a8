import Experiments
import Metrics

/// Differences between arms, and what they decide when many are looked at.
extension RunTable {
  /// The p-values of differences in the metric called `name` by the places of rows, adjusted over all
  /// arms that are held against the same baseline, shown or not: leaving out rows afterwards makes no
  /// finding surer.
  func adjusted(_ name: String) -> [Int: Double] {
    var families: [Int: [(place: Int, pValue: Double)]] = [:]
    for row in all {
      guard let (baseline, differences) = row.comparison, let found = differences[name]?.pValue
      else { continue }
      families[baseline, default: []].append((row.place, found))
    }
    return families.values.reduce(into: [:]) { found, tests in
      found.merge(JudgedDifference.adjusted(name, tests, choice.adjustment)) { first, _ in first }
    }
  }

  /// A block for each arm that others are held against.
  func comparisons() -> [TextTable] {
    let names = comparedNames
    var baselines: [Int] = []
    for row in rows {
      guard let place = row.comparison?.baseline, !baselines.contains(place) else { continue }
      baselines.append(place)
    }
    let adjusted = names.map(adjusted)
    return baselines.map { baseline in
      TextTable(
        header: ["minus \(all[baseline].arm)"] + names.map(title),
        rows: rows.compactMap { row in
          guard let comparison = row.comparison, comparison.baseline == baseline else {
            return nil
          }
          return ["  " + row.arm]
            + zip(names, adjusted).map { name, pValues in
              cell(
                comparison.differences[name].map {
                  JudgedDifference(found: $0, adjusted: pValues[row.place])
                })
            }
        })
    }
  }

  /// `+0.012 [−0.003, +0.027] not distinguishable, p 0.210`.
  func cell(_ judged: JudgedDifference?) -> String {
    guard let judged,
      let text = signed(judged.found.difference, judged.found.low, judged.found.high)
    else { return "–" }
    return "\(text) \(judged.verdict)\(judged.adjusted.map { ", \(TextTable.chance($0))" } ?? "")"
  }

  /// What a column is called.
  func title(_ name: String) -> String {
    guard choice.metrics.isEmpty else {
      return name.hasPrefix("test.") ? String(name.dropFirst(5)) : name
    }
    for attribute in attributes {
      if name == "test.\(Gap.equalizedOddsDifference.metricName(attribute))" {
        return "equalized odds diff. by \(attribute)"
      }
      if name == "test.\(Gap.worstGroupAUROC.metricName(attribute))" {
        return "worst AUROC by \(attribute)"
      }
    }
    for finding in findings where name == "test.\(finding).auroc" { return "\(finding) AUROC" }
    return name == "test.auroc" ? "AUROC" : name
  }
}
