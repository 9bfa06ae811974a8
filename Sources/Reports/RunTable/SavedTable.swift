import Basics
import Experiments
import Pipeline

/// Where the rows of a table lie in a cache: `arms.json` in `runs/<name>/`, so that a table is shown
/// without planning its sweep.
package struct SavedTable: Codable, Sendable {
  /// The form of the file; absent in files from before there were several.
  private var form: Int?
  /// The sweep.
  package var name: String
  /// The attributes and crossings of the sweep, in the order of the spec.
  var attributes: [String]
  /// The findings, where all arms have the same.
  var findings: [String]
  /// What is known of the phantom, where the cohort is one.
  var facts: [PlantedFact]
  /// The arms in the order of the sweep, then the baselines.
  var rows: [Row]
  /// What says whether the models err on the same cases, or why nothing does.
  var consistency, inconsistency: String?

  /// An arm or a baseline; digests of objects are hexadecimal, and absent where nothing has run.
  struct Row: Codable, Sendable {
    var arm: String
    var settings: [Setting]
    var isBaseline: Bool
    var summary: String?
    var metrics: String?
    var replicates: String?
    /// The arm that it is compared with, and the result of that.
    var baseline: String?
    var comparison: String?
    /// The arm that it cannot be compared with, though the spec asks for it.
    var incomparable: String?
    /// Its shortcut baseline.
    var shortcut: String?
    /// What is done with uncertain labels, by finding.
    var policies: [String: String]
    /// What was chosen where the policies of findings are chosen, by seed.
    var choices: [Choice]?
    /// What it is held against where it balances or weights its training.
    var fairBaselines: FairBaselines?
  }

  /// The choice of policies of one experiment.
  struct Choice: Codable, Sendable {
    var seed: Int
    var policies: String
  }

  struct Setting: Codable, Sendable {
    var path: String
    var name: String
    var value: String
  }

  /// The digests of all objects that it names.
  package var objects: Set<String> {
    let all = rows.flatMap { row in
      [row.summary, row.metrics, row.replicates, row.comparison]
        + (row.choices ?? []).map { .some($0.policies) }
    }
    return Set((all + [consistency]).compactMap { $0 })
  }

  /// Its name in the folder of a sweep.
  package static let fileName = "arms.json"

  /// Raised when what is written, or what it names, is read otherwise than before.
  private static let currentForm = 3

  private struct Form: Decodable { let form: Int? }

  /// The table in the file at `path`.
  ///
  /// - Throws: for one that another version of the program wrote.
  package init(path: String) throws {
    guard try ResultFile.read(Form.self, path).form == Self.currentForm else {
      throw Diagnostic(
        "`\(path)` is of another version of cxr-pipeline", hint: "`run` its spec again")
    }
    self = try ResultFile.read(SavedTable.self, path)
  }

  /// The table of `stages` of the sweep `name`.
  ///
  /// - Parameter results: of each stage of the graph, `nil` where there is none.
  /// - Throws: where a phantom does not say what it is.
  package init(
    name: String, _ stages: ExperimentStages, _ results: [StageResult?]
  ) throws(Diagnostic) {
    form = Self.currentForm
    self.name = name
    attributes = stages.experiments.reduce(into: []) { found, experiment in
      for name in experiment.fairness.by where !found.contains(name) { found.append(name) }
    }
    let lists = Set(stages.experiments.map(\.labels.findings))
    findings = lists.count == 1 ? lists.first ?? [] : []
    var facts: [PlantedFact]?
    for arm in stages.arms {
      let found = try PlantedFact.all(stages.experiments[arm.experiments[0]])
      facts = facts == nil || facts == found ? found : []
    }
    self.facts = facts ?? []
    func hex(_ stage: StageID, _ name: String) -> String? {
      guard results.indices.contains(stage.index) else { return nil }
      return results[stage.index]?.digest(of: name)?.hex
    }
    func row(_ arm: String, _ summary: StageID) -> Row {
      Row(
        arm: arm, settings: [], isBaseline: true, summary: hex(summary, OutputName.summary),
        metrics: hex(summary, OutputName.metricTable),
        replicates: hex(summary, OutputName.replicates), policies: [:])
    }
    rows = []
    switch stages.consistency {
    case .stage(let stage): consistency = hex(stage, OutputName.consistency)
    case .absent(let reason): inconsistency = stages.experiments.count > 1 ? reason : nil
    }
    var baselines: [StageID: [Int]] = [:]
    var order: [StageID] = []
    let fair = FairBaselines.all(stages)
    for (arm, fair) in zip(stages.arms, fair) {
      var row = row(arm.arm, arm.summary)
      row.isBaseline = false
      row.settings = arm.settings.map { Setting(path: $0.path, name: $0.name, value: $0.value) }
      row.incomparable = arm.incomparable
      row.fairBaselines = fair
      if let (baseline, stage) = arm.comparison {
        row.baseline = baseline
        row.comparison = hex(stage, OutputName.comparison)
      }
      let labels = stages.experiments[arm.experiments[0]].labels
      for (finding, policy) in zip(labels.findings, labels.uncertain) {
        row.policies[finding] = policy.text
      }
      let choices = arm.experiments.compactMap { index -> Choice? in
        guard let stage = stages.stages[index]["choice"],
          let policies = hex(stage, OutputName.policies)
        else { return nil }
        return Choice(seed: stages.experiments[index].seed, policies: policies)
      }
      row.choices = choices.isEmpty ? nil : choices
      rows.append(row)
      guard let shortcut = arm.shortcut else { continue }
      if baselines[shortcut] == nil { order.append(shortcut) }
      baselines[shortcut, default: []].append(rows.count - 1)
    }
    for stage in order {
      let arms = baselines[stage] ?? []
      let first = arms.first.map { rows[$0].arm } ?? ""
      let name = order.count == 1 ? "shortcut" : "shortcut (\(first))"
      for index in arms { rows[index].shortcut = name }
      rows.append(row(name, stage))
    }
  }
}
