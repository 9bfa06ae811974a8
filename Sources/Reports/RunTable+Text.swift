import Experiments
import Metrics

extension RunTable {
  /// The table as text.
  package func text() -> String {
    guard let first = rows.lazy.compactMap(\.summary).first else {
      return "nothing has run yet\n"
    }
    var blocks = [title(first), accuracy()]
    for attribute in attributes { blocks.append(fairness(attribute)) }
    blocks.append(notes().joined(separator: "\n"))
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private func title(_ summary: ArmSummary) -> String {
    let seeds = Set(rows.filter { !$0.isBaseline }.compactMap(\.summary?.seeds)).sorted()
    let counts = summary.subsets["test"].map {
      ": \($0.images) pictures of \($0.patients) patients"
    }
    let over = seeds.isEmpty ? "the" : seeds.map(String.init).joined(separator: " or ")
    let hasIntervals = rows.contains { $0.summary?.metrics["test.auroc"]?.low != nil }
    return (isOfOneKind ? "test, per \(summary.per)\(counts ?? "")\n" : "test\n")
      + "mean ± standard deviation over \(over) seed\(seeds == [1] ? "" : "s")"
      + (hasIntervals ? " [95 % interval over patients]" : "")
  }

  private func accuracy() -> String {
    TextTable.aligned(
      [["", "AUROC", "average precision", "balanced accuracy", "AUROC − shortcut"]]
        + rows.map { row in
          [
            (row.isOnFront ? "* " : "  ") + row.arm, cell(row, "test.auroc"),
            cell(row, "test.average_precision"), cell(row, "test.balanced_accuracy"),
            row.isBaseline ? "" : difference(row),
          ]
        })
  }

  private func fairness(_ attribute: String) -> String {
    let gaps: [(Gap, String)] = [
      (.equalizedOddsDifference, "equalized odds"),
      (.equalOpportunityDifference, "equal opportunity"),
      (.demographicParityDifference, "demographic parity"),
    ]
    return TextTable.aligned(
      [["by \(attribute)", "worst AUROC"] + gaps.map { "\($0.1) diff." }]
        + rows.map { row in
          let worst = Gap.worstGroupAUROC.metricName(attribute)
          let group = row.summary?.worstGroups[attribute].map { " (\($0))" } ?? ""
          return ["  " + row.arm, cell(row, "test.\(worst)") + group]
            + gaps.map { cell(row, "test.\($0.0.metricName(attribute))") }
        })
  }

  private func notes() -> [String] {
    var notes: [String] = []
    let names = front.map { name, higher in "`\(name)` (\(higher ? "high" : "low"))" }
    if rows.contains(where: \.isOnFront) {
      notes.append("* on the Pareto front of \(names.joined(separator: " and ")), on validation")
    }
    if !isOfOneKind {
      notes.append("the rows are judged on different cases, so that they cannot be compared:")
      for row in rows {
        guard let summary = row.summary, let counts = summary.subsets["test"] else { continue }
        notes.append(
          "  \(row.arm): per \(summary.per), \(counts.images) pictures of "
            + "\(counts.patients) patients")
      }
    }
    if !attributes.isEmpty, rows.contains(where: { $0.summary?.metrics.isEmpty == false }) {
      notes.append(
        "the interval of a gap never reaches zero; `show` says how often chance makes one as wide")
    }
    let arms = rows.filter { !$0.isBaseline }
    let losers = arms.filter { $0.summary.map { $0.shortcut.verdict != "better" } ?? false }
    if !losers.isEmpty {
      notes.append(
        "not shown to beat the shortcut baseline (attributes and picture statistics only): "
          + losers.map(\.arm).joined(separator: ", "))
    } else if arms.contains(where: { $0.summary != nil }) {
      notes.append(
        "every arm beats the shortcut baseline (attributes and picture statistics only)")
    }
    if rows.contains(where: { $0.summary?.thresholdOnTest == true }) {
      notes.append("! the threshold was fitted on test: what stands at a threshold is optimistic")
    }
    var reasons: [String] = []
    for row in rows {
      for name in shownMetrics {
        let metric = row.summary?.metrics[name]
        guard let reason = metric?.undefined ?? metric?.withheld.map({ "no interval, \($0)" })
        else { continue }
        let line = "– \(name): \(reason)"
        if !reasons.contains(line) { reasons.append(line) }
      }
    }
    notes += reasons.prefix(8)
    if reasons.count > 8 { notes.append("– and \(reasons.count - 8) more, see `--format json`") }
    let missing = rows.filter { $0.summary == nil }
    if !missing.isEmpty {
      notes.append("not complete: " + missing.map(\.arm).joined(separator: ", "))
    }
    return notes
  }

  private var shownMetrics: [String] {
    ["auroc", "average_precision", "balanced_accuracy"].map { "test.\($0)" }
      + attributes.flatMap { attribute in
        [
          Gap.worstGroupAUROC, .equalizedOddsDifference, .equalOpportunityDifference,
          .demographicParityDifference,
        ].map { "test.\($0.metricName(attribute))" }
      }
  }

  private func cell(_ row: Row, _ name: String) -> String {
    guard let metric = row.summary?.metrics[name], let mean = metric.mean else { return "–" }
    var text = TextTable.number(mean)
    if let sd = metric.sd { text += " ± \(TextTable.number(sd))" }
    if let low = metric.low, let high = metric.high {
      text += " [\(TextTable.short(low)), \(TextTable.short(high))]"
    }
    return text
  }

  private func difference(_ row: Row) -> String {
    guard let found = row.summary?.shortcut, let value = found.difference else { return "–" }
    var text = TextTable.signed(value)
    if let low = found.low, let high = found.high {
      text += " [\(TextTable.signed(low)), \(TextTable.signed(high))]"
    }
    return "\(text) \(found.verdict)"
  }
}
