import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct RunnerTests {
  private let world: World

  init() throws { world = try World() }

  private func chain(_ text: String, then: String = "b") -> Graph {
    graph([
      Step(kind: "write", parameters: ["text": .string(text)]),
      Step(kind: "concatenate", parameters: ["text": .string(then)], inputs: [("from", 0)]),
      Step(kind: "count", inputs: [("from", 1)], isHeavy: true),
    ])
  }

  /// The work is done, in order, and nothing is done twice.
  @Test func `a second run runs nothing`() async throws {
    let first = try await world.run(chain("a"))
    #expect(first.ran == 3 && first.failed.isEmpty && first.notRun.isEmpty)
    #expect(try world.output(first, 1) == "ab" && world.output(first, 2) == "2")
    let second = try await world.run(chain("a"))
    #expect(second.ran == 0 && second.cached == 3)
    #expect(second.results == first.results)
    let result = try #require(first.results[0])
    #expect(!Files.exists(Store(world.runs).workFolder(result.fingerprint)))
  }

  /// What is planned is what happens.
  @Test func `a changed option runs what depends on it and says what it was`() async throws {
    try await world.run(chain("a", then: "b"))
    let plan = try world.plan(chain("a", then: "xyz"))
    #expect(plan.entries.map(\.status.name) == ["cached", "run", "maybe"])
    #expect(plan.entries[1].reasons == [Reason(.optionChanged, "text", from: "b", to: "xyz")])
    try await world.run(chain("a", then: "xyz"))
    #expect(world.ran == ["concatenate", "count"])
  }

  /// A stage that makes the same bytes stops the change.
  @Test func `a change ends where the bytes are the same`() async throws {
    let end = { (text: String) in
      graph([
        Step(kind: "write", parameters: ["text": .string(text)]),
        Step(kind: "count", inputs: [("from", 0)]),
        Step(kind: "concatenate", inputs: [("from", 1)], isHeavy: true),
      ])
    }
    try await world.run(end("aa"))
    let summary = try await world.run(end("bb"))
    #expect(world.ran == ["count", "write"] && summary.cached == 1)
    let cut = world.events.contains { event in
      if case .stageFinished("concatenate", _, .cutoff) = event { true } else { false }
    }
    #expect(cut)
  }

  /// What was made once stays found, whoever asks.
  @Test func `an earlier value and another sweep's name are hits`() async throws {
    try await world.run(chain("a"))
    try await world.run(chain("b"))
    #expect(try await world.run(chain("a")).ran == 0)
    #expect(try await world.run(chain("a"), sweep: "another").ran == 0)
  }

  /// Content counts, not times or places.
  @Test func `touched files and a moved project run nothing`() async throws {
    try world.write("rows", to: "project/table.csv")
    let reading = { (folder: String) in
      graph([Step(kind: "concatenate", files: [("table", "\(folder)/table.csv")])])
    }
    let before = world.folder + "/project"
    try await world.run(reading(before)) { $0.runs = before + "/runs" }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: before + "/table.csv")
    try await world.run(reading(before)) { $0.runs = before + "/runs" }
    #expect(world.ran == [])
    let after = world.folder + "/renamed"
    #expect(rename(before, after) == 0)
    let moved = try await world.run(reading(after)) { $0.runs = after + "/runs" }
    #expect(moved.cached == 1 && moved.ran == 0)
    try Files.write("other", to: after + "/table.csv")
    #expect(try await world.run(reading(after)) { $0.runs = after + "/runs" }.ran == 1)
  }

  /// A worker is told its threads and device, and lives in a group of its own.
  @Test func `a stage gets the threads and the device of its slot`() async throws {
    let stages = graph([
      Step(kind: "describe", parameters: ["x": .double(4)], isHeavy: true), Step(kind: "describe"),
    ])
    let summary = try await world.run(stages) {
      $0.threads = 3
      $0.devices = ["cuda:1"]
    }
    #expect(try world.output(summary, 0).hasPrefix("3 cuda:1 true"))
    #expect(try world.output(summary, 1).hasPrefix("1 cpu true"))
  }

  /// Independent stages overlap; heavy ones only as many as there are slots.
  @Test func `independent stages run at the same time`() async throws {
    let steps = (0..<4).map {
      Step(kind: "sleep", parameters: ["number": .double(0.2), "n": .int($0)], isHeavy: $0 < 2)
    }
    let stages = graph(steps)
    try await world.run(stages) {
      $0.jobs = 1
      $0.lightJobs = 2
    }
    var running: [String: StageWeight] = [:]
    var most = (all: 0, heavy: 0)
    for event in world.events {
      switch event {
      case .stageStarted(let label):
        running[label] = stages.stages.first { $0.label == label }?.declaration.weight
      case .stageFinished(let label, _, _): running[label] = nil
      default: break
      }
      most = (max(most.all, running.count), max(most.heavy, running.values.count { $0 == .heavy }))
    }
    #expect(most.all == 3 && most.heavy == 1)
    let progress = world.events.compactMap { event -> Pipeline.Progress? in
      if case .progress(_, let progress) = event { progress } else { nil }
    }
    #expect(progress.contains { $0.done == 20 && $0.total == 20 && $0.unit == "steps" })
    #expect(progress.contains { $0.rate != nil && $0.metrics["loss"]?.isNaN == true })
  }

  /// Bodies and libraries may print what they like.
  @Test func `what a body prints goes into its log and is no event`() async throws {
    let stages = graph([Step(kind: "disorder"), Step(kind: "count", inputs: [("from", 0)])])
    let summary = try await world.run(stages)
    #expect(try world.output(summary, 0) == "in order" && summary.ran == 2)
    let log = try Files.read(
      Store(world.runs).logPath(try #require(summary.results[0]).fingerprint))
    let text = String(decoding: log, as: UTF8.self)
    #expect(text.contains("finished") && text.contains("to descriptor 1\n"))
    #expect(text.contains("to descriptor 2\n") && text.hasSuffix("no end of line"))
  }

  /// Mistakes in input files are told before anything runs.
  @Test func `a missing file is told before anything runs`() async throws {
    let stages = graph([
      Step(kind: "write"), Step(kind: "concatenate", files: [("table", "nowhere/table.csv")]),
    ])
    let thrown = await #expect(throws: Diagnostics.self) { try await world.run(stages) }
    #expect(thrown?.all.map(\.message) == ["`nowhere/table.csv` does not exist"])
    #expect(world.ran == [])
  }

  /// Forcing is for those who do not trust a result.
  @Test func `forced stages run again`() async throws {
    try await world.run(chain("a"))
    try await world.run(chain("a")) { $0.forcedKinds = ["concatenate"] }
    #expect(world.ran == ["concatenate"])
  }

  /// A set of files enters by its content, and is read only when the file system says that it may
  /// have changed.
  @Test func `a set of files is read once`() async throws {
    for index in 0..<300 { try world.write("\(index % 10)", to: "data/\(index).png") }
    var builder = GraphBuilder()
    let list = builder.add(
      StageDeclaration(
        kind: "write", version: 1,
        parameters: .map([
          "text": .string((0..<300).map { "\($0).png\n" }.joined())
        ]), inputs: [], outputs: ["out"]), experiment: 0)
    _ = builder.add(
      StageDeclaration(
        kind: "count", version: 1, parameters: .map([:]),
        inputs: [("pictures", .files(root: world.folder + "/data", listedIn: list, name: "out"))],
        outputs: ["out"]), experiment: 0)
    let stages = builder.finish(experiments: [ExperimentName(arm: "a", settings: [], seed: nil)])
    usleep(20_000)
    let first = try await world.run(stages)
    #expect(try first.ran == 2 && world.output(first, 1) == "300")
    #expect(try world.plan(stages).counts.cached == 2)
    #expect(try await world.run(stages).ran == 0)

    // The same content with new times: it has to be read, and then nothing runs.
    try world.write("7", to: "data/7.png")
    #expect(try world.plan(stages).entries[1].status == .maybe)
    #expect(try await world.run(stages).ran == 0)

    try world.write("77", to: "data/7.png")
    let third = try await world.run(stages)
    #expect(try third.ran == 1 && world.output(third, 1) == "301")

    try FileManager.default.removeItem(atPath: world.folder + "/data/8.png")
    let thrown = #expect(throws: Diagnostics.self) { try world.plan(stages) }
    #expect(thrown?.description.contains("8.png` does not exist") == true)
  }
}
