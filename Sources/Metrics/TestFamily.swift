/// The tests that are looked at together, and their p-values adjusted for it.
///
/// A family is named for what it holds: the arms of a sweep against the baseline, on one metric.
public struct TestFamily: Sendable {
  /// What is tested.
  public var name: String
  /// Each test with its p-value; one that is undefined takes no part.
  public var tests: [(name: String, pValue: Measure)]

  /// A family.
  public init(_ name: String, _ tests: [(name: String, pValue: Measure)]) {
    self.name = name
    self.tests = tests
  }

  /// What an adjusted p-value below α promises.
  public enum Adjustment: String, CaseIterable, Sendable, Codable {
    /// A false finding in at most α of families (Holm 1979), whatever the dependence.
    case holm
    /// At most α of findings false on average (Benjamini and Hochberg 1995), for tests that are
    /// independent or depend positively.
    case benjaminiHochberg = "benjamini-hochberg"
  }

  /// The adjusted p-values, in the order of the tests; undefined where the p-value is, or is no
  /// probability.
  public func adjusted(_ adjustment: Adjustment) -> [Measure] {
    let values = tests.map { test -> Double? in
      test.pValue.value.flatMap { (0...1).contains($0) ? $0 : nil }
    }
    let ranked = values.indices.filter { values[$0] != nil }
      .sorted { (values[$0] ?? 1, $0) < (values[$1] ?? 1, $1) }
    let count = ranked.count
    var result = tests.map { test in
      test.pValue.value.map { .undefined("\($0) is no probability") } ?? test.pValue
    }
    switch adjustment {
    case .holm:
      var largest = 0.0
      for (rank, index) in ranked.enumerated() {
        largest = max(largest, min(1, Double(count - rank) * (values[index] ?? 1)))
        result[index] = .value(largest)
      }
    case .benjaminiHochberg:
      var smallest = 1.0
      for (rank, index) in ranked.enumerated().reversed() {
        smallest = min(smallest, Double(count) / Double(rank + 1) * (values[index] ?? 1))
        result[index] = .value(smallest)
      }
    }
    return result
  }
}
