import Basics

/// How cases are predicted positive: at one threshold, or at the threshold of their group.
struct Decisions {
  let decision: RankedCases.Decision
  /// Why statistics at a threshold are undefined for each group; `nil` where they are not.
  private let objections: [String?]

  init(
    _ cases: Cases, _ partition: Partition, threshold: Double?, withoutThreshold: String,
    byGroup: [String: Measure]?
  ) {
    guard let byGroup else {
      decision = threshold.map { .threshold($0) } ?? .none
      objections = partition.names.map { _ in threshold == nil ? withoutThreshold : nil }
      return
    }
    var positive = [Bool](repeating: false, count: cases.count)
    var objections: [String?] = []
    for (name, members) in zip(partition.names, partition.members) {
      let threshold = byGroup[name] ?? .undefined("none was given")
      objections.append(threshold.reason.map { "no threshold for `\(name)`: \($0)" })
      guard let threshold = threshold.value, !threshold.isNaN else { continue }
      for index in members { positive[index] = cases.scores[index] >= threshold }
    }
    decision = .cases(positive)
    self.objections = objections
  }

  /// Why statistics at a threshold are undefined for these groups together; `nil` where they are not.
  func objection(to groups: some Sequence<Int>) -> String? {
    groups.lazy.compactMap { objections[$0] }.first
  }
}

extension ThresholdRule {
  /// The threshold that the rule chooses for each group on its own, by name; cases without the
  /// attribute are the group `unknown`.
  ///
  /// A threshold of its own for each group equalizes rates, and treats patients with the same score
  /// differently (Hardt et al. 2016).
  ///
  /// - Throws: where there is not one group per case.
  public func thresholds(
    of cases: Cases, groups: [String?]
  ) throws(Diagnostic) -> [String: Measure] {
    guard groups.count == cases.count else {
      throw Diagnostic("there are \(groups.count) groups for \(cases.count) cases")
    }
    var fitted: [String: Measure] = [:]
    let named = groups.map { $0 ?? GroupRule.unknown }
    for name in Set(named).sorted() {
      let members = cases.scores.indices.filter { named[$0] == name && cases.truth[$0] != nil }
      fitted[name] = try threshold(
        scores: members.map { cases.scores[$0] }, truth: members.map { cases.truth[$0] == true })
    }
    return fitted
  }
}
