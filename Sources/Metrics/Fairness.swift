import Basics

/// The statistics of `cases` overall and by group, the gaps between groups, and the difference of
/// each group from the rest.
///
/// - Parameters:
///   - groups: the group of each case; `nil` where the attribute is missing.
///   - threshold: t of ŷ = [s ≥ t], one for all groups.
///   - rule: which groups are large enough.
///   - permutations: how many permutations of the attribute the p-values of the gaps stand on; 0 for
///     none.
///   - seed: the seed of the permutations.
/// - Throws: as ``evaluate(_:threshold:draws:level:threads:)``, and where there is not one group per
///   case.
public func fairness(
  _ cases: Cases, groups: [String?], threshold: Double? = nil, draws: PatientDraws? = nil,
  rule: GroupRule = GroupRule(), permutations: Int = 0, seed: Int = 0, level: Double = 0.95,
  threads: Int = processorCount
) throws(Diagnostic) -> Grouped {
  try check(cases, threshold: threshold, draws: draws, level: level)
  guard groups.count == cases.count else {
    throw Diagnostic("there are \(groups.count) groups for \(cases.count) cases")
  }
  let partition = Partition(cases, groups: groups, rule: rule)
  let pool = partition.pool
  func ranked(_ order: [Int]) -> RankedCases {
    RankedCases(order: order, cases: cases, slot: cases.patient, threshold: threshold)
  }
  // All cases, then each group, then the rest of each compared group.
  let rests = pool.map { partition.rest(of: $0) }
  let sets = [partition.order] + partition.members + rests
  let replicated = replicate(
    sets.map(ranked), slots: (cases.patient.max() ?? -1) + 1, draws: draws, threads: threads)

  func estimates(_ index: Int, _ objection: (Statistic) -> String?) -> Estimates {
    Estimates { statistic in
      objection(statistic).map { Estimate(point: .undefined($0)) }
        ?? replicated[index].estimate(of: statistic, threshold: threshold, level: level)
    }
  }
  let overall = Grouped.Group(
    name: "overall", counts: CaseCounts(of: partition.order, in: cases),
    estimates: estimates(0) { _ in nil })
  let byGroup = partition.names.indices.map { group in
    let counts = partition.counts[group]
    return Grouped.Group(
      name: partition.names[group], counts: counts,
      estimates: estimates(1 + group) { rule.objection(to: $0, of: counts) })
  }
  let compared = pool.map { byGroup[$0] }
  var gaps = Gap.allCases.map { $0.estimate(over: compared, level: level) }
  if permutations > 0, compared.count > 1 {
    let shuffled = Permutations(
      cases, partition: partition, compared: compared, threshold: threshold, count: permutations,
      seed: seed, threads: threads)
    for index in gaps.indices { gaps[index].pValue = shuffled.pValue(of: gaps[index]) }
  }
  let others = rests.enumerated().map { position, rest in
    let counts = CaseCounts(of: rest, in: cases)
    return Grouped.Group(
      name: "rest", counts: counts,
      estimates: estimates(1 + partition.names.count + position) {
        rule.objection(to: $0, of: counts)
      })
  }
  return Grouped(
    overall: overall, byGroup: byGroup, gaps: gaps,
    differences: compared.count > 1 ? differences(compared, others, level: level) : [])
}

extension Gap {
  /// The gap between `groups`, each of which takes part where its statistic is defined.
  func estimate(over groups: [Grouped.Group], level: Double) -> GapEstimate {
    let parts = statistics.map { statistic in
      groups.filter { $0.estimates[statistic].point.value != nil }
    }
    if let short = parts.firstIndex(where: { $0.count < 2 }) {
      let reasons = Set(groups.map { $0.estimates[statistics[short]].point.reason })
      let reason = reasons.count == 1 ? reasons.first ?? nil : nil
      let count = "\(parts[short].count) of \(groups.count) groups can be compared, 2 are needed"
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
