import Basics
import Experiments
import Metrics

extension RunTable {
  /// What a reader of the table must know.
  func notes(_ fair: FairTable) -> [String] {
    var notes = remarks + frontNotes() + caseNotes()
    for row in rows {
      guard let other = row.incomparable else { continue }
      notes.append("\(row.arm) is not compared with \(other): other cases, or other draws of them")
    }
    notes += gapNotes() + shortcutNotes() + seedNotes() + sameNotes()
    if rows.contains(where: { $0.summary?.thresholdOnTest == true }) {
      notes.append("! the threshold was fitted on test: what stands at a threshold is optimistic")
    }
    let shown = Set(rows.compactMap { $0.comparison == nil ? nil : $0.place })
    if comparedNames.contains(where: { !shown.isDisjoint(with: adjusted($0).keys) }) {
      notes.append(
        "p: two-sided paired permutation test over patients, with the networks as they were trained; "
          + "adjusted for the arms held against one baseline (\(choice.adjustment.rawValue))")
    }
    notes += reasons()
    let missing = rows.filter { $0.summary == nil }
    if !missing.isEmpty {
      notes.append("not complete: " + missing.map(\.arm).joined(separator: "; "))
    }
    return notes + fair.notes(self)
  }

  /// Which rows are judged on which cases, where not all are on the same.
  private func caseNotes() -> [String] {
    guard !isOfOneKind else { return [] }
    var kinds: [(kind: [String], title: String, arms: [String])] = []
    for row in rows {
      guard let summary = row.summary else { continue }
      let kind = Self.kind(summary)
      if let place = kinds.firstIndex(where: { $0.kind == kind }) {
        kinds[place].arms.append(row.arm)
      } else {
        let counts = summary.subsets["test"].map { ", \(Self.words($0))" } ?? ""
        kinds.append((kind, "per \(summary.per)\(counts)", [row.arm]))
      }
    }
    return [
      "the rows are judged on different cases, so that they cannot be compared and there is no Pareto "
        + "front; on the same:"
    ] + kinds.map { "  \($0.title): \($0.arms.joined(separator: "; "))" }
  }

  /// `3 pictures of 1 patient`.
  static func words(_ counts: SubsetCounts) -> String {
    "\(counted(counts.images, "picture")) of \(counted(counts.patients, "patient"))"
  }

  private func gapNotes() -> [String] {
    var notes: [String] = []
    if !attributes.isEmpty, rows.contains(where: { $0.metrics != nil }) {
      notes.append(
        "a gap is never below zero, so that its interval cannot tell whether there is one; that of "
          + "`minus the rest` (all groups at once) can, and `show` has p-values")
    }
    let isOutside = rows.contains { row in
      shownMetrics.contains { name in
        guard let metric = row.metrics?[name], let mean = metric.mean, let low = metric.low,
          let high = metric.high
        else { return false }
        return mean < low || mean > high
      }
    }
    if isOutside {
      notes.append(
        "a number can lie outside its interval: the largest gap and the worst group are more extreme "
          + "among drawn patients than among all, as chance is added to them")
    }
    return notes
  }

  /// Arms that are one training under several names: their settings change nothing here.
  private func sameNotes() -> [String] {
    var alike: [(files: [String?], arms: [String])] = []
    for row in rows where !row.isBaseline && row.metrics != nil {
      let files = [row.files.metrics, row.files.replicates]
      if let place = alike.firstIndex(where: { $0.files == files }) {
        alike[place].arms.append(row.arm)
      } else {
        alike.append((files, [row.arm]))
      }
    }
    return alike.filter { $0.arms.count > 1 }.map {
      "the same to the last digit, since what they change has no effect here: "
        + $0.arms.joined(separator: "; ")
    }
  }

  /// That few seeds say little.
  private func seedNotes() -> [String] {
    let seeds = rows.filter { !$0.isBaseline }.compactMap(\.summary?.seeds).filter { $0 > 1 }
    guard let fewest = seeds.min(), fewest < 10 else { return [] }
    return [
      "\(fewest) seeds say little about chance in training: an interval over them shows "
        + "\(fewest - 1)/\(fewest) of their variance"
    ]
  }

  private func shortcutNotes() -> [String] {
    let arms = rows.filter { !$0.isBaseline }
    let losers = arms.filter { $0.summary?.shortcut.map { $0.verdict != "better" } ?? false }
    if !losers.isEmpty {
      return [
        "not shown to beat the shortcut baseline (attributes and picture statistics only): "
          + losers.map(\.arm).joined(separator: "; ")
      ]
    }
    if arms.contains(where: { $0.summary?.shortcut != nil }) {
      return ["every arm beats the shortcut baseline (attributes and picture statistics only)"]
    }
    return arms.contains { $0.summary != nil }
      ? ["no shortcut baseline: it needs the pictures, so nothing says what is easy here"] : []
  }

  /// Why there is a dash, or a number of less than one may think; a reason once for all that share it.
  private func reasons() -> [String] {
    var found: [(mark: String, reason: String, names: [String])] = []
    let farthest =
      choice.metrics.isEmpty
      ? attributes.flatMap { attribute in rows.compactMap { farthestGroup($0, attribute)?.name } }
      : []
    for name in shownMetrics + Set(farthest).sorted() {
      for row in rows {
        guard let metric = row.metrics?[name],
          let reason = metric.undefined ?? metric.withheld.map({ "no interval, \($0)" })
        else { continue }
        let mark = metric.isPartial ? TextTable.partial : "–"
        if let place = found.firstIndex(where: { $0.mark == mark && $0.reason == reason }) {
          if !found[place].names.contains(name) { found[place].names.append(name) }
        } else {
          found.append((mark, reason, [name]))
        }
      }
    }
    return found.map { "\($0.mark) \($0.names.joined(separator: ", ")): \($0.reason)" }
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

extension MetricSummary {
  /// Whether it is a number that is not over all seeds or findings.
  var isPartial: Bool { mean != nil && undefined != nil }
}

extension TextTable {
  /// What stands behind a number that is not over all seeds or findings.
  static let partial = "†"
}
