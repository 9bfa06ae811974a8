/// Evaluated cases by falling score, laid out so that one pass yields every statistic of a reweighting.
///
/// Only scores that a positive case has are steps: at a step the positives that hold it meet the
/// negatives above it. All other cases are negatives that are merely counted. `n` cases and 8
/// replicates cost about `3 n` nanoseconds, and three times that where they are probabilities.
struct RankedCases: Sendable {
  /// End offsets, into `slots`, of the negatives above a score, those at it, and the positives at it.
  private struct Step {
    var above: Int
    var tied: Int
    var positives: Int
  }

  /// Where the weight of each case stands, by falling score; negatives come first among equals.
  private let slots: [Int32]
  private let steps: [Step]
  /// How many steps lie at or above the decision threshold.
  private let decided: Int
  /// The slots of the positives and of the negatives that are predicted positive, where the decision
  /// is not one threshold.
  private let predicted: (positives: [Int32], negatives: [Int32])?
  private let isWhole: Bool
  private let calibration: RankedCalibration?

  /// How cases are predicted positive.
  enum Decision {
    /// Not at all.
    case none
    /// ŷ = [s ≥ t].
    case threshold(Double)
    /// Case by case: thresholds by group, or several systems in one ranking.
    case cases([Bool])
  }

  /// What is counted, each more than the one before.
  enum Scope {
    /// Pairs, and counts at the threshold.
    case pairs
    /// The areas under the precision–recall curve, too, and the sums over probabilities where every
    /// score is in [0, 1].
    case everything
  }

  /// - Parameters:
  ///   - order: the cases by falling score; each has a truth.
  ///   - slot: where the weight of each case stands in the weights given to `sweep`.
  ///   - scope: what is wanted beside pairs and counts.
  init(order: [Int], cases: Cases, slot: [Int], decision: Decision, scope: Scope) {
    let threshold: Double? = if case .threshold(let threshold) = decision { threshold } else { nil }
    var ordered: [Int] = []
    ordered.reserveCapacity(order.count)
    var slots: [Int32] = []
    slots.reserveCapacity(order.count)
    var steps: [Step] = []
    var decided: Int?
    func decide() {
      // A step without positives ends the cases that are predicted positive.
      steps.append(Step(above: slots.count, tied: slots.count, positives: slots.count))
      decided = steps.count
    }
    var start = 0
    while start < order.count {
      let score = cases.scores[order[start]]
      var end = start
      while end < order.count, cases.scores[order[end]] == score { end += 1 }
      if let threshold, decided == nil, score < threshold { decide() }
      let above = slots.count
      for index in order[start..<end] where cases.truth[index] != true {
        slots.append(Int32(clamping: slot[index]))
        ordered.append(index)
      }
      let tied = slots.count
      for index in order[start..<end] where cases.truth[index] == true {
        slots.append(Int32(clamping: slot[index]))
        ordered.append(index)
      }
      if slots.count > tied { steps.append(Step(above: above, tied: tied, positives: slots.count)) }
      start = end
    }
    if decided == nil { decide() }
    self.slots = slots
    self.steps = steps
    self.decided = decided ?? 0
    if case .cases(let positive) = decision {
      func chosen(_ truth: Bool) -> [Int32] {
        order.filter { positive[$0] && (cases.truth[$0] == true) == truth }
          .map { Int32(clamping: slot[$0]) }
      }
      predicted = (chosen(true), chosen(false))
    } else {
      predicted = nil
    }
    isWhole = scope == .everything
    calibration =
      isWhole && cases.probabilityObjection == nil
      ? RankedCalibration(order: ordered, cases: cases) : nil
  }

  /// The tallies of 8 replicates at once.
  ///
  /// - Parameter weights: how often each slot counts, by replicate; must hold every slot.
  func sweep(_ weights: UnsafePointer<PatientDraws.Lanes>) -> TallyLanes {
    var sweep = Sweep(isWhole: isWhole)
    slots.withUnsafeBufferPointer { slots in
      steps.withUnsafeBufferPointer { steps in
        guard let slots = slots.baseAddress else { return }
        for step in 0..<decided { sweep.pass(steps[step], slots, weights) }
        sweep.tally.truePositives = .init(sweep.tp)
        sweep.tally.falsePositives = .init(sweep.fp)
        for step in decided..<steps.count { sweep.pass(steps[step], slots, weights) }
        sweep.fp &+= Sweep.sum(slots, sweep.position..<self.slots.count, weights)
        calibration?.sweep(slots, weights, into: &sweep.tally)
      }
    }
    if let predicted {
      sweep.tally.truePositives = .init(Sweep.sum(predicted.positives, weights))
      sweep.tally.falsePositives = .init(Sweep.sum(predicted.negatives, weights))
    }
    sweep.tally.positives = .init(sweep.tp)
    sweep.tally.negatives = .init(sweep.fp)
    // Pairs were counted from the other side: negatives that stand above a positive.
    sweep.tally.pairs = sweep.tally.positives * sweep.tally.negatives - sweep.tally.pairs / 2
    sweep.tally.trapezoids /= 2
    return sweep.tally
  }

  private struct Sweep {
    let isWhole: Bool
    var tally = TallyLanes()
    var tp = SIMD8<Int32>()
    var fp = SIMD8<Int32>()
    var position = 0

    @inline(__always)
    mutating func pass(
      _ step: Step, _ slots: UnsafePointer<Int32>, _ weights: UnsafePointer<PatientDraws.Lanes>
    ) {
      fp &+= Self.sum(slots, position..<step.above, weights)
      let tied = Self.sum(slots, step.above..<step.tied, weights)
      let positives = Self.sum(slots, step.tied..<step.positives, weights)
      position = step.positives
      let weight = SIMD8<Double>(positives)
      tally.pairs += weight * SIMD8<Double>(fp &+ fp &+ tied)
      guard isWhole else {
        fp &+= tied
        tp &+= positives
        return
      }
      // Where nothing is predicted yet, 0/0 is a precision of 1, and ε/ε stands for it; ε is lost in
      // any other sum.
      let before = (SIMD8<Double>(tp) + 1e-300) / (SIMD8<Double>(tp &+ fp) + 1e-300)
      fp &+= tied
      tp &+= positives
      let precision = (SIMD8<Double>(tp) + 1e-300) / (SIMD8<Double>(tp &+ fp) + 1e-300)
      tally.precision += weight * precision
      tally.trapezoids += weight * (before + precision)
    }

    static func sum(
      _ slots: [Int32], _ weights: UnsafePointer<PatientDraws.Lanes>
    ) -> SIMD8<Int32> {
      slots.withUnsafeBufferPointer { slots in
        slots.baseAddress.map { sum($0, 0..<slots.count, weights) } ?? SIMD8()
      }
    }

    @inline(__always)
    static func sum(
      _ slots: UnsafePointer<Int32>, _ range: Range<Int>,
      _ weights: UnsafePointer<PatientDraws.Lanes>
    ) -> SIMD8<Int32> {
      var sum = SIMD8<Int32>()
      var index = range.lowerBound
      while index < range.upperBound {
        sum &+= SIMD8<Int32>(truncatingIfNeeded: weights[Int(slots[index])])
        index &+= 1
      }
      return sum
    }
  }
}
