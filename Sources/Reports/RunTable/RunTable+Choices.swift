import Experiments

/// The label policies that were chosen, each time with the interval of what speaks for them.
extension RunTable {
  /// A block for each arm that chooses: finding and seed, what was chosen, and the paired difference of
  /// the other candidates from the first.
  func chosenPolicies() -> [TextTable] {
    rows.compactMap { row in
      let lines = row.choices.flatMap { seed, table in
        table.findings.map { finding in
          let tried = table.rows.filter { $0.finding == finding }
          return ["  \(finding)", "seed \(seed)", tried.first { $0.isChosen }?.policy ?? "–"]
            + [tried.first.map { "\($0.positives) on \($0.on)" } ?? ""]
            + tried.dropFirst().map { other in
              "\(other.policy) \(signed(other.difference, other.low, other.high) ?? "–")"
            }
        }
      }
      guard let first = row.choices.first?.table.rows.first, !lines.isEmpty else { return nil }
      return TextTable(
        title: "chosen by \(row.arm)",
        header: ["", "", "policy", "patients with it", "AUROC minus \(first.policy)"], rows: lines)
    }
  }
}
