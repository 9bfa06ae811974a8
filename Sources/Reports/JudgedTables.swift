import Experiments
import Metrics

/// What `eval` and `fairness` found, as tables.
package enum JudgedTables {
  /// Every metric, the findings where there are several, and the thresholds.
  package static func metrics(_ document: MetricsDocument) -> [String] {
    let others = ["image", "study", "patient"].filter {
      document.metrics["test.per_\($0).\(Statistic.auroc.rawValue)"] != nil
    }
    let columns =
      [("test per \(document.per)", "test")]
      + others.map { ("test per \($0)", "test.per_\($0)") }
      + (document.subsets["valid"] == nil ? [] : [("valid per \(document.per)", "valid")])
    let isWithout = document.thresholds.allSatisfy { $0.threshold == nil }
    let thresholds =
      document.subsets["valid"] == nil && isWithout
      ? ["no threshold was given, so that what needs one is undefined"]
      : document.thresholds.map { record in
        "threshold of \(record.finding) per \(record.per): "
          + (record.threshold.map(TextTable.number) ?? record.undefined ?? "–")
          + " (\(record.rule) on \(record.on))"
      }
    let all = TextTable.aligned(
      [[""] + columns.map(\.0)]
        + Statistic.allCases.map { statistic in
          [statistic.rawValue]
            + columns.map { TextTable.cell(document.metrics["\($0.1).\(statistic.rawValue)"]) }
        })
    return [all] + findings(document) + [thresholds.joined(separator: "\n")]
  }

  /// Findings side by side, where there are several.
  private static func findings(_ document: MetricsDocument) -> [String] {
    let names = document.thresholds.filter { $0.per == document.per }.map(\.finding)
    guard names.count > 1 else { return [] }
    let shown: [(name: String, statistic: Statistic)] = [
      ("AUROC", .auroc), ("average precision", .averagePrecision),
      ("balanced accuracy", .balancedAccuracy), ("prevalence", .prevalence),
    ]
    return [
      TextTable.aligned(
        [["test per \(document.per)"] + shown.map(\.name)]
          + names.map { finding in
            [finding]
              + shown.map {
                TextTable.cell(document.metrics["test.\(finding).\($0.statistic.rawValue)"])
              }
          })
    ]
  }

  /// The groups of an attribute with their metrics, and the gaps between them.
  package static func groups(_ document: FairnessDocument, _ attribute: String) -> String {
    let groups = document.groups.filter { $0.subset == "test" && $0.attribute == attribute }
    let several = Set(groups.map(\.finding)).count > 1
    let statistics: [Statistic] = [
      .auroc, .sensitivity, .falsePositiveRate, .predictedPositiveRate,
    ]
    func name(_ finding: String, _ rest: String) -> String {
      several ? "test.\(finding).\(rest)" : "test.\(rest)"
    }
    let header = ["by \(attribute)", "n (patients)", "prevalence", "AUROC", "TPR", "FPR", "PPR"]
    let rows = groups.map { group in
      let title = several ? "\(group.finding): \(group.group)" : group.group
      return ["  \(title)", "\(group.cases) (\(group.patients))"]
        + ([.prevalence] + statistics).map { statistic in
          let rest = "group.\(attribute).\(group.group).\(statistic.rawValue)"
          return TextTable.cell(document.metrics[name(group.finding, rest)])
        }
    }
    let gaps = document.gaps.filter { $0.subset == "test" && $0.attribute == attribute }
    let gapRows = gaps.compactMap { record -> [String]? in
      guard let gap = Gap(rawValue: record.gap) else { return nil }
      let title = several ? "\(record.finding): \(record.gap)" : record.gap
      let between = [record.lowest, record.highest].compactMap { $0 }.joined(separator: " … ")
      return [
        "  \(title)",
        TextTable.cell(document.metrics[name(record.finding, gap.metricName(attribute))]),
        record.pValue.map { "p \(TextTable.number($0))" } ?? "", between,
      ]
    }
    return TextTable.aligned([header] + rows) + "\n" + TextTable.aligned(gapRows)
  }
}

extension TextTable {
  /// `0.912 [0.87, 0.95]`, or a dash.
  static func cell(_ record: EstimateRecord?) -> String {
    guard let record, let value = record.value else { return "–" }
    guard let low = record.low, let high = record.high else { return number(value) }
    return "\(number(value)) [\(short(low)), \(short(high))]"
  }
}
