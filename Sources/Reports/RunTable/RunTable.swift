import Basics
import Experiments
import Metrics
import Pipeline

/// A table of arms, of one sweep or of several, and the shortcut baselines beside them.
package struct RunTable: Sendable {
  /// A row.
  package struct Row: Sendable {
    /// Its place in `RunTable.all`: names can be those of rows of another sweep, places cannot.
    let place: Int
    /// The sweep that it is of.
    let sweep: Int
    /// The arm as its sweep calls it.
    let ownName: String
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
    /// The place of the arm that it is compared with, and how it differs.
    var comparison: (baseline: Int, differences: ArmDifferences)?
    /// The arm that it cannot be compared with, though that is asked for.
    var incomparable: String?
    /// What is done with uncertain labels of each finding.
    var policies: [String: String]
    /// What was chosen where policies are chosen, by seed.
    var choices: [(seed: Int, table: PolicyTable)]
    /// The place of its shortcut baseline.
    var shortcut: Int?
    /// The arms that show what its balancing or weighting is worth; `nil` where it does neither.
    var fairBaselines: FairBaselines?
    /// Its objects in the cache.
    var files: Files
    /// Whether no other arm is better in one of the metrics of `RunTable.front` on validation and as
    /// good in the others.
    package var isOnFront = false
    /// How far it is on validation from the best value of each metric of `RunTable.front`.
    var utopia: Double?
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

  /// A sweep.
  struct Sweep: Sendable {
    /// What tells it from the others: its name, with a number where another has that name, too.
    let title: String
    /// Whether its models err on the same cases.
    let consistency: ConsistencyTable
    /// The file that says so in full.
    let consistencyPath: String?
    /// Why nothing does.
    let inconsistency: String?
  }

  /// The arms of each sweep in its order, then its baselines, whatever is chosen.
  private(set) var all: [Row] = []
  /// The rows that are shown, in the order chosen.
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
  package private(set) var front: [(name: String, higherIsBetter: Bool)] = []
  /// The sweeps that the rows are of.
  let sweeps: [Sweep]
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
    attributes = tables.flatMap(\.table.attributes).reduce(into: []) { found, name in
      if !found.contains(name) { found.append(name) }
    }
    let lists = Set(tables.map(\.table.findings))
    findings = lists.count == 1 ? lists.first ?? [] : []
    facts = tables.count == 1 ? tables[0].table.facts : []
    var names: [String: Int] = [:]
    sweeps = try tables.map { table, store in
      names[table.name, default: 0] += 1
      let number = names[table.name] ?? 1
      return Sweep(
        title: number == 1 ? table.name : "\(table.name) (\(number))",
        consistency: try ConsistencyTable(table, store: store),
        consistencyPath: table.consistency.flatMap(Digest.init(hex:)).map(store.objectPath),
        inconsistency: table.inconsistency)
    }
    for (sweep, (table, store)) in tables.enumerated() {
      let prefix = tables.count > 1 ? "\(sweeps[sweep].title): " : ""
      let first = all.count
      for row in table.rows {
        all.append(
          try Row(row, of: table, sweep, prefix: prefix, place: all.count, first: first, store))
      }
    }
    try checkNames()
    for (index, saved) in tables.flatMap(\.table.rows).enumerated() {
      // A comparison that has not run is made of the replicates, as far as it is shown.
      guard saved.comparison == nil,
        let other = saved.baseline.flatMap({ place(of: $0, in: all[index].sweep) })
      else { continue }
      try pair(index, with: other)
    }
    if let baseline = choice.baseline { try pairAll(with: baseline) }
    rows = all
    front = try frontMetrics()
    try choose()
    markFront()
  }

  /// Adds what a reader must know beside the rows.
  package mutating func add(remarks: [String]) { self.remarks += remarks }

  /// Holds the row at `place` against that at `baseline` by their replicates.
  private mutating func pair(_ place: Int, with baseline: Int) throws {
    let other = all[baseline]
    guard let own = try all[place].files.estimates(comparedNames),
      let theirs = try other.files.estimates(comparedNames)
    else { return }
    guard own.isPaired(with: theirs) else {
      all[place].incomparable = other.arm
      return
    }
    all[place].comparison = (baseline, ArmDifferences(own, theirs))
    let remark =
      all[place].sweep == other.sweep
      ? "p-values of these differences are not there yet: a `run` with "
        + "`--set 'compare.baseline=\(other.ownName)'` makes them"
      : "differences between sweeps have no p-values: a `run` makes them between arms of one spec"
    if !remarks.contains(remark) { remarks.append(remark) }
  }

  /// Holds every row against the one arm that `name` means, in place of what the spec says.
  private mutating func pairAll(with name: String) throws {
    let arms = all.filter { !$0.isBaseline }
    let exact = arms.filter { $0.arm == name || $0.ownName == name }
    let found = exact.isEmpty ? arms.filter { $0.arm.contains(name) } : exact
    guard found.count == 1 else {
      throw Diagnostic(
        found.isEmpty
          ? "no arm `\(name)`" : "`\(name)` can be \(found.map(\.arm).prefix(10).quotedList)",
        hint: nearestName(to: name, among: arms.map(\.arm)).flatMap {
          found.isEmpty ? "did you mean `\($0)`?" : nil
        })
    }
    for index in all.indices {
      all[index].comparison = nil
      all[index].incomparable = nil
    }
    for arm in arms where arm.place != found[0].place {
      try pair(arm.place, with: found[0].place)
    }
  }

  /// The place of the row that a sweep calls `name`.
  func place(of name: String, in sweep: Int) -> Int? {
    all.firstIndex { $0.sweep == sweep && $0.ownName == name }
  }

  /// What the rows are judged on: the unit, and the digests of the cases of each subset.
  static func kind(_ summary: ArmSummary) -> [String] {
    [summary.per]
      + summary.subsets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.cases)" }
  }

  /// Whether all rows are judged on the same cases.
  package var isOfOneKind: Bool { Set(rows.compactMap(\.summary).map(Self.kind)).count <= 1 }
}

extension RunTable.Row {
  fileprivate init(
    _ row: SavedTable.Row, of table: SavedTable, _ sweep: Int, prefix: String, place: Int,
    first: Int, _ store: Store
  ) throws {
    func path(_ hex: String?) -> String? { hex.flatMap(Digest.init(hex:)).map(store.objectPath) }
    func located(_ name: String?) -> Int? {
      name.flatMap { name in table.rows.firstIndex { $0.arm == name } }.map { first + $0 }
    }
    self.place = place
    self.sweep = sweep
    ownName = row.arm
    arm = prefix + row.arm
    settings = row.settings.map { SweepSetting(path: $0.path, name: $0.name, value: $0.value) }
    isBaseline = row.isBaseline
    files = RunTable.Files(
      summary: path(row.summary), metrics: path(row.metrics), replicates: path(row.replicates))
    summary = try files.summary.map { try ResultFile.read(ArmSummary.self, $0) }
    metrics = try files.metrics.map { try MetricTable(path: $0) }
    if let baseline = located(row.baseline), let path = path(row.comparison) {
      comparison = (baseline, ArmDifferences(try ComparisonTable(path: path)))
    }
    incomparable = row.incomparable.map { prefix + $0 }
    policies = row.policies
    choices = try (row.choices ?? []).compactMap { choice in
      try path(choice.policies).map { (choice.seed, try PolicyTable(path: $0)) }
    }
    shortcut = located(row.shortcut)
    fairBaselines = row.fairBaselines
  }
}
