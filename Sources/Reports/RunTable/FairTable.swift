import Experiments
import Metrics

/// What arms with balancing or weights gain over plain training and group-balanced sampling.
struct FairTable {
  /// An arm held against one of the two.
  struct Entry {
    let kind: FairBaselines.Kind
    let arm: RunTable.Row
    let baseline: RunTable.Row
    let differences: [String: JudgedDifference]
  }

  /// The metrics that decide.
  let names: [String]
  /// The comparisons of the arms that are shown.
  private(set) var entries: [Entry] = []
  /// What is missing, and what adds it.
  private(set) var missing: [(sweep: Int, kind: FairBaselines.Kind, advice: FairBaselines.Advice)] =
    []

  /// Holds all arms against both; adjusts before rows are chosen.
  init(_ table: RunTable) throws {
    names =
      table.attributes.prefix(1).flatMap { attribute in
        [Gap.worstGroupAUROC, .equalizedOddsDifference].map { "test.\($0.metricName(attribute))" }
      } + ["test.auroc"]
    let shown = Set(table.rows.map(\.place))
    for kind in FairBaselines.Kind.allCases {
      var families: [Int: [(arm: Int, differences: ArmDifferences)]] = [:]
      for row in table.all {
        guard let fair = row.fairBaselines else { continue }
        if let advice = fair.advice[kind.rawValue], shown.contains(row.place),
          !missing.contains(where: { $0.sweep == row.sweep && $0.kind == kind })
        {
          missing.append((row.sweep, kind, advice))
        }
        guard let other = fair[kind].flatMap({ table.place(of: $0, in: row.sweep) }),
          other != row.place, let own = try row.files.estimates(names),
          let theirs = try table.all[other].files.estimates(names), own.isPaired(with: theirs)
        else { continue }
        families[other, default: []].append(
          (row.place, ArmDifferences(own, theirs, isTested: true)))
      }
      for (baseline, family) in families.sorted(by: { $0.key < $1.key }) {
        entries += judged(family, against: baseline, kind, table).filter {
          shown.contains($0.arm.place)
        }
      }
    }
    // As the rows are sorted.
    let order = Dictionary(uniqueKeysWithValues: zip(table.rows.map(\.place), table.rows.indices))
    entries.sort { (order[$0.arm.place] ?? 0) < (order[$1.arm.place] ?? 0) }
  }

  private func judged(
    _ family: [(arm: Int, differences: ArmDifferences)], against baseline: Int,
    _ kind: FairBaselines.Kind, _ table: RunTable
  ) -> [Entry] {
    // Where the spec compares the same two, the p-value is that of its test.
    let found = family.map { arm, differences in
      names.reduce(into: [String: DifferenceSummary]()) { found, name in
        found[name] = differences[name]
        if let comparison = table.all[arm].comparison, comparison.baseline == baseline,
          let tested = comparison.differences[name]?.pValue
        {
          found[name]?.pValue = tested
        }
      }
    }
    let adjusted = names.map { name in
      JudgedDifference.adjusted(
        name,
        zip(family, found).compactMap { member, found in
          found[name]?.pValue.map { (member.arm, $0) }
        }, table.choice.adjustment)
    }
    return zip(family, found).map { member, found in
      let judged = zip(names, adjusted).compactMap { name, pValues in
        found[name].map { (name, JudgedDifference(found: $0, adjusted: pValues[member.arm])) }
      }
      return Entry(
        kind: kind, arm: table.all[member.arm], baseline: table.all[baseline],
        differences: Dictionary(judged) { first, _ in first })
    }
  }

  /// A block for each of the two.
  func blocks(_ table: RunTable) -> [TextTable] {
    FairBaselines.Kind.allCases.compactMap { kind in
      let lines = entries.filter { $0.kind == kind }.map { entry in
        ["  " + entry.arm.arm] + names.map { table.cell(entry.differences[$0]) }
      }
      return lines.isEmpty
        ? nil : TextTable(header: ["minus \(kind.rawValue)"] + names.map(table.title), rows: lines)
    }
  }

  /// What is missing, and, metric by metric, which arms beat all that they are held against.
  func notes(_ table: RunTable) -> [String] {
    var notes = missing.map { sweep, kind, advice in
      "! \(kind.rawValue) is missing beside balancing and weights"
        + (table.sweeps.count > 1 ? " in \(table.sweeps[sweep].title)" : "")
        + (advice.elsewhere.map { ", where the sweep leaves it out (it has \($0))" }
          ?? "; add to `\(advice.section)`: \(advice.yaml)")
    }
    guard !entries.isEmpty else { return notes }
    // Arms that are held against both, and those that one is missing for, apart.
    var groups: [(words: String, arms: [[Entry]])] = []
    for row in table.rows {
      let own = entries.filter { $0.arm.place == row.place }
      guard !own.isEmpty else { continue }
      let words = own.map(\.kind.rawValue).joined(separator: " and ")
      if let place = groups.firstIndex(where: { $0.words == words }) {
        groups[place].arms.append(own)
      } else {
        groups.append((words, [own]))
      }
    }
    for (words, arms) in groups {
      var none: [String] = []
      for name in names {
        let winners = arms.filter { own in
          own.allSatisfy { $0.differences[name]?.verdict == Difference.Verdict.better.rawValue }
        }.compactMap { $0.first?.arm.arm }
        if winners.isEmpty {
          none.append(table.title(name))
        } else {
          notes.append(
            "shown to beat \(words) in \(table.title(name)): \(winners.joined(separator: "; "))")
        }
      }
      if !none.isEmpty {
        notes.append(
          "no balancing or weighting is shown to beat \(words) in \(none.joined(separator: ", "))")
      }
    }
    notes.append(
      "p of these: of the paired bootstrap over patients, or of the permutation test where the spec "
        + "compares the two, adjusted for the arms held against one (\(table.choice.adjustment.rawValue))"
    )
    return notes
  }
}
