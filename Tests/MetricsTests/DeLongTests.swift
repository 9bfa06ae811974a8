import Basics
import Testing

@testable import Metrics

private struct File: Decodable {
  struct Case: Decodable {
    struct Difference: Decodable { var low, high, p: Double }
    var systems: [[Double]]
    var truth: [Bool]
    var clusters: [Int]?
    var areas: [Double]
    var covariance: [[Double]]
    var difference: Difference?
  }
  var cases: [String: Case]
}

private struct Normal: Decodable { var z, cumulative, p, quantile: [Double] }

@Suite struct DeLongTests {
  /// Areas, covariances and tests are those of the papers' double sums, clustered and with ties.
  @Test func `covariances agree with their definition`() throws {
    for (name, sample) in try golden("delong", as: File.self).cases {
      let found = try DeLong(
        systems: sample.systems, truth: sample.truth, clusters: sample.clusters)
      for (system, area) in sample.areas.enumerated() {
        expectClose(found.areas[system], area, "\(name): area")
        expectClose(
          found.standardError(of: system), sample.covariance[system][system].squareRoot(),
          "\(name): standard error")
        for (a, b) in zip(found.covariance[system], sample.covariance[system]) {
          #expect(abs(a - b) < 1e-12, "\(name)")
        }
      }
      guard let expected = sample.difference else { continue }
      let (estimate, pValue) = found.difference(0, 1)
      expectClose(pValue, expected.p, "\(name): p")
      expectClose(Measure(estimate.low ?? .nan, otherwise: ""), expected.low, "\(name): low")
      expectClose(Measure(estimate.high ?? .nan, otherwise: ""), expected.high, "\(name): high")
    }
  }

  /// The normal distribution agrees with SciPy, far into its tails.
  @Test func `the normal distribution agrees with SciPy`() throws {
    let file = try golden("normal", as: Normal.self)
    for (z, expected) in zip(file.z, file.cumulative) {
      #expect(abs(NormalDistribution.cumulative(z) - expected) <= 1e-12 * expected, "\(z)")
    }
    for (p, expected) in zip(file.p, file.quantile) {
      #expect(abs(NormalDistribution.quantile(p) - expected) <= 1e-11, "\(p)")
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity && NormalDistribution.quantile(-1).isNaN)
  }

  /// What has no variance, or no cases, is undefined with a reason.
  @Test func `a variance of nothing is undefined`() throws {
    let none = try DeLong(systems: [[]], truth: [])
    #expect(none.areas == [.undefined("0 positives")])
    #expect(none.standardError(of: 0) == .undefined("0 positives"))
    let few = try DeLong(systems: [[0.1, 0.9, 0.8]], truth: [true, false, false])
    #expect(few.areas == [.value(0)])
    #expect(few.estimate(of: 0).withheld == "1 independent positive, 2 are needed")
    let one = try DeLong(
      systems: [[0.1, 0.9, 0.8, 0.2]], truth: [true, true, false, false], clusters: [5, 5, 5, 5])
    #expect(one.standardError(of: 0).value == nil)
    let perfect = try DeLong(
      systems: [[0, 0, 1, 1], [0, 0, 1, 1]], truth: [false, false, true, true])
    #expect(perfect.standardError(of: 0) == .value(0))
    #expect(perfect.difference(0, 1).pValue == .undefined("the difference has no variance"))
    #expect(perfect.difference(0, 0).pValue.value == nil)
    #expect(perfect.difference(0, 7).pValue.value == nil && perfect.estimate(of: -1).low == nil)
    #expect(perfect.estimate(of: 0, level: .nan).low == nil)
    #expect(throws: Diagnostic("there are 1 clusters for 2 cases")) {
      try DeLong(systems: [[0, 1]], truth: [true, false], clusters: [0])
    }
    #expect(throws: Diagnostic("1 of 2 scores are NaN or infinite")) {
      try DeLong(systems: [[0, .infinity]], truth: [true, false])
    }
  }
}
