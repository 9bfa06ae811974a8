import Basics
import Metrics
import Testing

@Suite struct UnitsTests {
  /// Images of a study become one case: maximum or mean score, positive where any image is.
  @Test func `images become studies`() throws {
    let cases = try Cases(
      scores: [0.2, 0.8, 0.5, 0.1, 0.3], truth: [true, false, nil, nil, false],
      patient: [4, 4, 2, 2, 4])
    let units = Units(by: ["a", "a", "b", "b", "c"])
    let largest = try units.aggregate(cases, rule: .max)
    #expect(largest.scores == [0.8, 0.5, 0.3])
    #expect(largest.truth == [true, nil, false])
    #expect(largest.patient == [4, 2, 4])
    let reversed = try Cases(scores: [0, 1], truth: [false, true], patient: [0, 0])
    #expect(try Units(by: ["a", "a"]).aggregate(reversed, rule: .max).truth == [true])
    let mean = try units.aggregate(cases, rule: .mean)
    #expect(zip(mean.scores, [0.5, 0.3, 0.3]).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  /// A unit has an attribute only where its cases agree on it.
  @Test func `attributes of a unit are what its cases share`() throws {
    let units = Units(by: [1, 1, 2, 2, 3, 3, 3])
    let values = try units.attribute(["F", "F", "F", "M", nil, "M", nil])
    #expect(values == ["F", nil, "M"])
  }

  /// A study of two patients is a mistake in the table.
  @Test func `a unit of two patients is an error`() throws {
    let cases = try Cases(scores: [0, 1], truth: [true, true], patient: [0, 1])
    #expect(throws: Diagnostic("a unit of evaluation holds cases of two patients")) {
      try Units(by: [1, 1]).aggregate(cases, rule: .max)
    }
    #expect(throws: Diagnostic("there are 1 keys for 2 cases")) {
      try Units(by: [1]).aggregate(cases, rule: .max)
    }
  }
}
