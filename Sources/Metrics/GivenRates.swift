import Basics

/// The sensitivity at given specificities, and the specificity at given sensitivities, with intervals.
///
/// Each replicate chooses its own operating point: the numbers say what the ranking allows, not what a
/// threshold fitted elsewhere gives.
public struct GivenRates: Sendable {
  /// For each specificity asked for, see ``OperatingPoints/sensitivity(atSpecificity:)``.
  public let sensitivities: [Estimate]
  /// For each sensitivity asked for, see ``OperatingPoints/specificity(atSensitivity:)``.
  public let specificities: [Estimate]

  /// - Parameters:
  ///   - atSpecificity: the specificities asked for, in [0, 1].
  ///   - atSensitivity: the sensitivities asked for, in [0, 1].
  /// - Throws: as ``evaluate(_:threshold:draws:interval:level:threads:)``.
  public init(
    _ cases: Cases, atSpecificity: [Double], atSensitivity: [Double], draws: PatientDraws? = nil,
    interval: IntervalMethod = .percentile, level: Double = 0.95, threads: Int = processorCount
  ) throws(Diagnostic) {
    try check(cases, threshold: nil, draws: draws, level: level)
    let order = cases.ranked
    let points = try OperatingPoints(
      scores: order.map { cases.scores[$0] }, truth: order.map { cases.truth[$0] == true })
    let steps = Steps(order, cases)
    let found = estimates(
      atSpecificity.map(points.sensitivity(atSpecificity:))
        + atSensitivity.map(points.specificity(atSensitivity:)),
      slots: (cases.patient.max() ?? -1) + 1, draws: draws, interval: interval, level: level,
      threads: threads
    ) { steps.sweep($0, atSpecificity, atSensitivity) }
    sensitivities = Array(found.prefix(atSpecificity.count))
    specificities = Array(found.dropFirst(atSpecificity.count))
  }

  /// The cases of each distinct score, from the highest.
  private struct Steps {
    private var positives: [[Int32]] = []
    private var negatives: [[Int32]] = []

    init(_ order: [Int], _ cases: Cases) {
      var last: Double?
      for index in order {
        if cases.scores[index] != last {
          positives.append([])
          negatives.append([])
          last = cases.scores[index]
        }
        let slot = Int32(clamping: cases.patient[index])
        if cases.truth[index] == true {
          positives[positives.count - 1].append(slot)
        } else {
          negatives[negatives.count - 1].append(slot)
        }
      }
    }

    func sweep(
      _ weights: UnsafePointer<PatientDraws.Lanes>, _ specificities: [Double],
      _ sensitivities: [Double]
    ) -> [SIMD8<Double>] {
      func sum(_ slots: [Int32]) -> SIMD8<Int32> {
        slots.reduce(SIMD8()) { $0 &+ SIMD8<Int32>(truncatingIfNeeded: weights[Int($1)]) }
      }
      let steps = zip(positives, negatives).map { (sum($0), sum($1)) }
      let p = SIMD8<Double>(steps.reduce(SIMD8()) { $0 &+ $1.0 })
      let n = SIMD8<Double>(steps.reduce(SIMD8()) { $0 &+ $1.1 })
      var (tp, fp) = (SIMD8<Double>(), SIMD8<Double>())
      // Above all scores nothing is positive: the sensitivity is 0, the specificity 1.
      var best = specificities.map { _ in SIMD8<Double>() }
      var found = sensitivities.map { SIMD8<Double>(repeating: $0 <= 0 ? 1 : 0) }
      for step in steps {
        tp += SIMD8<Double>(step.0)
        fp += SIMD8<Double>(step.1)
        let (sensitivity, specificity) = (tp / p, (n - fp) / n)
        for (index, least) in specificities.enumerated() {
          best[index].replace(with: sensitivity, where: specificity .>= least)
        }
        for (index, least) in sensitivities.enumerated() {
          let serves = (sensitivity .>= least) .& (specificity .> found[index])
          found[index].replace(with: specificity, where: serves)
        }
      }
      let undefined = (p .== 0) .| (n .== 0)
      return (best + found).map { $0.replacing(with: .nan, where: undefined) }
    }
  }
}
