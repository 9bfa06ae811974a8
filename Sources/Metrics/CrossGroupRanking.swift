import Basics

/// How the positives of one group rank against the negatives of another (Kallus and Zhou 2019).
///
/// xAUC(a, b) = P(s⁺_a > s⁻_b) + ½ P(s⁺_a = s⁻_b). Where a ranking of all patients together decides
/// (who is read first), groups can have equal AUROCs and still not be served alike: a shift of the
/// scores of one shows here.
public struct CrossGroupRanking: Sendable {
  /// The groups, the first before the second in the order of a report.
  public let first, second: String
  /// xAUC(first, second): positives of the first above negatives of the second.
  public let firstOverSecond: Estimate
  /// xAUC(second, first).
  public let secondOverFirst: Estimate
  /// The difference of the two, in [−1, 1]; below 0 where the scores favour the second. Its interval
  /// is simultaneous over all pairs (max-t).
  public let gap: Estimate
}

/// The xAUC gap of each pair of groups that are large enough.
///
/// - Throws: as ``evaluate(_:threshold:draws:interval:level:threads:)``, and where there is not one
///   group per case.
public func crossGroupRankings(
  _ cases: Cases, groups: [String?], draws: PatientDraws? = nil, rule: GroupRule = GroupRule(),
  level: Double = 0.95, threads: Int = processorCount
) throws(Diagnostic) -> [CrossGroupRanking] {
  try check(cases, threshold: nil, draws: draws, level: level)
  guard groups.count == cases.count else {
    throw Diagnostic("there are \(groups.count) groups for \(cases.count) cases")
  }
  let partition = Partition(cases, groups: groups, rule: rule)
  let members = partition.members.map { order in
    (
      positive: order.filter { cases.truth[$0] == true },
      negative: order.filter { cases.truth[$0] == false }
    )
  }
  let pairs = partition.pool.flatMap { a in partition.pool.filter { $0 > a }.map { (a, $0) } }
  let sides = pairs.flatMap { [($0.0, $0.1), ($0.1, $0.0)] }
  let sets = sides.map { a, b in
    RankedCases(
      order: descendingOrder(of: members[a].positive + members[b].negative, by: cases.scores),
      cases: cases, slot: cases.patient, decision: .none,
      scope: .pairs)
  }
  let replicated = replicate(
    sets, slots: (cases.patient.max() ?? -1) + 1, draws: draws, threads: threads)
  let rankings = zip(sides, replicated).map { sides, replicated in
    let (a, b) = (partition.counts[sides.0], partition.counts[sides.1])
    guard a.positives >= rule.positives else {
      return Estimate(point: .undefined("\(a.positives) positives, fewer than \(rule.positives)"))
    }
    guard b.negatives >= rule.negatives else {
      return Estimate(point: .undefined("\(b.negatives) negatives, fewer than \(rule.negatives)"))
    }
    return replicated.estimate(of: .auroc, Objections(), level: level)
  }
  let gaps = simultaneous(
    pairs.indices.map { pair in
      Estimate.combined(
        [rankings[2 * pair], rankings[2 * pair + 1]], level: level, or: "not a number"
      ) { $0[0] - $0[1] }
    }, level: level)
  return pairs.indices.map { pair in
    CrossGroupRanking(
      first: partition.names[pairs[pair].0], second: partition.names[pairs[pair].1],
      firstOverSecond: rankings[2 * pair], secondOverFirst: rankings[2 * pair + 1],
      gap: gaps[pair])
  }
}
