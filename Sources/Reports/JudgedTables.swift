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
        + names(document).map { name in
          [name]
            + columns.map {
              document.metrics["\($0.1).\(name)"].map(TextTable.cell) ?? ""
            }
        })
    return [all] + findings(document) + confusion(document) + [thresholds.joined(separator: "\n")]
  }

  /// The metrics, those that the spec asked for last.
  private static func names(_ document: MetricsDocument) -> [String] {
    let asked = document.metrics.keys.filter { name in
      ["sensitivity_at_specificity_", "specificity_at_sensitivity_"].contains {
        name.hasPrefix("test.\($0)")
      }
    }
    let multiClass = [Statistic.accuracy, .balancedAccuracy, .auroc]
      .map(MetricName.multiClass).filter { document.metrics["test.\($0)"] != nil }
    return Statistic.allCases.map(\.rawValue)
      + [
        MetricName.calibrationSlope, MetricName.calibrationIntercept,
        MetricName.calibrationInterceptAtSlopeOne,
      ] + multiClass + asked.sorted().map { String($0.dropFirst("test.".count)) }
  }

  /// The means over lists of findings, by name.
  private static func means(_ document: MetricsDocument) -> [String] {
    let (start, end) = ("test.mean.", ".\(Statistic.auroc.rawValue)")
    return document.metrics.keys.filter { $0.hasPrefix(start) && $0.hasSuffix(end) }.sorted()
      .map { String($0.dropFirst("test.".count).dropLast(end.count)) }
  }

  /// Findings side by side, where there are several, and the means over some of them.
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
          + (names + means(document)).map { name in
            [name]
              + shown.map {
                TextTable.cell(document.metrics["test.\(name).\($0.statistic.rawValue)"])
              }
          })
    ]
  }

  /// What each class is taken for, where classes exclude each other.
  private static func confusion(_ document: MetricsDocument) -> [String] {
    let names = document.thresholds.filter { $0.per == document.per }.map(\.finding)
    guard document.metrics["test.\(MetricName.multiClass(.accuracy))"] != nil else { return [] }
    return [
      TextTable.aligned(
        [["taken for"] + names]
          + names.map { truth in
            [truth]
              + names.map {
                TextTable.cell(
                  document.metrics["test.\(MetricName.confusion(truth, takenFor: $0))"])
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
        record.pValue.map(TextTable.chance) ?? "", between,
      ]
    }
    return [TextTable.aligned([header] + rows), TextTable.aligned(gapRows)].joined(separator: "\n")
      + besidePrivileged(document, attribute, name)
  }

  /// The groups beside the privileged one, where there is one.
  private static func besidePrivileged(
    _ document: FairnessDocument, _ attribute: String, _ name: (String, String) -> String
  ) -> String {
    let records = (document.privileged ?? []).filter {
      $0.subset == "test" && $0.attribute == attribute
    }
    guard let privileged = records.first?.privileged else { return "" }
    let several = Set(records.map(\.finding)).count > 1
    let shown = ["average_odds_difference", "disparate_impact"]
    let rows = records.map { record in
      ["  \(several ? "\(record.finding): " : "")\(record.group)"]
        + shown.map { form in
          TextTable.cell(
            document.metrics[
              name(record.finding, "beside_privileged.\(attribute).\(record.group).\(form)")])
        } + [record.breaksFourFifthsRule == true ? "breaks the 80 % rule" : ""]
    }
    return "\n" + TextTable.aligned([["beside \(privileged)"] + shown + [""]] + rows)
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
