import Basics
import Experiments
import Metrics
import Pipeline

/// What a table says of error consistency: whether the models err on the same cases.
package struct ConsistencyTable: Sendable {
  private let document: ConsistencyDocument?
  /// Why nothing is known.
  private let absent: String?

  /// What has run of it; nothing where it has not.
  ///
  /// - Throws: for a result that cannot be read.
  init(_ saved: SavedTable, store: Store) throws {
    absent = saved.inconsistency
    document = try saved.consistency.flatMap(Digest.init(hex:)).map {
      try ResultFile.read(ConsistencyDocument.self, store.objectPath($0))
    }
  }

  /// The blocks of text: a table of the findings, and what stands out.
  func blocks(_ style: TextTable.Style) -> [String] {
    guard let document else {
      return absent.map { [style.paragraph(["no error consistency: \($0)"])] } ?? []
    }
    if let reason = document.undefined {
      return [style.paragraph(["no error consistency: \(reason)"])]
    }
    let hasArms = document.mean.betweenArms != nil
    let hasSeeds = document.mean.withinArms != nil
    let means = document.findings.map { ($0.finding, $0.kappa, missed($0, document)) }
    let rows =
      (document.findings.count > 1 ? [("mean", document.mean, "")] : []) + means
    let header =
      ["error consistency κ of \(document.models) models"]
      + (hasArms ? ["between arms", "lowest … highest"] : [])
      + (hasSeeds ? ["between seeds of an arm"] : []) + ["missed by all"]
    let table = TextTable(
      header: header,
      rows: rows.map { name, kappa, missed in
        ["  \(name)"]
          + (hasArms ? [TextTable.cell(kappa.betweenArms), range(kappa)] : [])
          + (hasSeeds ? [TextTable.cell(kappa.withinArms)] : []) + [missed]
      })
    let notes = self.notes(document)
    return [style.table(table)] + (notes.isEmpty ? [] : [style.paragraph(notes)])
  }

  private func range(_ kappa: ConsistencyMeans) -> String {
    guard let low = kappa.lowest?.kappa, let high = kappa.highest?.kappa else { return "–" }
    return "\(TextTable.short(low)) … \(TextTable.short(high))"
  }

  private func missed(_ finding: FindingConsistency, _ document: ConsistencyDocument) -> String {
    // From 0 on.
    let models = finding.missedBy.count - 1
    guard models > 1, let count = finding.missedBy.last?.value else { return "–" }
    let some = models == document.models ? "" : " (\(models) models)"
    return "\(Int(count)) of \(finding.cases)\(some)"
  }

  /// The groups that are among the common misses more often, or less often, than among all cases.
  private func notes(_ document: ConsistencyDocument) -> [String] {
    let several = document.findings.count > 1
    var notes: [String] = []
    for finding in document.findings {
      let others = finding.groups.filter { group in
        guard group.group != GroupRule.unknown, let low = group.representation.low else {
          return false
        }
        return low > 1
      }
      guard !others.isEmpty else { continue }
      let looked = finding.groups.count { $0.group != GroupRule.unknown }
      let words = others.map { group in
        "\(group.attribute) \(group.group) × \(TextTable.cell(group.representation))"
      }
      notes.append(
        "over-represented among the \(Int(finding.missedBy.last?.value ?? 0)) cases that all models"
          + " miss\(several ? " in \(finding.finding)" : ""): \(words.joined(separator: ", "))"
          + " (\(looked) groups looked at, unadjusted)")
    }
    for line in Set(document.findings.flatMap(\.leftOut)).sorted().prefix(3) {
      notes.append("without error consistency: \(line)")
    }
    return notes
  }
}
