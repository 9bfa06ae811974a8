import Basics
import Pipeline

/// Whether the models of a sweep are held against each other, case by case.
package enum ConsistencyStages: Sendable {
  /// The stage whose `consistency.json` says who errs where.
  case stage(StageID)
  /// Why there is none.
  case absent(String)
}

extension ExperimentGraph {
  /// What `consistency` reads of a model, an arm with a seed.
  struct JudgedModel {
    var experiment: Experiment
    /// The index of the experiment.
    var index: Int
    var judged: Judged
    var cohort, split: StageID
    /// What tells scores of other cases apart, where no stage does.
    var scored: Digest?

    /// What decides which cases it is judged on and what they are divided into, by the words for it.
    fileprivate var cases: [(name: String, value: String)] {
      let (eval, groups) = (experiment.eval, experiment.fairness)
      return [
        ("cases", scored?.hex ?? ""),
        ("findings", "\(experiment.labels.findings)"), ("cohort", "\(cohort.index)"),
        ("split", "\(split.index)"), ("truth", "\(judged.truth.index)"),
        ("unit (`eval.per`)", "\(eval.per) \(eval.aggregate)"),
        ("bootstrap", "\(eval.bootstrap) \(eval.strata ?? []) \(eval.seed)"),
        (
          "groups (`fairness`)",
          "\(groups.by) \(groups.ageEdges ?? []) \(groups.ageBins ?? "") \(groups.minGroup)"
        ),
      ]
    }
  }

  /// The stage that holds all `models` against each other, in the order of the sweep.
  ///
  /// - Parameter axes: the key paths of the sweep's axes.
  mutating func consistency(
    _ models: [JudgedModel], axes: [String]
  ) throws -> ConsistencyStages {
    guard let first = models.first, models.count > 1 else {
      return .absent("two models are needed")
    }
    let cases = models.map(\.cases)
    for (position, (name, value)) in first.cases.enumerated()
    where !cases.allSatisfy({ $0[position].value == value }) {
      return .absent("the arms are judged on different cases: not all have the same \(name)")
    }
    var arms: [String] = []
    var seeds: [[Int]] = []
    var inputs: [(name: String, source: StageInput)] = [
      ("truth", .output(first.judged.truth, name: OutputName.truth)),
      ("cohort", .output(first.cohort, name: OutputName.cohort)),
    ]
    for (position, model) in models.enumerated() {
      if arms.last == model.experiment.arm {
        seeds[seeds.count - 1].append(model.experiment.seed)
      } else {
        arms.append(model.experiment.arm)
        seeds.append([model.experiment.seed])
      }
      inputs += [
        ("predictions.\(position)", model.judged.predictions),
        ("thresholds.\(position)", .output(model.judged.eval, name: OutputName.thresholds)),
      ]
    }
    let parameters = ConsistencyParameters(first.experiment, arms: arms, seeds: seeds)
    let stage = try add(
      .consistency, parameters, inputs, first.index, gathers: axes + ["seed"])
    for model in models.dropFirst() { builder.share(stage, with: model.index) }
    return .stage(stage)
  }
}
