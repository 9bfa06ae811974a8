import Experiments

/// What an arm that balances or weights its training is held against: the same training without
/// (empirical risk minimisation), and the same with group-balanced sampling.
///
/// In the benchmarks of the field few mitigations beat these two (Zong et al. 2023, MEDFAIR;
/// Yang et al. 2023, SubpopBench), so no table shows one without them.
package struct FairBaselines: Codable, Sendable {
  /// The arm that trains plainly; `nil` where the sweep has none.
  var plain: String?
  /// The arm with group-balanced sampling; `nil` where the sweep has none.
  var balanced: String?

  /// The name of group-balanced sampling in `sample.method`.
  static let groupBalanced = "group-balanced"

  /// For each arm, what it is held against; `nil` where it trains plainly.
  static func all(_ stages: ExperimentStages) -> [FairBaselines?] {
    let experiments = stages.arms.map { stages.experiments[$0.experiments[0]] }
    return experiments.map { own in
      guard !own.isPlain else { return nil }
      func arm(where isWanted: (Experiment) -> Bool) -> String? {
        experiments.first { isWanted($0) && $0.isAlike(own) }?.arm
      }
      return FairBaselines(
        plain: arm { $0.isPlain },
        balanced: arm { $0.sample.method == groupBalanced && $0.classWeights == .none })
    }
  }
}

extension Experiment {
  /// Whether every case of train counts once.
  fileprivate var isPlain: Bool { sample.method == "all" && classWeights == .none }

  /// Whether it differs in the sample and the weights of its training only.
  fileprivate func isAlike(_ other: Experiment) -> Bool {
    train == other.train && labels == other.labels && images == other.images
      && split == other.split && cohort == other.cohort && files == other.files
      && eval == other.eval && fairness == other.fairness
      && network.sources == other.network.sources
  }
}
