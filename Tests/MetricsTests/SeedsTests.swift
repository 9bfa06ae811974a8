import Metrics
import Testing

@Suite struct SeedsTests {
  /// Mean and spread are over the seeds that have the number; the others are counted.
  @Test func `undefined seeds are counted and not averaged`() {
    let points: [Measure] = [.value(0.5), .undefined("0 positives"), .value(0.75)]
    let spread = SeedSpread(points)
    #expect(spread.n == 2 && spread.undefined == 1)
    #expect(spread.min == 0.5 && spread.max == 0.75)
    expectClose(Measure(spread.sd ?? .nan, otherwise: ""), 0.125 * 2.0.squareRoot(), "sd")
    #expect(SeedSpread([.value(1)]).sd == nil && SeedSpread([.value(1)]).min == 1)
    #expect(SeedSpread([]).min == nil)
    let levels = TwoLevel(seeds: 3, replicates: 2, seed: 0)
    func mean(_ points: [Measure]) -> Measure {
      levels.mean(points.map { Estimate(point: $0) }).point
    }
    #expect(mean(points) == .value(0.625))
    #expect(mean([.undefined("0 positives")]) == .undefined("0 positives"))
    #expect(mean([]) == .undefined("nothing to average"))
  }

  /// Resampling seeds widens the interval where seeds differ, and changes nothing where they do not.
  @Test func `two-level intervals hold the spread over seeds`() throws {
    let replicates = (0..<400).map { 0.5 + Double($0 % 20) / 1_000 }
    func seed(_ shift: Double) -> Estimate {
      Estimate(point: .value(0.51 + shift), replicates: replicates.map { $0 + shift })
    }
    let levels = TwoLevel(seeds: 3, replicates: 400, seed: 1)
    let alike = levels.mean([seed(0), seed(0)])
    #expect(abs(try #require(alike.low) - (try #require(seed(0).low))) < 1e-12)
    let spread = [seed(-0.1), seed(0), seed(0.1)]
    let (both, patients) = (levels.mean(spread), Estimate.mean(spread))
    expectClose(both.point, patients.point.value, "point")
    #expect(try #require(both.low) < (try #require(patients.low)) - 0.03)
    #expect(try #require(both.high) > (try #require(patients.high)) + 0.03)
    #expect(levels.mean([seed(0)]).low == seed(0).low)
    let broken = Estimate(point: .undefined("0 positives"))
    #expect(levels.mean([seed(0), broken, seed(0.1)]).low != nil)
  }

  /// The variance of the replicates is that of drawing n of n seeds: (n − 1)/n of their variance, by n.
  @Test func `as many seeds are drawn as there are`() throws {
    let points = [0.1, 0.4, 0.7]
    let drawn = TwoLevel(seeds: 3, replicates: 20_000, seed: 3).mean(
      points.map {
        Estimate(point: .value($0), replicates: [Double](repeating: $0, count: 20_000))
      })
    let mean = drawn.replicates.reduce(0, +) / 20_000
    let variance = drawn.replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(variance - 0.06 / 3) < 0.001)
    #expect(abs(mean - 0.4) < 0.005)
  }

  /// Arms whose nth seeds have a starting point in common stay pairs: what the seed makes better or
  /// worse for both cancels.
  @Test func `arms draw the same seeds`() {
    let levels = TwoLevel(seeds: 3, replicates: 200, seed: 0)
    func arm(_ shift: Double) -> Estimate {
      levels.mean(
        [0.1, 0.3, 0.5].map {
          Estimate(
            point: .value($0 + shift), replicates: [Double](repeating: $0 + shift, count: 200))
        })
    }
    #expect(pairedDifference(arm(0.01), arm(0)).verdict == .better)
  }

  /// Arms that differ by little in every replicate are told apart though their intervals overlap.
  @Test func `a paired difference sees through common noise`() {
    let noise = (0...100).map { Double($0) / 100 }
    let a = Estimate(point: .value(0.52), replicates: noise.map { $0 + 0.02 })
    let b = Estimate(point: .value(0.5), replicates: noise)
    #expect(pairedDifference(a, b).verdict == .better)
    #expect(pairedDifference(b, a).verdict == .worse)
    #expect(pairedDifference(a, b, higherIsBetter: false).verdict == .worse)
    #expect(pairedDifference(a, a).verdict == .notDistinguishable)
    expectClose(pairedDifference(a, b).point, 0.02, "point")
  }

  /// What cannot be compared is not distinguishable.
  @Test func `no interval is no verdict`() {
    let none = Estimate(point: .undefined("0 positives"))
    let some = Estimate(point: .value(1), replicates: [1, 1, 1])
    let difference = pairedDifference(some, none)
    #expect(difference.point == .undefined("0 positives"))
    #expect(difference.verdict == .notDistinguishable)
    #expect(pairedDifference(some, Estimate(point: .value(0))).verdict == .notDistinguishable)
  }
}
