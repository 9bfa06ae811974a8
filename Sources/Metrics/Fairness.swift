import Basics

/// The statistics of `cases` overall and by group, the gaps between groups, and the difference of
/// each group from the rest.
///
/// - Parameters:
///   - groups: the group of each case; `nil` where the attribute is missing.
///   - threshold: t of ŷ = [s ≥ t], one for all groups.
///   - withoutThreshold: why there is none, where there is none.
///   - groupThresholds: instead, a threshold for each group by name.
///   - privileged: the group that the others are compared with.
///   - rule: which groups are large enough.
///   - interval: of the statistics of groups: percentile, or bias-corrected and accelerated. That of
///     gaps and differences is made of replicates alone.
///   - permutations: how many permutations of the attribute the p-values of the gaps stand on; 0 for
///     none.
///   - seed: the seed of the permutations.
/// - Throws: as ``evaluate(_:threshold:draws:level:threads:)``, where there is not one group per case,
///   and where the privileged group is none of the groups.
public func fairness(
  _ cases: Cases, groups: [String?], threshold: Double? = nil,
  withoutThreshold: String = "no threshold", groupThresholds: [String: Measure]? = nil,
  privileged: String? = nil, draws: PatientDraws? = nil,
  rule: GroupRule = GroupRule(), permutations: Int = 0, seed: Int = 0,
  interval: IntervalMethod = .percentile, level: Double = 0.95, threads: Int = processorCount
) throws(Diagnostic) -> Grouped {
  try check(cases, threshold: threshold, draws: draws, level: level)
  guard groups.count == cases.count else {
    throw Diagnostic("there are \(groups.count) groups for \(cases.count) cases")
  }
  let partition = Partition(cases, groups: groups, rule: rule)
  if let privileged, !partition.names.contains(privileged) {
    throw Diagnostic("the privileged group `\(privileged)` is not among the groups")
  }
  let decisions = Decisions(
    cases, partition, threshold: threshold, withoutThreshold: withoutThreshold,
    byGroup: groupThresholds)
  let (pool, every) = (partition.pool, Array(partition.names.indices))
  // All cases, then each group, then the rest of each compared group.
  let rests = pool.map { partition.rest(of: $0) }
  func ranked(_ order: [Int], _ scope: RankedCases.Scope) -> RankedCases {
    RankedCases(
      order: order, cases: cases, slot: cases.patient, decision: decisions.decision, scope: scope)
  }
  let sets =
    ([partition.order] + partition.members).map { ranked($0, .everything) }
    + rests.map { ranked($0, .pairs) }
  let replicated = replicate(
    sets, slots: (cases.patient.max() ?? -1) + 1, draws: draws, interval: interval,
    threads: threads)
  let probabilities = cases.probabilityObjection

  func group(
    _ name: String, _ index: Int, _ order: [Int], of groups: [Int], _ rule: GroupRule?,
    only statistics: [Statistic] = Statistic.allCases
  ) -> Grouped.Group {
    let counts = CaseCounts(of: order, in: cases)
    let objections = Objections(
      threshold: decisions.objection(to: groups), probabilities: probabilities)
    return Grouped.Group(
      name: name, counts: counts,
      estimates: Estimates { statistic in
        guard statistics.contains(statistic) else {
          return Estimate(point: .undefined("not measured"))
        }
        return rule?.objection(to: statistic, of: counts).map { Estimate(point: .undefined($0)) }
          ?? replicated[index].estimate(of: statistic, objections, level: level)
      })
  }
  let present = every.filter { !partition.members[$0].isEmpty }
  let overall = group("overall", 0, partition.order, of: present, nil)
  let byGroup = every.map {
    group(partition.names[$0], 1 + $0, partition.members[$0], of: [$0], rule)
  }
  let compared = pool.map { byGroup[$0] }
  var gaps = Gap.allCases.map { $0.estimate(over: compared, level: level, rule: rule) }
  if permutations > 0, compared.count > 1 {
    let shuffled = Permutations(
      cases, partition: partition, compared: compared, decisions: decisions, count: permutations,
      seed: seed, threads: threads)
    for index in gaps.indices { gaps[index].pValue = shuffled.pValue(of: gaps[index]) }
  }
  let others = pool.indices.map { position in
    group(
      PrivilegedComparison.others, 1 + every.count + position, rests[position],
      of: pool.filter { $0 != pool[position] }, rule, only: comparedStatistics)
  }
  let isComparing = compared.count > 1
  return Grouped(
    overall: overall, byGroup: byGroup, gaps: gaps,
    differences: isComparing ? differences(compared, others, level: level) : [],
    medianDifferences: isComparing ? medianDifferences(compared, level: level) : [],
    besidePrivileged: isComparing
      ? besidePrivileged(privileged, compared, others, level: level) : [])
}

/// Each compared group but the privileged one beside it, then all of them together.
private func besidePrivileged(
  _ privileged: String?, _ compared: [Grouped.Group], _ others: [Grouped.Group], level: Double
) -> [PrivilegedComparison] {
  guard let position = compared.firstIndex(where: { $0.name == privileged }) else { return [] }
  return (compared.filter { $0.name != privileged } + [others[position]]).map {
    PrivilegedComparison(
      $0.name, $0.estimates, privileged: compared[position].estimates, level: level)
  }
}

extension Gap {
  /// The gap between `groups`, each of which takes part where its statistic is defined.
  func estimate(
    over groups: [Grouped.Group], level: Double, rule: GroupRule
  ) -> GapEstimate {
    let parts = statistics.map { statistic in
      groups.filter { $0.estimates[statistic].point.value != nil }
    }
    if let short = parts.firstIndex(where: { $0.count < 2 }) {
      let reasons = Set(groups.map { $0.estimates[statistics[short]].point.reason })
      let reason = reasons.count == 1 ? reasons.first ?? nil : nil
      let count =
        groups.isEmpty
        ? "every group has fewer than \(rule.patients) patients"
        : "\(parts[short].count) of \(groups.count) groups can be compared, 2 are needed"
      return GapEstimate(gap: self, estimate: Estimate(point: .undefined(reason ?? count)))
    }
    let rates = zip(statistics, parts).map { statistic, groups in
      groups.map { $0.estimates[statistic] }
    }
    let point = number(rates.map { $0.map(\.point.orNaN) })
    let count = rates[0][0].replicates.count
    let replicates = (0..<count).map { replicate in
      number(rates.map { $0.map { $0.replicates[replicate] } })
    }
    let first = zip(parts[0].map(\.name), rates[0].map(\.point.orNaN))
    // The first by name among equals, at both ends.
    let lowest = first.min { $0.1 < $1.1 }
    let highest = first.reversed().max { $0.1 < $1.1 }
    return GapEstimate(
      gap: self,
      estimate: Estimate(
        point: Measure(point, otherwise: "the largest rate is 0"), replicates: replicates,
        level: level),
      lowest: lowest?.0, highest: highest?.0)
  }
}
