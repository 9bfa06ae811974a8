import Experiments

/// Which arms no other arm beats, judged on validation.
extension RunTable {
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
        } + [dominated.isEmpty ? "none" : dominated.prefix(3).joined(separator: "; ") + more]
    }
    return TextTable(header: ["Pareto front"] + shown + ["dominates"], rows: lines)
  }
}

extension String {
  /// `auroc` for `valid.auroc`.
  fileprivate var droppingSubset: String {
    firstIndex(of: ".").map { String(self[index(after: $0)...]) } ?? self
  }
}
