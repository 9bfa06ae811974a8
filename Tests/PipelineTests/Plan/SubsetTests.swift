import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct SubsetTests {
  private let world: World

  init() throws { world = try World() }

  /// What a small sweep depends on.
  private struct Settings {
    var first = 0
    var table = 0
    var split = 0
    var arms = [0, 1]
    var last = 0

    /// Changes one thing, often to a value that was there before.
    mutating func change(_ stream: inout RandomStream) {
      let value = stream.below(3)
      switch stream.below(6) {
      case 0: first = value
      case 1: table = value
      case 2: split = value
      case 3: arms[stream.below(2)] = value
      case 4: last = value
      default: arms.reverse()
      }
    }
  }

  /// `write` → `count` (which many inputs share) → for each arm two stages that read both.
  private func graph(_ settings: Settings) -> Graph {
    func number(_ value: Int) -> [String: Value] {
      ["text": .string(String(repeating: "x", count: value))]
    }
    var steps = [
      Step(kind: "write", parameters: ["text": .string("\(settings.first)")]),
      Step(
        kind: "concatenate", parameters: number(settings.split), inputs: [("first", 0)],
        files: [("table", world.folder + "/table.csv")]),
      Step(kind: "count", inputs: [("from", 1)]),
    ]
    for (experiment, arm) in settings.arms.enumerated() {
      let train = steps.count
      steps.append(
        Step(
          kind: "concatenate", parameters: number(arm), inputs: [("count", 2), ("split", 1)],
          experiment: experiment))
      steps.append(Step(kind: "count", inputs: [("model", train)], experiment: experiment))
      steps.append(
        Step(
          kind: "concatenate", parameters: number(settings.last),
          inputs: [("metrics", train + 1)], experiment: experiment))
    }
    return PipelineTests.graph(steps)
  }

  /// A plan promises what a run does at most, whatever was changed, returned to, deleted or
  /// damaged in between.
  @Test(arguments: 1...4)
  func `a run does nothing that its plan did not list`(seed: Int) async throws {
    var stream = RandomStream("changes", seed: seed)
    var settings = Settings()
    try world.write("0", to: "table.csv")
    var sometimesMaybe = 0
    for _ in 0..<12 {
      for _ in 0...stream.below(2) { settings.change(&stream) }
      try world.write("\(settings.table)", to: "table.csv")
      if stream.below(4) == 0 { try damageAnObject(&stream) }
      let stages = graph(settings)
      let plan = try world.plan(stages)
      let summary = try await world.run(stages)
      #expect(summary.failed.isEmpty)
      let open = plan.entries.filter { $0.status == .run || $0.status == .maybe }
      let listed = Set(open.map { plan.graph[$0.stage].label })
      #expect(listed.isSuperset(of: world.ran), "seed \(seed): \(settings)")
      #expect(open.allSatisfy { !$0.reasons.isEmpty })
      sometimesMaybe += plan.counts.maybe - (world.ran.count - plan.counts.run)
      #expect(try world.plan(stages).counts.cached == stages.stages.count)
      #expect(try await world.run(stages).ran == 0)
    }
    #expect(sometimesMaybe > 0, "no change was ever cut off")
  }

  private func damageAnObject(_ stream: inout RandomStream) throws {
    let objects = world.runs + "/objects"
    let names = ((try? FileManager.default.subpathsOfDirectory(atPath: objects)) ?? [])
      .filter { $0.count > 60 }.sorted()
    guard !names.isEmpty else { return }
    let path = "\(objects)/\(names[stream.below(names.count)])"
    unlink(path)
    if stream.below(2) == 0 { try Files.write("damage", to: path) }
  }
}
