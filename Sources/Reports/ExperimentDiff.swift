import Basics
import Experiments
import Metrics
import Pipeline

/// What differs between two experiments: settings, stages, results.
package struct ExperimentDiff: Encodable {
  /// An experiment of a sweep, with what there is of its results.
  package struct Side {
    let stages: ExperimentStages
    let index: Int
    let results: [StageResult?]
    let store: Store

    /// The experiment at `index` of `stages`.
    package init(
      _ stages: ExperimentStages, index: Int, results: [StageResult?], store: Store
    ) {
      self.stages = stages
      self.index = index
      self.results = results
      self.store = store
    }

    var experiment: Experiment { stages.experiments[index] }
  }

  /// A key whose values differ; absent where a side lacks the key.
  package struct Setting: Encodable {
    let key: String
    let a, b: String?
  }

  /// A stage of both.
  package struct StageDifference: Encodable {
    let kind: String
    /// The digest of each side's fingerprint; absent where the stage has not run.
    let a, b: String?
    /// Why the results are not the same result.
    let reasons: [Reason]
    /// Whether both made the same bytes all the same; absent where one has not run.
    let sameOutputs: Bool?

    enum CodingKeys: String, CodingKey {
      case kind, a, b, reasons
      case sameOutputs = "same_outputs"
    }
  }

  /// A metric of both, where the numbers differ.
  package struct MetricDifference: Encodable {
    let a, b: EstimateRecord?
  }

  let a, b: String
  let settings: [Setting]
  /// The stages that are not the same, in the order of the chain.
  let stages: [StageDifference]
  /// The metrics that are not the same.
  let metrics: [String: MetricDifference]

  /// Whether nothing differs.
  package var isEmpty: Bool { settings.isEmpty && stages.isEmpty && metrics.isEmpty }

  /// The differences between `a` and `b`.
  package init(_ a: Side, _ b: Side) throws {
    (self.a, self.b) = (a.experiment.name, b.experiment.name)
    settings = try Self.settings(a.experiment, b.experiment)
    stages = StageKind.all.compactMap { Self.stage($0.name, a, b) }
    let (old, new) = (try Self.metrics(a), try Self.metrics(b))
    metrics = old.merging(new) { first, _ in first }.keys.reduce(into: [:]) { found, name in
      let (a, b) = (old[name], new[name])
      let isSame = a?.value == b?.value && a?.low == b?.low && a?.high == b?.high
      // Where one side has not run there is nothing to compare.
      if !isSame, !old.isEmpty, !new.isEmpty { found[name] = MetricDifference(a: a, b: b) }
    }
  }

  private static func settings(_ a: Experiment, _ b: Experiment) throws -> [Setting] {
    let (old, new) = (try a.resolvedSettings(), try b.resolvedSettings())
    let olds = Dictionary(old) { first, _ in first }
    let news = Dictionary(new) { first, _ in first }
    return (old.map(\.key) + new.map(\.key).filter { olds[$0] == nil })
      .filter { olds[$0] != news[$0] }
      .map { Setting(key: $0, a: olds[$0], b: news[$0]) }
  }

  private static func stage(_ kind: String, _ a: Side, _ b: Side) -> StageDifference? {
    guard let old = part(kind, a), let new = part(kind, b) else { return nil }
    let areKnown = old.result != nil && new.result != nil
    let before = Fingerprint(
      kind: kind, version: old.fingerprint.version, parameters: old.fingerprint.parameters,
      inputs: areKnown ? old.fingerprint.inputs : [])
    let reasons = Reason.differences(
      from: before, version: new.fingerprint.version, parameters: new.fingerprint.parameters,
      inputs: areKnown ? new.fingerprint.inputs.map { ($0.name, $0.digest) } : [])
    if reasons.isEmpty && (areKnown || old.result == nil && new.result == nil) { return nil }
    return StageDifference(
      kind: kind, a: old.result?.fingerprint.hex, b: new.result?.fingerprint.hex,
      reasons: reasons,
      sameOutputs: areKnown
        ? old.result?.outputs.map(\.digest) == new.result?.outputs.map(\.digest) : nil)
  }

  /// A stage as it ran, or as it is declared where it has not.
  private static func part(
    _ kind: String, _ side: Side
  ) -> (fingerprint: Fingerprint, result: StageResult?)? {
    guard let id = side.stages.stages[side.index][kind] else { return nil }
    if let result = side.results[id.index],
      let text = side.store.manifest(result.fingerprint)?.fingerprint,
      let fingerprint = Fingerprint(text: text)
    {
      return (fingerprint, result)
    }
    let declaration = side.stages.graph[id].declaration
    return (
      Fingerprint(
        kind: kind, version: declaration.version, parameters: declaration.parameters.leaves,
        inputs: []), nil
    )
  }

  private static func metrics(_ side: Side) throws -> [String: EstimateRecord] {
    func read<Document: Decodable>(
      _ type: Document.Type, _ kind: String, _ output: String
    ) throws -> Document? {
      guard let stage = side.stages.stages[side.index][kind],
        let digest = side.results[stage.index]?.digest(of: output)
      else { return nil }
      return try ResultFile.read(type, side.store.objectPath(digest))
    }
    let metrics = try read(MetricsDocument.self, "eval", OutputName.metrics)?.metrics ?? [:]
    let groups = try read(FairnessDocument.self, "fairness", OutputName.fairness)?.metrics ?? [:]
    return metrics.merging(groups) { first, _ in first }
  }
}

extension ExperimentDiff {
  /// Tables of settings, stages and metrics on test; groups and other units only in JSON.
  package var text: String {
    var blocks = ["a  \(a)\nb  \(b)"]
    if !settings.isEmpty {
      blocks.append(
        TextTable.aligned(
          [["setting", "a", "b"]] + settings.map { [$0.key, $0.a ?? "–", $0.b ?? "–"] }))
    }
    if !stages.isEmpty {
      blocks.append(TextTable.aligned([["stage", "differs"]] + stages.map(Self.row)))
    }
    if !metrics.isEmpty {
      let shown = metrics.filter { name, _ in
        name.hasPrefix("test.") && !name.contains(".group.") && !name.hasPrefix("test.per_")
      }
      let rows = shown.sorted { $0.key < $1.key }.map { name, metric in
        let both = metric.a?.value.flatMap { a in metric.b?.value.map { $0 - a } }
        return [
          name, TextTable.cell(metric.a), TextTable.cell(metric.b),
          both.map(TextTable.signed) ?? "–",
        ]
      }
      let rest = metrics.count - shown.count
      blocks.append(
        TextTable.aligned([["metric", "a", "b", "b − a"]] + rows)
          + (rest > 0 ? "\nand \(rest) of valid, groups and other units: --format json" : ""))
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func row(_ stage: StageDifference) -> [String] {
    var words = stage.reasons.map(\.description)
    switch (stage.a, stage.b) {
    case (nil, nil): words.append("neither has run")
    case (nil, _): words.append("a has not run")
    case (_, nil): words.append("b has not run")
    default: if stage.sameOutputs == true { words.append("and yet the same bytes") }
    }
    return [stage.kind, words.joined(separator: "; ")]
  }
}

/// What differs between the experiments of two sweeps that have the same name.
package struct SweepDiff: Encodable {
  let differences: [ExperimentDiff]
  /// The experiments that the other sweep lacks.
  let onlyA, onlyB: [String]
  /// How many experiments differ in nothing.
  let same: Int

  enum CodingKeys: String, CodingKey {
    case differences, same
    case onlyA = "only_a"
    case onlyB = "only_b"
  }

  /// The differences of pairs, and what has no partner.
  package init(
    _ pairs: [(a: ExperimentDiff.Side, b: ExperimentDiff.Side)], onlyA: [String] = [],
    onlyB: [String] = []
  ) throws {
    let all = try pairs.map { try ExperimentDiff($0.a, $0.b) }
    differences = all.filter { !$0.isEmpty }
    same = all.count - differences.count
    (self.onlyA, self.onlyB) = (onlyA, onlyB)
  }

  /// As text.
  package var text: String {
    if differences.isEmpty, onlyA.isEmpty, onlyB.isEmpty { return "nothing differs\n" }
    var blocks = differences.map(\.text)
    if same > 0 { blocks.append("nothing differs for \(same) of the experiments\n") }
    for (name, only) in [("a", onlyA), ("b", onlyB)] where !only.isEmpty {
      blocks.append("only in \(name): \(only.joined(separator: "; "))\n")
    }
    return blocks.joined(separator: "\n")
  }
}
