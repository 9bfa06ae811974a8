import Basics
import Foundation
import Synchronization
import Testing

@testable import Pipeline

/// A folder of its own with a cache, files and the worker of the tests.
final class World: Sendable {
  let folder: String
  let runs: String
  private let happened = Mutex<[RunEvent]>([])

  init() throws {
    folder = NSTemporaryDirectory() + "pipeline-tests-\(UUID().uuidString)"
    runs = folder + "/runs"
    try Files.makeFolder(folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The program beside the tests.
  static var worker: String {
    let programs = [CommandLine.arguments[0], Bundle.main.bundlePath + "/-"]
      .map(Files.parent(of:))
    return programs.map { $0 + "/pipeline-test-worker" }.first(where: Files.exists) ?? ""
  }

  func write(_ text: String, to name: String) throws {
    try Files.makeFolder(Files.parent(of: "\(folder)/\(name)"))
    try Files.write(text, to: "\(folder)/\(name)")
  }

  func runner(
    _ graph: Graph, sweep: String = "sweep", _ change: (inout RunOptions) -> Void = { _ in }
  ) throws -> Runner {
    var options = RunOptions(runs: runs, worker: Self.worker)
    // `swift test` asks for backtraces, which would take a minute and fill the log.
    options.environment["SWIFT_BACKTRACE"] = "enable=no"
    change(&options)
    happened.withLock { $0 = [] }
    return try Runner(graph: graph, sweep: sweep, options: options) { [self] event in
      happened.withLock { $0.append(event) }
    }
  }

  @discardableResult
  func run(
    _ graph: Graph, sweep: String = "sweep", _ change: (inout RunOptions) -> Void = { _ in }
  ) async throws -> RunSummary {
    try await runner(graph, sweep: sweep, change).run()
  }

  /// The events of the last run.
  var events: [RunEvent] { happened.withLock { $0 } }

  /// Lets go of the last run, whose results count as in use for as long as its summary is there.
  func forget() { happened.withLock { $0 = [] } }

  /// The stages that workers ran in the last run, sorted.
  var ran: [String] {
    events.compactMap { event in
      guard case .stageFinished(let label, _, .ran) = event else { return nil }
      return label
    }.sorted()
  }

  /// Returns when a worker has begun with a stage of the run that goes on.
  func waitForStart(of label: String) async throws {
    while !events.contains(where: { if case .stageStarted(label) = $0 { true } else { false } }) {
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  func plan(_ graph: Graph, sweep: String = "sweep") throws -> Plan {
    let cache = try Cache(runs: runs, sweep: sweep)
    defer { cache.close() }
    return try cache.plan(graph)
  }

  /// The text of a stage's output.
  func output(_ summary: RunSummary, _ stage: Int, _ name: String = "out") throws -> String {
    let digest = try #require(summary.results[stage]?.digest(of: name))
    return String(decoding: try Files.read(Store(runs).objectPath(digest)), as: UTF8.self)
  }
}

/// A stage of a small graph: a kind, its parameters, and inputs by the index of an earlier stage.
struct Step {
  var kind: String
  var parameters: [String: Value] = [:]
  var inputs: [(String, Int)] = []
  var files: [(String, String)] = []
  var isHeavy = false
  var experiment = 0
}

/// A graph of steps, each with one output `out`.
func graph(_ steps: [Step]) -> Graph {
  var builder = GraphBuilder()
  var ids: [StageID] = []
  for step in steps {
    ids.append(
      builder.add(
        StageDeclaration(
          kind: step.kind, version: 1, parameters: .map(step.parameters),
          inputs: step.inputs.map { ($0.0, .output(ids[$0.1], name: "out")) }
            + step.files.map { ($0.0, .file(path: $0.1)) },
          outputs: ["out"], weight: step.isHeavy ? .heavy : .light),
        experiment: step.experiment))
  }
  let last = steps.map(\.experiment).max() ?? 0
  return builder.finish(
    experiments: (0...last).map { index in
      ExperimentName(
        arm: "arm \(index)",
        settings: [SweepSetting(path: "x.arm", name: "arm", value: "\(index)")],
        seed: nil)
    })
}
