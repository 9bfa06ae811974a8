import Basics

/// The gaps that come about when the attribute is permuted over patients: what the gap would be if
/// the attribute had nothing to do with scores and truth.
///
/// What is permuted is the group of each patient; a patient with cases in several groups (views)
/// counts once in each. Where groups have thresholds of their own, the predictions stay as they are.
/// Permutation `r` is drawn from the stream `permutation r` of the seed.
struct Permutations {
  /// The gaps that permutations say something about.
  private static let tested = Gap.allCases.filter(\.comparesGroups)
  /// The gaps, `[permutation][tested gap]`; NaN where undefined.
  private let gaps: [[Double]]

  init(
    _ cases: Cases, partition: Partition, compared: [Grouped.Group],
    decisions: Decisions, count: Int, seed: Int, threads: Int
  ) {
    let (slot, blocks) = Self.blocks(of: cases, partition)
    let ranked = RankedCases(
      order: partition.pooled, cases: cases, slot: slot, decision: decisions.decision,
      scope: .everything)
    // The same groups take part as in the data.
    let parts = Self.tested.map { gap in
      gap.statistics.map { statistic in
        compared.indices.filter { compared[$0].estimates[statistic].point.value != nil }
      }
    }
    let lanes = PatientDraws.lanes
    let rounds = PatientDraws.blocks(of: count)
    var gaps = [[Double]](repeating: [], count: rounds * lanes)
    gaps.withUnsafeMutableBufferPointer { gaps in
      // Every round writes its own permutations.
      nonisolated(unsafe) let gaps = gaps
      concurrently(rounds, threads: threads) { round in
        let none = [PatientDraws.Lanes](repeating: PatientDraws.Lanes(), count: blocks.count)
        var weights = [[PatientDraws.Lanes]](repeating: none, count: compared.count)
        for lane in 0..<lanes {
          var stream = RandomStream("permutation \(round * lanes + lane)", seed: seed)
          var left = blocks
          // Fisher–Yates, each block as it gets its group.
          for block in blocks.indices.reversed() {
            let drawn = stream.below(block + 1)
            weights[left[drawn]][block][lane] = 1
            left[drawn] = left[block]
          }
        }
        let tallies = weights.map { weights in
          weights.withUnsafeBufferPointer { weights in
            weights.baseAddress.map(ranked.sweep) ?? TallyLanes()
          }
        }
        for lane in 0..<lanes {
          gaps[round * lanes + lane] = zip(Self.tested, parts).map { gap, parts in
            gap.number(
              zip(gap.statistics, parts).map { statistic, groups in
                groups.map { statistic.measure(of: tallies[$0][lane]).orNaN }
              })
          }
        }
      }
    }
    self.gaps = Array(gaps.prefix(count))
  }

  /// The share of permutations, with the data themselves as one of them, whose gap is at least as
  /// wide: (1 + #) / (1 + n) (Phipson and Smyth 2010).
  ///
  /// Undefined where the gap is, and where more than 5 % of the permutations leave it undefined;
  /// `nil` for the worst and the best group, which are no gaps.
  func pValue(of gap: GapEstimate) -> Measure? {
    guard let index = Self.tested.firstIndex(of: gap.gap) else { return nil }
    guard let observed = gap.estimate.point.value else { return gap.estimate.point }
    let permuted = gaps.map { $0[index] }.filter { !$0.isNaN }
    let undefined = gaps.count - permuted.count
    guard Double(undefined) <= Estimate.tolerated * Double(gaps.count) else {
      return .undefined("undefined in \(undefined) of \(gaps.count) permutations")
    }
    // Equal gaps may differ in their last bit.
    let wide = permuted.count {
      gap.gap.higherIsBetter ? $0 <= observed + 1e-12 : $0 >= observed - 1e-12
    }
    return .value(Double(1 + wide) / Double(1 + permuted.count))
  }

  /// The block of each case, and the group (a position in the pool) of each block: the cases of one
  /// patient in one group.
  private static func blocks(of cases: Cases, _ partition: Partition) -> ([Int], [Int]) {
    struct Key: Hashable { var patient, group: Int }
    var known: [Key: Int] = [:]
    var slot = [Int](repeating: 0, count: cases.count)
    var blocks: [Int] = []
    for (position, group) in partition.pool.enumerated() {
      for index in partition.members[group].sorted() {
        let key = Key(patient: cases.patient[index], group: position)
        if known[key] == nil {
          known[key] = blocks.count
          blocks.append(position)
        }
        slot[index] = known[key] ?? 0
      }
    }
    return (slot, blocks)
  }
}
