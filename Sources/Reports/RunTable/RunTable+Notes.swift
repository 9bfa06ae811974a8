import Experiments
import Metrics

extension RunTable {
  /// What a reader of the table must know.
  func notes() -> [String] {
    var notes = remarks
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
    for row in rows {
      guard let other = row.incomparable else { continue }
      notes.append("\(row.arm) is not compared with \(other): other cases, or other draws of them")
    }
    if !attributes.isEmpty, rows.contains(where: { $0.metrics != nil }) {
      notes.append(
        "the interval of a gap never reaches zero; that of `minus the rest` (all groups at once) can, "
          + "and `show` has p-values")
    }
    let arms = rows.filter { !$0.isBaseline }
    let losers = arms.filter { $0.summary?.shortcut.map { $0.verdict != "better" } ?? false }
    if !losers.isEmpty {
      notes.append(
        "not shown to beat the shortcut baseline (attributes and picture statistics only): "
          + losers.map(\.arm).joined(separator: ", "))
    } else if arms.contains(where: { $0.summary?.shortcut != nil }) {
      notes.append(
        "every arm beats the shortcut baseline (attributes and picture statistics only)")
    } else if arms.contains(where: { $0.summary != nil }) {
      notes.append("no shortcut baseline: it needs the pictures, so nothing says what is easy here")
    }
    if rows.contains(where: { $0.summary?.thresholdOnTest == true }) {
      notes.append("! the threshold was fitted on test: what stands at a threshold is optimistic")
    }
    if comparedNames.contains(where: { !adjusted($0).isEmpty }) {
      notes.append(
        "p: two-sided paired permutation test over patients, adjusted for the arms held against one "
          + "baseline (\(choice.adjustment.rawValue))")
    }
    var reasons: [String] = []
    for row in rows {
      for name in shownMetrics {
        let metric = row.metrics?[name]
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
    if !choice.metrics.isEmpty { return choice.metrics.map(TableChoice.onTest) }
    return ["auroc", "average_precision", "balanced_accuracy"].map { "test.\($0)" }
      + attributes.flatMap { attribute in
        [
          Gap.worstGroupAUROC, .equalizedOddsDifference, .equalOpportunityDifference,
          .demographicParityDifference,
        ].map { "test.\($0.metricName(attribute))" }
      }
  }
}
