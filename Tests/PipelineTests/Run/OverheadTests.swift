import Basics
import Foundation
import Testing

@testable import Pipeline

/// The bounds are wide, because tests share their machine; the figures are printed.
@Suite(.serialized) struct OverheadTests {
  /// A fully cached sweep answers as fast as ninja.
  @Test func `a thousand cached stages are planned in some milliseconds`() async throws {
    let world = try World()
    var steps: [Step] = [Step(kind: "write", parameters: ["text": .string("split")])]
    for experiment in 0..<333 {
      var parameters: [String: Value] = ["text": .string("\(experiment)")]
      for option in 0..<20 { parameters["option\(option)"] = .double(Double(option) / 7) }
      let train = steps.count
      steps.append(
        Step(
          kind: "concatenate", parameters: parameters, inputs: [("split", 0)],
          experiment: experiment))
      steps.append(Step(kind: "concatenate", inputs: [("train", train)], experiment: experiment))
      steps.append(Step(kind: "count", inputs: [("eval", train + 1)], experiment: experiment))
    }
    let stages = graph(steps)
    let first = try await ContinuousClock().measure {
      let summary = try await world.run(stages)
      #expect(summary.ran + summary.cached == 1000 && summary.failed.isEmpty)
    }
    let ran = world.ran.count
    print("\(ran) stages run: \(first / ran) each")
    #expect(first / ran < .milliseconds(20))
    for _ in 0..<3 {
      var counts = PlanCounts()
      let again = try ContinuousClock().measure { counts = try world.plan(stages).counts }
      #expect(counts.cached == 1000)
      var summary = RunSummary()
      let second = try await ContinuousClock().measure { summary = try await world.run(stages) }
      #expect(summary.ran == 0 && summary.cached == 1000)
      print("1000 cached stages: planned in \(again), run in \(second)")
      #expect(again < .milliseconds(500) && second < .milliseconds(500))
    }
  }
}
