import Experiments
import Metrics

/// Differences between arms, and what they decide when many are looked at.
extension RunTable {
  /// The p-values of differences in the metric called `name` by arm, adjusted over the arms that are
  /// held against the same baseline.
  func adjusted(_ name: String) -> [String: Double] {
    var families: [String: [(name: String, pValue: Measure)]] = [:]
    for row in rows {
      guard let (baseline, differences) = row.comparison, let found = differences[name]?.pValue
      else { continue }
      families[baseline, default: []].append((row.arm, .value(found)))
    }
    var found: [String: Double] = [:]
    for tests in families.values {
      let adjusted = TestFamily(name, tests).adjusted(choice.adjustment)
      for (test, value) in zip(tests, adjusted) { found[test.name] = value.value }
    }
    return found
  }

  /// What interval and p-value decide together.
  static func verdict(_ difference: DifferenceSummary, pValue: Double?) -> String {
    if let pValue, pValue > 0.05 { return Difference.Verdict.notDistinguishable.rawValue }
    return difference.verdict
  }

  /// A block for each arm that others are held against.
  func comparisons() -> [TextTable] {
    let names = comparedNames
    var baselines: [String] = []
    for row in rows {
      guard let name = row.comparison?.baseline, !baselines.contains(name) else { continue }
      baselines.append(name)
    }
    let adjusted = names.map(adjusted)
    return baselines.map { baseline in
      TextTable(
        header: ["minus \(baseline)"] + names.map(title),
        rows: rows.compactMap { row in
          guard let comparison = row.comparison, comparison.baseline == baseline else {
            return nil
          }
          return ["  " + row.arm]
            + zip(names, adjusted).map { name, pValues in
              cell(comparison.differences[name], pValue: pValues[row.arm])
            }
        })
    }
  }

  /// `+0.012 [−0.003, +0.027] not distinguishable, p 0.21`.
  func cell(_ difference: DifferenceSummary?, pValue: Double?) -> String {
    guard let difference,
      let text = signed(difference.difference, difference.low, difference.high)
    else { return "–" }
    let chance = pValue.map { ", p \(TextTable.number($0))" } ?? ""
    return "\(text) \(Self.verdict(difference, pValue: pValue))\(chance)"
  }

  /// What arms with balancing or weights gain over plain training and group-balanced sampling.
  func fairBaselines() throws -> (blocks: [TextTable], notes: [String]) {
    let arms = rows.filter { $0.fairBaselines != nil }
    guard !arms.isEmpty else { return ([], []) }
    let names =
      attributes.prefix(1).flatMap { attribute in
        [Gap.worstGroupAUROC, .equalizedOddsDifference].map {
          "test.\($0.metricName(attribute))"
        }
      } + ["test.auroc"]
    var (blocks, notes): ([TextTable], [String]) = ([], [])
    let kinds: [(title: String, yaml: String, arm: (FairBaselines) -> String?)] = [
      ("plain training", "{sample: {method: all}, train: {class_weights: none}}", { $0.plain }),
      (
        "group-balanced sampling",
        "{sample: {method: \(FairBaselines.groupBalanced), by: \(attributes.first ?? "sex")}}",
        { $0.balanced }
      ),
    ]
    var isBetter = false
    for (word, yaml, baseline) in kinds {
      var lines: [[String]] = []
      for row in arms {
        guard let name = row.fairBaselines.flatMap(baseline), name != row.arm,
          let other = rows.first(where: { $0.arm == name }),
          let own = try row.files.estimates(names), let theirs = try other.files.estimates(names),
          own.isPaired(with: theirs)
        else { continue }
        let differences = ArmDifferences(own, theirs)
        lines.append(["  " + row.arm] + names.map { cell(differences[$0], pValue: nil) })
        isBetter = isBetter || names.contains { differences[$0]?.verdict == "better" }
      }
      if !lines.isEmpty {
        blocks.append(TextTable(header: ["minus \(word)"] + names.map(title), rows: lines))
      }
      if arms.contains(where: { $0.fairBaselines.flatMap(baseline) == nil }) {
        notes.append(
          "! \(word) is missing beside balancing and weights; add to `sweep.arms`: "
            + "\(word.replacing(" ", with: "-")): \(yaml)")
      }
    }
    if !blocks.isEmpty, !isBetter {
      notes.append(
        "no balancing or weighting is shown to beat plain training or group-balanced sampling")
    }
    return (blocks, notes)
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
