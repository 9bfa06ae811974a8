import Basics
import Foundation
import Testing

@testable import Pipeline

/// Prints what planning and running cost; times decide nothing, since tests share their machine.
@Suite(.serialized) struct ThousandStagesTests {
  /// Of a large sweep nothing is run twice.
  @Test func `a thousand stages run once and are found ever after`() async throws {
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
    for _ in 0..<3 {
      var counts = PlanCounts()
      let again = try ContinuousClock().measure { counts = try world.plan(stages).counts }
      #expect(counts.cached == 1000)
      var summary = RunSummary()
      let second = try await ContinuousClock().measure { summary = try await world.run(stages) }
      #expect(summary.ran == 0 && summary.cached == 1000)
      print("1000 cached stages: planned in \(again), run in \(second)")
    }
  }
}
