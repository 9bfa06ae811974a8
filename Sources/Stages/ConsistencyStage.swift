import Basics
import Experiments
import Metrics
import Pipeline
import Radiographs

/// `consistency`: whether the models of a sweep, each arm with each seed, err on the same cases of
/// test, and which cases all of them miss.
func consistencyStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: ConsistencyParameters.self)
  let arms = parameters.arms
  let armOf = parameters.seeds.enumerated().flatMap { arm, seeds in seeds.map { _ in arm } }
  let names = zip(arms, parameters.seeds).flatMap { arm, seeds in
    seeds.count == 1 ? [arm] : seeds.map { "\(arm) seed=\($0)" }
  }
  let errors = try ModelErrors(context, parameters, names: names)
  let cohort = try context.cohort()
  let draws = try errors.test.draws(
    parameters.eval.bootstrap, seed: parameters.eval.seed, strata: parameters.eval.strata,
    cohort: cohort, findings: parameters.labels.findings, threads: job.threads)
  func consistency(_ systems: Correctness, _ models: [Int]) throws -> ArmConsistency {
    try ArmConsistency(
      systems, arms: models.map { armOf[$0] }, draws: draws, seed: parameters.eval.seed,
      threads: job.threads)
  }
  var tables = ConsistencyTables(arms: arms, models: names.count)
  var misses = MissTable(errors, cohort: cohort, by: parameters.fairness.by)
  var records: [FindingConsistency] = []
  var overall: [ArmConsistency] = []
  let rule = GroupRule(patients: parameters.fairness.minGroup)
  for (finding, parts) in zip(
    parameters.labels.findings, errors.objection == nil ? errors.parts : [])
  {
    let whole = parts[0]
    let found = try consistency(whole.systems, whole.models)
    overall.append(found)
    tables.add(found, finding: finding)
    misses.add(whole, finding: finding)
    var groups: [FindingConsistency.Group] = []
    for (division, part) in zip(errors.divisions, parts).dropFirst() {
      let attribute = division.attribute ?? ""
      let common = try CommonMisses(
        part.systems, groups: part.groups, draws: draws, threads: job.threads)
      for group in common.groups {
        let members = part.evaluated.indices.filter {
          (part.groups?[$0] ?? GroupRule.unknown) == group.name
        }
        let systems = try part.systems.cases(members)
        let patients = Set(systems.patient).count
        let inGroup =
          patients < rule.patients
          ? ArmConsistency(undefined: "\(patients) patients, fewer than \(rule.patients)")
          : try consistency(systems, part.models)
        tables.add(inGroup, finding: finding, attribute: attribute, group: group.name)
        groups.append(
          FindingConsistency.Group(
            attribute: attribute, group: group.name, cases: group.cases, patients: patients,
            kappa: inGroup.means(arms), missedByAll: group.missed,
            rate: EstimateRecord(group.rate),
            representation: EstimateRecord(group.representation)))
      }
    }
    let common = try CommonMisses(whole.systems, draws: draws, threads: job.threads)
    records.append(
      FindingConsistency(
        finding: finding, cases: whole.systems.count,
        patients: Set(whole.systems.patient).count, leftOut: whole.leftOut,
        kappa: found.means(arms), missedBy: common.byCount.map { EstimateRecord($0) },
        groups: groups))
  }
  let mean = ArmConsistency(mean: overall)
  if overall.count > 1 { tables.addMean(mean) }
  let document = ConsistencyDocument(
    per: parameters.eval.per,
    arms: zip(arms, parameters.seeds).map { .init(arm: $0, seeds: $1) },
    bootstrapped: names.count > ArmConsistency.most ? ArmConsistency.most : nil,
    mean: mean.means(arms), findings: records, undefined: errors.objection)
  try ResultFile.write(document, to: context.output(OutputName.consistency))
  try tables.matrix.write(to: context.output(OutputName.consistencyMatrix))
  try tables.pairs.write(to: context.output(OutputName.consistencyPairs))
  try misses.table.write(to: context.output(OutputName.misses))
  try Files.write(
    HeatMap(names: arms, values: mean.matrix(arms.count)).draw().png(),
    to: context.output(OutputName.consistencyPicture))
}

/// `consistency.csv`, a matrix of κ for each finding and group, and `consistency_pairs.csv`, each pair
/// with its interval.
private struct ConsistencyTables {
  private(set) var matrix: CSVWriter
  private(set) var pairs = CSVWriter(header: [
    "finding", "attribute", "group", "first", "second", "kappa", "low", "high", "undefined",
  ])
  private let arms: [String]
  /// Whether groups have matrices of their own.
  private let hasGroups: Bool

  init(arms: [String], models: Int) {
    self.arms = arms
    hasGroups = models <= ArmConsistency.most
    matrix = CSVWriter(header: ["finding", "attribute", "group", "number", "arm"] + arms)
  }

  /// The matrix of the means over findings, which the picture shows.
  mutating func addMean(_ found: ArmConsistency) { add(found, finding: "mean") }

  mutating func add(
    _ found: ArmConsistency, finding: String, attribute: String = "", group: String = ""
  ) {
    guard attribute.isEmpty || hasGroups else { return }
    for (number, row) in found.matrix(arms.count).enumerated() {
      matrix.append(
        [finding, attribute, group, "\(number + 1)", arms[number]]
          + row.map { $0.map { "\($0)" } ?? "" })
    }
    for pair in found.pairs {
      let kappa = pair.kappa
      pairs.append(
        [finding, attribute, group, arms[pair.first], arms[pair.second]]
          + [kappa.point.value, kappa.low, kappa.high].map { $0.map { "\($0)" } ?? "" }
          + [kappa.point.reason ?? kappa.withheld ?? ""])
    }
  }
}

/// `misses.csv`: the cases that at least half of the models miss, the most missed first.
private struct MissTable {
  private(set) var table: CSVWriter
  private let test: JudgedSubset
  private let pictures: [[Int]]
  private let paths: [String]
  private let groups: [[String?]]

  init(_ errors: ModelErrors, cohort: Cohort, by attributes: [String]) {
    test = errors.test
    pictures = errors.divisions.first.map(errors.pictures) ?? []
    let pathOf = Dictionary(zip(cohort.images, cohort.paths)) { first, _ in first }
    paths = test.images.map { pathOf[$0] ?? $0 }
    groups = errors.divisions.compactMap(\.groups)
    table = CSVWriter(
      header: ["finding", "missed_by", "models", "truth", "patient", "study"] + attributes
        + ["pictures"])
  }

  mutating func add(_ part: ModelErrors.Part, finding: String) {
    let models = part.systems.systems
    let missed = part.systems.misses.enumerated().filter { models > 0 && 2 * $0.element >= models }
    func name(_ index: Int) -> String {
      pictures[part.evaluated[index]].first.map { test.images[$0] } ?? ""
    }
    let rows = missed.sorted {
      $0.element != $1.element ? $0.element > $1.element : name($0.offset) < name($1.offset)
    }
    for (index, count) in rows {
      let members = pictures[part.evaluated[index]]
      guard let first = members.first else { continue }
      let values = groups.map { groups in
        members.map { groups[$0] ?? GroupRule.unknown }.reduce(into: [String]()) { found, group in
          if !found.contains(group) { found.append(group) }
        }.joined(separator: ";")
      }
      let head = [
        finding, "\(count)", "\(models)", part.truth[index] ? "1" : "0", test.patients[first],
        Set(members.map { test.studies[$0] }).count == 1 ? test.studies[first] : "",
      ]
      table.append(head + values + [members.map { paths[$0] }.joined(separator: ";")])
    }
  }
}
