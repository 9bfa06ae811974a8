/// An experiment as a sweep names it: one arm with one seed.
public struct ExperimentName: Sendable {
  /// The name of the arm.
  public var arm: String
  /// The settings of the sweep's axes, in the order of the axes (`train.arch`, `simple`).
  public var settings: [SweepSetting]
  /// The seed.
  public var seed: Int?

  /// A name.
  public init(arm: String, settings: [SweepSetting], seed: Int?) {
    self.arm = arm
    self.settings = settings
    self.seed = seed
  }
}

/// The words for the experiments of a sweep and for their stages.
///
/// A stage is named by the settings of its experiments on the axes that it depends on, whichever
/// other experiments there are. So a stage of a part of a sweep has the name that it has in the whole.
struct ExperimentLabels {
  /// Each experiment: `arch=simple seed=0`, or its arm where it has neither settings nor a seed.
  let all: [String]

  private let declarations: [StageDeclaration]
  private let settings: [[SweepSetting]]
  /// For what a setting sets, whether each stage depends on it; `nil` where nobody asked yet.
  private var reached: [[String]: [Bool?]] = [:]

  init(_ experiments: [ExperimentName], _ declarations: [StageDeclaration]) {
    self.declarations = declarations
    settings = experiments.map { experiment in
      experiment.settings
        + (experiment.seed.map { [SweepSetting(path: "seed", value: String($0))] } ?? [])
    }
    all = zip(experiments, settings).map { experiment, settings in
      settings.isEmpty ? experiment.arm : settings.map(\.word).joined(separator: " ")
    }
  }

  /// The settings that reach `stage` and are the same for all `experiments` that use it.
  mutating func words(for stage: StageID, of experiments: [Int]) -> String {
    guard let first = experiments.first, settings.indices.contains(first) else { return "" }
    let gathered = declarations[stage.index].gathers
    var words: [String] = []
    for setting in settings[first]
    where !gathered.contains(setting.path) && reaches(stage, setting.keys) {
      let isShared = experiments.dropFirst().allSatisfy {
        settings.indices.contains($0) && settings[$0].contains(setting)
      }
      if isShared { words.append(setting.word) }
    }
    return words.joined(separator: " ")
  }

  /// Whether a stage, or one that it takes something from, depends on one of `keys`.
  private mutating func reaches(_ stage: StageID, _ keys: [String]) -> Bool {
    let known = reached[keys]?[stage.index]
    if let known { return known }
    let declaration = declarations[stage.index]
    var answer = keys.contains(where: declaration.depends)
    for input in declaration.inputs where !answer {
      switch input.source {
      case .output(let id, _), .files(_, let id, _): answer = reaches(id, keys)
      case .file, .listing: break
      }
    }
    reached[keys, default: Array(repeating: nil, count: declarations.count)][stage.index] = answer
    return answer
  }
}

extension StageDeclaration {
  /// Whether the stage itself depends on the key at a dotted path of the spec: on a parameter of this
  /// name, on one below it or above it, or on an input that the key decides.
  fileprivate func depends(on key: String) -> Bool {
    let path = key.split(separator: ".")
    return parameters.meets(path[...])
      || reads.contains { read in
        zip(read.split(separator: "."), path).allSatisfy(==)
      }
  }
}

extension Value {
  /// Whether the path ends in the value, or leads into a leaf of it.
  fileprivate func meets(_ path: ArraySlice<Substring>) -> Bool {
    guard let key = path.first, case .map(let entries) = self else { return true }
    return entries[String(key)]?.meets(path.dropFirst()) ?? false
  }
}
