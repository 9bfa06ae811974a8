import Metrics
import Testing

@Suite struct SeedsTests {
  /// Mean and spread are over the seeds that have the number; the others are counted.
  @Test func `undefined seeds are counted and not averaged`() {
    let summary = summarize([
      Estimate(point: .value(0.5)), Estimate(point: .undefined("0 positives")),
      Estimate(point: .value(0.75)),
    ])
    #expect(summary.mean == .value(0.625))
    #expect(summary.n == 2 && summary.undefined == 1)
    expectClose(Measure(summary.sd ?? .nan, otherwise: ""), 0.125 * 2.0.squareRoot(), "sd")
    #expect(
      summarize([Estimate(point: .undefined("0 positives"))]).mean == .undefined("0 positives"))
    #expect(summarize([]).mean == .undefined("nothing to average"))
    #expect(summarize([Estimate(point: .value(1))]).sd == nil)
  }

  /// The interval is that of the mean within each replicate, not the mean of intervals.
  @Test func `replicates are averaged pairwise`() {
    let up = (0...100).map(Double.init)
    let summary = summarize([
      Estimate(point: .value(50), replicates: up),
      Estimate(point: .value(50), replicates: up.reversed()),
    ])
    #expect(summary.low == 50 && summary.high == 50)
    let unequal = summarize([
      Estimate(point: .value(50), replicates: up), Estimate(point: .value(50)),
    ])
    #expect(unequal.mean == .value(50) && unequal.low == nil)
  }

  /// Arms that differ by little in every replicate are told apart though their intervals overlap.
  @Test func `a paired difference sees through common noise`() {
    let noise = (0...100).map { Double($0) / 100 }
    let a = [Estimate(point: .value(0.52), replicates: noise.map { $0 + 0.02 })]
    let b = [Estimate(point: .value(0.5), replicates: noise)]
    #expect(pairedDifference(a, b).verdict == .better)
    #expect(pairedDifference(b, a).verdict == .worse)
    #expect(pairedDifference(a, b, higherIsBetter: false).verdict == .worse)
    #expect(pairedDifference(a, a).verdict == .notDistinguishable)
    expectClose(pairedDifference(a, b).point, 0.02, "point")
  }

  /// What cannot be compared is not distinguishable.
  @Test func `no interval is no verdict`() {
    let none = [Estimate(point: .undefined("0 positives"))]
    let some = [Estimate(point: .value(1), replicates: [1, 1, 1])]
    let difference = pairedDifference(some, none)
    #expect(difference.point == .undefined("0 positives"))
    #expect(difference.verdict == .notDistinguishable)
    #expect(pairedDifference(some, [Estimate(point: .value(0))]).verdict == .notDistinguishable)
  }
}
