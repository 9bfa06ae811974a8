import Experiments
import Metrics

extension RunTable {
  /// The table as people read it.
  ///
  /// - Throws: for an axis that is none, and for replicates that cannot be read.
  package func text(_ style: TextTable.Style = .plain) throws -> String {
    guard let first = rows.lazy.compactMap(\.summary).first else {
      return "nothing has run yet\n"
    }
    let fair = try FairTable(self)
    var tables: [TextTable] = []
    if let pivot = choice.pivot {
      tables = pivoted(try axis(pivot))
    } else if choice.metrics.isEmpty {
      tables = [accuracy()] + [byFinding()].compactMap { $0 } + attributes.map(fairness)
    } else {
      tables = [chosen()]
    }
    tables +=
      [frontBlock()].compactMap { $0 } + comparisons() + fair.blocks(self)
      + chosenPolicies() + planted()
    let blocks =
      [style.paragraph(title(first))] + tables.map(style.table)
      + sweeps.flatMap { sweep in
        let blocks = sweep.consistency.blocks(style)
        return sweeps.count > 1 && !blocks.isEmpty
          ? [style.paragraph(["error consistency in \(sweep.title):"])] + blocks : blocks
      } + [style.paragraph(notes(fair))]
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func title(_ summary: ArmSummary) -> [String] {
    let seeds = Set(rows.filter { !$0.isBaseline }.compactMap(\.summary?.seeds)).sorted()
    let counts = summary.subsets["test"].map { ": \(Self.words($0))" }
    let over = seeds.isEmpty ? "the" : seeds.map(String.init).joined(separator: " or ")
    let hasIntervals = rows.contains { $0.metrics?["test.auroc"]?.low != nil }
    return [
      isOfOneKind ? "test, per \(summary.per)\(counts ?? "")" : "test",
      "mean ± standard deviation over \(over) seed\(seeds == [1] ? "" : "s")"
        + (hasIntervals
          ? " [95 % interval over \(seeds == [1] ? "" : "seeds and ")patients]" : ""),
    ]
  }

  private func accuracy() -> TextTable {
    // Of classes that exclude each other one is chosen, without thresholds.
    let classes = "test.\(MetricName.multiClass(.balancedAccuracy))"
    let isOneOf = rows.contains { $0.metrics?[classes] != nil }
    let balanced = isOneOf ? classes : "test.balanced_accuracy"
    return TextTable(
      header: [
        "", "AUROC", "average precision", "balanced accuracy\(isOneOf ? " of classes" : "")",
        "AUROC − shortcut",
      ],
      rows: rows.map { row in
        [
          (row.isOnFront ? "* " : "  ") + row.arm, cell(row, "test.auroc"),
          cell(row, "test.average_precision"), cell(row, balanced),
          row.isBaseline
            ? ""
            : cell(row.summary?.shortcut.map { JudgedDifference(found: $0, adjusted: nil) }),
        ]
      })
  }

  /// The AUROC of each finding, where there are several and not too many for a line.
  private func byFinding() -> TextTable? {
    guard (2...8).contains(findings.count) else { return nil }
    return TextTable(
      header: ["AUROC"] + findings,
      rows: rows.map { row in
        ["  " + row.arm] + findings.map { cell(row, metricName($0, "auroc")) }
      })
  }

  private func fairness(_ attribute: String) -> TextTable {
    let gaps: [(Gap, String)] = [
      (.equalizedOddsDifference, "equalized odds"),
      (.equalOpportunityDifference, "equal opportunity"),
      (.demographicParityDifference, "demographic parity"),
    ]
    return TextTable(
      header: ["by \(attribute)", "worst AUROC"] + gaps.map { "\($0.1) diff." }
        + ["AUROC minus the rest"],
      rows: rows.map { row in
        let worst = Gap.worstGroupAUROC.metricName(attribute)
        let group = row.summary?.worstGroups[attribute].map { " (\($0))" } ?? ""
        return ["  " + row.arm, cell(row, "test.\(worst)") + group]
          + gaps.map { cell(row, "test.\($0.0.metricName(attribute))") }
          + [farthest(row, attribute)]
      })
  }

  /// The group whose AUROC is farthest from that of the rest.
  func farthestGroup(
    _ row: Row, _ attribute: String
  ) -> (name: String, group: Substring, metric: MetricSummary)? {
    let (start, end) = ("test.minus_rest.\(attribute).", ".auroc")
    let groups = (row.metrics?.names(startingWith: start) ?? []).compactMap { name in
      guard name.hasSuffix(end), let metric = row.metrics?[name], metric.mean != nil else {
        return nil as (name: String, group: Substring, metric: MetricSummary)?
      }
      return (name, name.dropFirst(start.count).dropLast(end.count), metric)
    }
    return groups.max { abs($0.metric.mean ?? 0) < abs($1.metric.mean ?? 0) }
  }

  /// `F −0.071 [−0.098, −0.043]`.
  private func farthest(_ row: Row, _ attribute: String) -> String {
    guard let far = farthestGroup(row, attribute),
      let text = signed(far.metric.mean, far.metric.low, far.metric.high)
    else {
      return "–"
    }
    return "\(far.group) \(text)" + (far.metric.isPartial ? " \(TextTable.partial)" : "")
  }

  /// The name on test of a metric of a finding.
  func metricName(_ finding: String, _ rest: String) -> String {
    findings.count > 1 ? "test.\(finding).\(rest)" : "test.\(rest)"
  }

  /// `+0.012 [−0.003, +0.027]`.
  func signed(_ value: Double?, _ low: Double?, _ high: Double?) -> String? {
    guard let value else { return nil }
    guard let low, let high else { return TextTable.signed(value) }
    return "\(TextTable.signed(value)) [\(TextTable.signed(low)), \(TextTable.signed(high))]"
  }

  func cell(_ row: Row, _ name: String) -> String {
    guard let metric = row.metrics?[name], let mean = metric.mean else { return "–" }
    var text = TextTable.number(mean)
    if let sd = metric.sd { text += " ± \(TextTable.number(sd))" }
    if let low = metric.low, let high = metric.high {
      text += " [\(TextTable.short(low)), \(TextTable.short(high))]"
    }
    return metric.isPartial ? "\(text) \(TextTable.partial)" : text
  }
}
