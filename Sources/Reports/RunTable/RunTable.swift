import Basics
import Experiments
import Metrics
import Pipeline

/// A table of arms, of one sweep or of several, and the shortcut baselines beside them.
package struct RunTable: Sendable {
  /// A row.
  package struct Row: Sendable {
    /// The arm, or `shortcut`; behind the name of its sweep where there are several.
    package var arm: String
    /// The values of the axes; empty for a baseline.
    package var settings: [SweepSetting]
    /// Whether it is a baseline and no arm.
    package var isBaseline: Bool
    /// What its `summary` stage found; `nil` where it has not run.
    package var summary: ArmSummary?
    /// Its metrics over the seeds; `nil` where it has not run.
    package var metrics: MetricTable?
    /// The arm that it is compared with, and how it differs.
    package var comparison: (baseline: String, differences: ArmDifferences)?
    /// The arm that it cannot be compared with, though that is asked for.
    var incomparable: String?
    /// What is done with uncertain labels of each finding.
    var policies: [String: String]
    /// What was chosen where policies are chosen, by seed.
    var choices: [(seed: Int, table: PolicyTable)]
    /// The arms that show what its balancing or weighting is worth; `nil` where it does neither.
    var fairBaselines: FairBaselines?
    /// Its objects in the cache.
    var files: Files
    /// Whether no other arm is better in one of the metrics of `RunTable.front` on validation and as
    /// good in the others.
    package var isOnFront = false
  }

  /// Where the outputs of a `summary` stage lie.
  struct Files: Sendable {
    var summary: String?
    var metrics: String?
    var replicates: String?

    /// The estimates on test called `names`, all where there are none; `nil` where nothing has run.
    func estimates(_ names: [String]?) throws -> ArmEstimates? {
      guard let summary, let metrics, let replicates else { return nil }
      return try ArmEstimates(
        summary: summary, metrics: metrics, replicates: replicates, names: names)
    }
  }

  /// The arms in the order of the sweep, then the baselines.
  package internal(set) var rows: [Row] = []
  /// The attributes and crossings, in the order of the spec.
  package let attributes: [String]
  /// The findings, where all rows have the same.
  let findings: [String]
  /// What is known of the phantom, where the cohort is one.
  let facts: [PlantedFact]
  /// What is shown, and how.
  let choice: TableChoice
  /// The metrics that the Pareto front is taken over, and whether higher is better.
  package let front: [(name: String, higherIsBetter: Bool)]
  /// Whether the models err on the same cases, sweep by sweep.
  let consistency: [ConsistencyTable]
  /// What a reader must know beside the rows.
  var remarks: [String] = []

  /// The table of what has run.
  ///
  /// - Parameters:
  ///   - tables: where the rows of each sweep lie, and in which cache.
  ///   - choice: which rows and metrics are shown.
  /// - Throws: for a result that cannot be read, and for a choice that means nothing here.
  package init(
    _ tables: [(table: SavedTable, store: Store)], _ choice: TableChoice = TableChoice()
  ) throws {
    self.choice = choice
    consistency = try tables.map { try ConsistencyTable($0.table, store: $0.store) }
    attributes = tables.flatMap(\.table.attributes).reduce(into: []) { found, name in
      if !found.contains(name) { found.append(name) }
    }
    let lists = Set(tables.map(\.table.findings))
    findings = lists.count == 1 ? lists.first ?? [] : []
    facts = tables.count == 1 ? tables[0].table.facts : []
    let defaults = ["auroc"] + attributes.prefix(1).map(Gap.equalizedOddsDifference.metricName)
    front = try (choice.front.isEmpty ? defaults : choice.front).map { name in
      let name = TableChoice.onValidation(name)
      guard let better = MetricName.higherIsBetter(name) else {
        throw Diagnostic("more of `\(name)` is neither better nor worse")
      }
      return (name, better)
    }
    for (table, store) in tables {
      let prefix = tables.count > 1 ? "\(table.name): " : ""
      for row in table.rows { rows.append(try Row(row, prefix: prefix, store: store)) }
      // A comparison that has not run is made of the replicates, as far as it is shown.
      for saved in table.rows where saved.baseline != nil && saved.comparison == nil {
        try pair(prefix + saved.arm, with: prefix + (saved.baseline ?? ""))
      }
    }
    if let baseline = choice.baseline { try pairAll(with: baseline) }
    try choose()
    markFront()
  }

  /// Adds what a reader must know beside the rows.
  package mutating func add(remarks: [String]) { self.remarks += remarks }

  /// Holds `arm` against `baseline` by their replicates.
  private mutating func pair(_ arm: String, with baseline: String) throws {
    guard let place = rows.firstIndex(where: { $0.arm == arm }),
      let other = rows.first(where: { $0.arm == baseline }),
      let own = try rows[place].files.estimates(comparedNames),
      let theirs = try other.files.estimates(comparedNames)
    else { return }
    guard own.isPaired(with: theirs) else {
      rows[place].incomparable = baseline
      return
    }
    rows[place].comparison = (baseline, ArmDifferences(own, theirs))
    let remark =
      "p-values of these differences are not there yet: a `run` with "
      + "`--set 'compare.baseline=\(baseline)'` makes them"
    if !remarks.contains(remark) { remarks.append(remark) }
  }

  /// Holds every row against the one arm that `name` means, in place of what the spec says.
  private mutating func pairAll(with name: String) throws {
    let arms = rows.filter { !$0.isBaseline }.map(\.arm)
    let exact = arms.filter { $0 == name || $0.hasSuffix(": \(name)") }
    let found = exact.isEmpty ? arms.filter { $0.contains(name) } : exact
    guard found.count == 1 else {
      throw Diagnostic(
        found.isEmpty ? "no arm `\(name)`" : "`\(name)` can be \(found.prefix(10).quotedList)",
        hint: nearestName(to: name, among: arms).flatMap {
          found.isEmpty ? "did you mean `\($0)`?" : nil
        })
    }
    for index in rows.indices {
      rows[index].comparison = nil
      rows[index].incomparable = nil
    }
    for arm in arms where arm != found[0] { try pair(arm, with: found[0]) }
  }

  /// Whether all rows are judged on the same unit and on as many pictures and patients.
  package var isOfOneKind: Bool {
    let kinds = rows.compactMap(\.summary).map {
      [$0.per]
        + $0.subsets.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.images) \($0.value.patients)" }
    }
    return Set(kinds).count <= 1
  }
}

extension RunTable.Row {
  fileprivate init(_ row: SavedTable.Row, prefix: String, store: Store) throws {
    func path(_ hex: String?) -> String? { hex.flatMap(Digest.init(hex:)).map(store.objectPath) }
    arm = prefix + row.arm
    settings = row.settings.map { SweepSetting(path: $0.path, name: $0.name, value: $0.value) }
    isBaseline = row.isBaseline
    files = RunTable.Files(
      summary: path(row.summary), metrics: path(row.metrics), replicates: path(row.replicates))
    summary = try files.summary.map { try ResultFile.read(ArmSummary.self, $0) }
    metrics = try files.metrics.map { try MetricTable(path: $0) }
    if let baseline = row.baseline, let path = path(row.comparison) {
      comparison = (prefix + baseline, ArmDifferences(try ComparisonTable(path: path)))
    }
    incomparable = row.incomparable.map { prefix + $0 }
    policies = row.policies
    choices = try (row.choices ?? []).compactMap { choice in
      try path(choice.policies).map { (choice.seed, try PolicyTable(path: $0)) }
    }
    fairBaselines = row.fairBaselines
    fairBaselines?.plain = row.fairBaselines?.plain.map { prefix + $0 }
    fairBaselines?.balanced = row.fairBaselines?.balanced.map { prefix + $0 }
  }
}
