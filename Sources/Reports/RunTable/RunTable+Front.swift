import Basics
import Experiments
import Metrics

/// Which arms no other arm beats, judged on validation.
extension RunTable {
  /// The metrics that the front is over.
  ///
  /// - Throws: for one of which more is neither better nor worse.
  func frontMetrics() throws(Diagnostic) -> [(name: String, higherIsBetter: Bool)] {
    let defaults = ["auroc"] + attributes.prefix(1).map(Gap.equalizedOddsDifference.metricName)
    var front: [(name: String, higherIsBetter: Bool)] = []
    for name in (choice.front.isEmpty ? defaults : choice.front).map(TableChoice.onValidation) {
      guard let better = MetricName.higherIsBetter(name) else {
        throw Diagnostic("more of `\(name)` is neither better nor worse")
      }
      front.append((name, better))
    }
    return front
  }

  /// The values of the front's metrics, larger is better; `nil` where one is undefined.
  private func merits(_ row: Row) -> [Double]? {
    let values = front.map { metric in
      row.metrics?[metric.name]?.mean.map { metric.higherIsBetter ? $0 : -$0 }
    }
    return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
  }

  /// Whether the first is nowhere worse and somewhere better.
  private static func dominates(_ a: [Double], _ b: [Double]) -> Bool {
    zip(a, b).allSatisfy(>=) && a != b
  }

  /// Arms that are judged on different cases are not compared.
  mutating func markFront() {
    guard isOfOneKind else { return }
    let all = rows.map { $0.isBaseline ? nil : merits($0) }
    for (index, own) in all.enumerated() {
      guard let own else { continue }
      rows[index].isOnFront = !all.contains { $0.map { Self.dominates($0, own) } ?? false }
    }
    let distances = MEDFAIR.distanceToUtopia(
      arms: all.map { $0?.map { .value($0) } ?? [] }, higherIsBetter: front.map { _ in true })
    for (index, distance) in distances.enumerated() { rows[index].utopia = distance.value }
  }

  /// The arms on the front: their numbers on validation, those on test beside them, and which arms
  /// each dominates.
  func frontBlock() -> TextTable? {
    let arms = rows.filter { !$0.isBaseline }.compactMap { row in
      merits(row).map { (row: row, merits: $0) }
    }
    guard arms.count > 1, arms.contains(where: \.row.isOnFront) else { return nil }
    let names = front.map(\.name)
    let shown = names + names.map { TableChoice.onTest($0.droppingSubset) }
    let lines = arms.filter(\.row.isOnFront).map { arm -> [String] in
      let dominated = arms.filter { Self.dominates(arm.merits, $0.merits) }.map(\.row.arm)
      let more = dominated.count > 3 ? " and \(dominated.count - 3) more" : ""
      return ["  " + arm.row.arm]
        + shown.map { name in
          arm.row.metrics?[name]?.mean.map(TextTable.number) ?? "–"
        } + [arm.row.utopia.map(TextTable.number) ?? "–"]
        + [dominated.isEmpty ? "none" : dominated.prefix(3).joined(separator: "; ") + more]
    }
    return TextTable(header: ["Pareto front"] + shown + ["from utopia", "dominates"], rows: lines)
  }

  /// What the front is over, or why there is none.
  func frontNotes() -> [String] {
    // Other cases are a note of their own.
    let arms = rows.filter { !$0.isBaseline && $0.metrics != nil }
    guard isOfOneKind, !arms.isEmpty else { return [] }
    let names = front.map { name, higher in "`\(name)` (\(higher ? "high" : "low"))" }
    var notes: [String] = []
    if rows.contains(where: \.isOnFront) {
      notes.append(
        "* on the Pareto front of \(names.joined(separator: " and ")), on validation; `from utopia`: the "
          + "distance from the best value of each over the arms")
    }
    let guessing = rows.filter { $0.isOnFront && $0.isLikeChance }.map(\.arm)
    if !guessing.isEmpty {
      notes.append(
        "on the front, but not shown to be better than chance (AUROC on validation): "
          + guessing.joined(separator: "; "))
    }
    for (name, _) in front {
      let lacking = arms.filter { $0.metrics?[name]?.mean == nil }
      guard let first = lacking.first else { continue }
      let reason = first.metrics?[name]?.undefined.map { ": \($0)" } ?? ""
      notes.append(
        lacking.count == arms.count
          ? "no Pareto front: `\(name)` is undefined for every arm\(reason)"
          : "not on the Pareto front, since `\(name)` is undefined\(reason): "
            + lacking.map(\.arm).joined(separator: "; "))
    }
    return notes
  }
}

extension RunTable.Row {
  /// Whether the AUROC on validation may be ½: who is always called ill is treated fairly, too.
  fileprivate var isLikeChance: Bool {
    metrics?["valid.\(Statistic.auroc.rawValue)"]?.low.map { $0 <= 0.5 } ?? false
  }
}

extension String {
  /// `auroc` for `valid.auroc`.
  fileprivate var droppingSubset: String {
    firstIndex(of: ".").map { String(self[index(after: $0)...]) } ?? self
  }
}
