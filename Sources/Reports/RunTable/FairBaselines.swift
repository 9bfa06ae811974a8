import Experiments
import Pipeline

/// What an arm that balances or weights its training is held against: the same training without
/// (empirical risk minimisation), and the same with group-balanced sampling.
///
/// In the benchmarks of the field few mitigations beat these two (Zong et al. 2023, MEDFAIR;
/// Yang et al. 2023, SubpopBench), so no table shows one without them.
package struct FairBaselines: Codable, Sendable {
  /// One of the two.
  enum Kind: String, CaseIterable, Sendable {
    case plain = "plain training"
    case balanced = "group-balanced sampling"
  }

  /// The arm that trains plainly; `nil` where the sweep has none.
  var plain: String?
  /// The arm with group-balanced sampling; `nil` where the sweep has none.
  var balanced: String?
  /// By the name of what is missing, what has to be added to the spec, and where.
  var advice: [String: Advice] = [:]

  /// What has to be added to a spec.
  struct Advice: Codable, Hashable, Sendable {
    /// The section that it is added to.
    var section: String
    /// A line of YAML.
    var yaml: String
    /// An arm of the kind that the sweep has with other values of its axes.
    var elsewhere: String?
  }

  /// The arm of a kind.
  subscript(kind: Kind) -> String? {
    switch kind {
    case .plain: plain
    case .balanced: balanced
    }
  }

  /// For each arm, what it is held against; `nil` where it trains plainly.
  static func all(_ stages: ExperimentStages) -> [FairBaselines?] {
    let experiments = stages.arms.map { stages.experiments[$0.experiments[0]] }
    return experiments.map { own in
      guard !own.isPlain else { return nil }
      func arm(where isWanted: (Experiment) -> Bool) -> String? {
        experiments.first { isWanted($0) && $0.isAlike(own) }?.arm
      }
      var found = FairBaselines(
        plain: arm { $0.isPlain }, balanced: arm { $0.isBalancedOnly })
      for kind in Kind.allCases where found[kind] == nil {
        found.advice[kind.rawValue] = own.advice(on: kind)
        found.advice[kind.rawValue]?.elsewhere =
          experiments.first {
            kind == .plain ? $0.isPlain : $0.isBalancedOnly
          }?.arm
      }
      return found
    }
  }
}

extension Experiment {
  /// Whether every case of train counts once.
  fileprivate var isPlain: Bool { sample.method == "all" && classWeights == .none }

  /// Whether it samples by groups and does nothing else.
  fileprivate var isBalancedOnly: Bool {
    sample.method == SampleSection.groupBalanced && classWeights == .none
  }

  /// Whether it differs in the sample and the weights of its training only.
  fileprivate func isAlike(_ other: Experiment) -> Bool {
    train == other.train && labels == other.labels && images == other.images
      && split == other.split && cohort == other.cohort && files == other.files
      && eval == other.eval && fairness == other.fairness
      && sample.counts == other.sample.counts && network.sources == other.network.sources
  }

  /// The arm of the kind that is missing beside this one.
  fileprivate func advice(on kind: FairBaselines.Kind) -> FairBaselines.Advice {
    let arm =
      switch kind {
      case .plain: "plain: {\(plainSample)train.class_weights: none}"
      case .balanced: "group-balanced: {\(groupSample)train.class_weights: none}"
      }
    return settings.contains { $0.path == SweepSetting.arm }
      ? FairBaselines.Advice(section: "sweep.arms", yaml: arm)
      // An axis of arms multiplies with the others, so that it must keep what there is.
      : FairBaselines.Advice(section: "sweep", yaml: "arms: {as-is: {}, \(arm)}")
  }

  private var plainSample: String {
    let keys = Set(settings.flatMap(\.keys))
    func isOfSpec(_ name: String) -> Bool { keys.isDisjoint(with: ["sample", "sample.\(name)"]) }
    // Without groups these mean nothing, and what means nothing is refused.
    return "sample.method: all, "
      + (sample.by != nil && isOfSpec("by") ? "sample.by: null, " : "")
      + (sample.groups != nil && isOfSpec("groups") ? "sample.groups: null, " : "")
      + (sample.ageEdges != nil && isOfSpec("age_edges") ? "sample.age_edges: null, " : "")
  }

  private var groupSample: String {
    func needsNoAges(_ name: String) -> Bool {
      !FairnessSection.parts(of: name).contains(FairnessSection.age)
    }
    let by = fairness.by.first(where: needsNoAges) ?? fairness.by.first ?? "sex"
    let finding = sample.finding ?? (labels.findings.count > 1 ? labels.findings.first : nil)
    let edges = needsNoAges(by) ? nil : fairness.ageEdges
    return "sample.method: \(SampleSection.groupBalanced), sample.by: \(by), "
      + (finding.map { "sample.finding: \(quoted($0)), " } ?? "")
      + (edges.map { "sample.age_edges: \($0), " } ?? "")
  }

  /// A text of YAML that is what it says, whatever is in it.
  private func quoted(_ text: String) -> String {
    text.allSatisfy { $0.isLetter || $0 == " " }
      ? text : "'\(text.replacing("'", with: "''"))'"
  }
}
