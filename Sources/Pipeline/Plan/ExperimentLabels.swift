/// An experiment as a sweep names it: one arm with one seed.
public struct ExperimentName: Sendable {
  /// The name of the arm.
  public var arm: String
  /// The settings of the sweep's axes, in the order of the axes (`train.arch`, `simple`).
  public var settings: [(path: String, value: String)]
  /// The seed, where the sweep has an axis of seeds.
  public var seed: Int?

  /// A name.
  public init(arm: String, settings: [(path: String, value: String)], seed: Int?) {
    self.arm = arm
    self.settings = settings
    self.seed = seed
  }
}

/// The words for experiments and for groups of them: what sets them apart within their sweep.
struct ExperimentLabels {
  /// Each experiment: `arch=simple seed=0`, or its arm where it has no settings.
  let all: [String]

  /// The axes, with the shortest name that no other axis has.
  private let axes: [(path: String, name: String)]
  /// The values by experiment and axis; `nil` where an experiment does not set the axis.
  private let values: [[String?]]
  /// Whether all experiments of the sweep agree on the axis.
  private let agreed: [Bool]

  init(_ experiments: [ExperimentName]) {
    var paths: [String] = []
    var index: [String: Int] = [:]
    var seeds = false
    for experiment in experiments {
      for setting in experiment.settings where index[setting.path] == nil {
        index[setting.path] = paths.count
        paths.append(setting.path)
      }
      seeds = seeds || experiment.seed != nil
    }
    let hasSeedAxis = index["seed"] != nil
    if seeds && !hasSeedAxis {
      index["seed"] = paths.count
      paths.append("seed")
    }
    var uses: [Substring: Int] = [:]
    for path in paths { uses[Self.last(path), default: 0] += 1 }
    let axes = paths.map { path in
      (path: path, name: uses[Self.last(path)] == 1 ? String(Self.last(path)) : path)
    }
    let count = paths.count
    let values = experiments.map { experiment in
      var row = [String?](repeating: nil, count: count)
      if let seed = experiment.seed, let axis = index["seed"] { row[axis] = String(seed) }
      for setting in experiment.settings {
        if let axis = index[setting.path] { row[axis] = setting.value }
      }
      return row
    }
    self.axes = axes
    self.values = values
    agreed = axes.indices.map { axis in values.allSatisfy { $0[axis] == values.first?[axis] } }
    all = experiments.indices.map { experiment in
      let words = axes.indices.compactMap { axis in
        values[experiment][axis].map { "\(axes[axis].name)=\($0)" }
      }
      return words.isEmpty ? experiments[experiment].arm : words.joined(separator: " ")
    }
  }

  /// The settings that `experiments` share and that not all of the sweep share.
  func shared(by experiments: [Int]) -> String {
    guard let first = experiments.first, values.indices.contains(first) else { return "" }
    return axes.indices.compactMap { axis -> String? in
      guard !agreed[axis], let value = values[first][axis],
        experiments.allSatisfy({ values.indices.contains($0) && values[$0][axis] == value })
      else { return nil }
      return "\(axes[axis].name)=\(value)"
    }.joined(separator: " ")
  }

  private static func last(_ path: String) -> Substring {
    path.split(separator: ".").last ?? Substring(path)
  }
}
