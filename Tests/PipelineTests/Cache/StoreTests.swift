import Basics
import Foundation
import Testing

@testable import Pipeline

/// Counting, checking and tidying a store.
@Suite struct StoreTests {
  private let world: World

  init() throws { world = try World() }

  private func chain(_ text: String) -> Graph {
    graph([
      Step(kind: "write", parameters: ["text": .string(text)]),
      Step(kind: "concatenate", parameters: ["text": .string("b")], inputs: [("from", 0)]),
      Step(kind: "count", inputs: [("from", 1)]),
    ])
  }

  private func collect(
    keeping named: Set<Digest> = [], last: Int, isDry: Bool = false
  ) throws -> GarbageCollection.Report {
    try GarbageCollection.collect(
      runs: world.runs, keeping: named, lastRuns: last, isDry: isDry)
  }

  /// What the last runs used stays; the rest goes, with its objects and logs.
  @Test func `a collection keeps what the last runs used`() async throws {
    for text in ["a", "aa", "aaa"] { try await world.run(chain(text)) }
    // Using is what counts, not making.
    try await world.run(chain("a"))
    world.forget()
    let dry = try collect(last: 2, isDry: true)
    #expect(dry.removed == 3 && dry.kept == 6 && dry.objects == 3 && dry.runs == 2)
    #expect(try world.plan(chain("aa")).counts.cached == 3)
    let report = try collect(last: 2)
    #expect(report == dry)
    #expect(try world.plan(chain("a")).counts.cached == 3)
    #expect(try world.plan(chain("aaa")).counts.cached == 3)
    #expect(try world.plan(chain("aa")).counts.cached == 0)
    #expect(try collect(last: 2).removed == 0)
    let check = try StoreCheck(runs: world.runs)
    #expect(check.objects == 6 && check.faults == [])
    #expect(try await world.run(chain("aa")).ran == 3)
  }

  /// A result that is named stays, whenever it was used.
  @Test func `a collection keeps what is named`() async throws {
    let named = Set(
      try await world.run(chain("a")).results.compactMap { $0?.fingerprint })
    try await world.run(chain("bb"))
    world.forget()
    let report = try collect(keeping: named, last: 0)
    #expect(report.removed == 3 && report.kept == 3)
    #expect(try world.plan(chain("a")).counts.cached == 3)
  }

  /// A run that was killed is a run: what it finished is not garbage, nor is its checkpoint.
  @Test func `a collection keeps what a killed run had done`() async throws {
    let stages = graph([
      Step(kind: "write", parameters: ["text": .string("x")]),
      Step(kind: "resume", inputs: [("from", 0)], isHeavy: true),
    ])
    try await world.run(stages) { $0.keepGoing = true }
    let kept = try collect(last: 1)
    #expect(kept.removed == 0 && kept.workFolders == 0)
    let second = try await world.run(stages)
    #expect(try world.output(second, 1) == "checkpoint" && world.ran == ["resume"])
  }

  /// Nothing is taken from under a run that goes on, whatever else it finds or makes meanwhile.
  @Test func `a collection beside a run that goes on takes nothing from it`() async throws {
    try await world.run(chain("old"))
    world.forget()
    let process = Process()
    process.executableURL = URL(filePath: World.worker)
    process.arguments = ["--coordinate", world.runs, "0.5"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var rounds = 0
    var reports: [GarbageCollection.Report] = []
    while process.isRunning {
      // The run that goes on is the last: what was before it is garbage.
      reports.append(try collect(last: 1))
      rounds += 1
      usleep(5000)
    }
    process.waitUntilExit()
    let said = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationStatus == 0 && said.hasSuffix("ran 3\n"), "\(said)")
    #expect(rounds > 10 && reports.contains { $0.activeRuns == 1 })
    #expect(try world.plan(chain("old")).counts.cached == 0)
    // When it is over, its results are like others.
    #expect(try collect(last: 1).removed == 0)
    let again = try await FailureTests.coordinate(world.runs, seconds: 0.5)
    #expect(again.output.hasSuffix("ran 0\n"), "\(again.output)")
    #expect(try collect(last: 0).removed == 3)
  }

  /// A flipped byte is found wherever it is, set aside, and made anew.
  @Test func `a check reads every object`() async throws {
    let summary = try await world.run(chain("a"))
    let digests = try (0..<3).map { try #require(summary.results[$0]?.digest(of: "out")) }
    let store = Store(world.runs)
    #expect(try StoreCheck(runs: world.runs).faults == [])
    chmod(store.objectPath(digests[1]), 0o644)
    let handle = try #require(FileHandle(forWritingAtPath: store.objectPath(digests[1])))
    try handle.write(contentsOf: Data("x".utf8))
    try handle.close()
    unlink(store.objectPath(digests[2]))
    let check = try StoreCheck(runs: world.runs)
    #expect(
      check.faults.map { "\($0.what) \($0.output) of \($0.slot)" }
        == ["damaged out of sweep/concatenate", "gone out of sweep/count"])
    #expect(Files.exists(world.runs + "/damaged/\(digests[1].hex)"))
    try await world.run(chain("a"))
    #expect(world.ran == ["concatenate", "count"])
    #expect(try StoreCheck(runs: world.runs).faults == [])
  }

  /// Equal objects are stored once.
  @Test func `statistics count results and objects`() async throws {
    try await world.run(
      graph([
        Step(kind: "write", parameters: ["text": .string("same")]),
        Step(kind: "write", parameters: ["text": .string("same"), "other": .int(1)]),
      ]))
    let statistics = StoreStatistics(runs: world.runs)
    #expect(statistics.kinds.map(\.name) == ["write"])
    #expect(statistics.kinds.first?.results == 2 && statistics.kinds.first?.bytes == 8)
    #expect(statistics.objects == 1 && statistics.objectBytes == 4)
    #expect(statistics.runs == 1 && statistics.workFolders == 0 && statistics.damaged == 0)
  }

  /// A clock that was set back must not make an edited object look older than its result.
  @Test func `an object edited after the clock was set back is noticed`() async throws {
    let summary = try await world.run(chain("a"))
    let store = Store(world.runs)
    let result = try #require(summary.results[1])
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 86_400)],
      ofItemAtPath: store.manifestPath(result.fingerprint))
    unlink(world.runs + "/cache.sqlite")
    #expect(try world.plan(chain("a")).counts.cached == 3)
    unlink(world.runs + "/cache.sqlite")
    let path = store.objectPath(try #require(result.digest(of: "out")))
    unlink(path)
    try Files.write("zz", to: path)
    #expect(try world.plan(chain("a")).entries[1].reasons == [Reason(.outputDamaged, "out")])
    try await world.run(chain("a"))
    #expect(world.ran == ["concatenate"])
  }

  /// A plan looks and leaves no trace.
  @Test func `a plan without a cache makes none`() throws {
    let cache = try Cache(runs: world.runs, sweep: "sweep", creating: false)
    #expect(try cache.plan(chain("a")).counts.run == 3)
    cache.close()
    #expect(!Files.exists(world.runs))
  }
}
