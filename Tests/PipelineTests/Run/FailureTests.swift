import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct FailureTests {
  private let world: World

  init() throws { world = try World() }

  /// A worker that dies is a failed stage with its last words, never a hang.
  @Test(arguments: [true, false])
  func `a killed worker is a failed stage and the next run completes`(isHeavy: Bool) async throws {
    let stages = graph([
      Step(kind: "write"), Step(kind: "resume", isHeavy: isHeavy),
      Step(kind: "count", inputs: [("from", 1)]),
    ])
    let first = try await world.run(stages) { $0.keepGoing = true }
    let (label, report) = try #require(first.failed.first)
    #expect(label == "resume" && report.signal == SIGKILL && first.notRun == ["count"])
    #expect(report.reason == "the worker was ended by signal 9 (SIGKILL)")
    #expect(try #require(report.peakMemory) > 1_000_000)
    // The next try finds the checkpoint, and not the half-written output.
    let second = try await world.run(stages)
    #expect(second.failed.isEmpty && world.ran == ["count", "resume"])
    #expect(try world.output(second, 1) == "checkpoint")
    #expect(try FileManager.default.contentsOfDirectory(atPath: world.runs + "/work") == [])
  }

  /// The tail of the log says what the body was doing.
  @Test func `last words are the end of the log`() async throws {
    let stages = graph([
      Step(kind: "crash", parameters: ["number": .double(Double(SIGSEGV))], isHeavy: true)
    ])
    let report = try #require(try await world.run(stages).failed.first?.report)
    #expect(report.lastWords == ["last words"] && report.signal == SIGSEGV)
    #expect(Files.exists(report.logPath))
  }

  /// A body's error is a fact with a place, and costs the worker nothing.
  @Test func `a body that fails is reported in its own words`() async throws {
    try world.write("Label\n", to: "table.csv")
    let stages = graph([
      Step(kind: "fail", files: [("table", world.folder + "/table.csv")]),
      Step(kind: "write", experiment: 1),
    ])
    let summary = try await world.run(stages) {
      $0.keepGoing = true
      $0.lightJobs = 1
    }
    let report = try #require(summary.failed.first?.report)
    #expect(report.reason == "no column `Finding`")
    #expect(report.message?.contains("\n1 | Label\n") == true)
    #expect(report.lastWords.first == "error: no column `Finding`")
    #expect(summary.ran == 1)
  }

  /// Every way not to make a result is told apart.
  @Test(arguments: [
    ("exit", "the worker exited with code 7 before it was done"),
    ("undeclared", "`undeclared` wrote `more`, which it does not declare"),
    ("silent", "`silent` did not write its output `out`"),
    ("unheard-of", "this worker knows no stage `unheard-of`"),
  ])
  func `a stage without a result says why`(kind: String, reason: String) async throws {
    let summary = try await world.run(graph([Step(kind: kind)]))
    #expect(summary.failed.map(\.report.reason) == [reason])
    #expect(summary.results == [nil])
  }

  /// Without a worker nothing runs, and the reason names the program.
  @Test func `a worker that cannot be started is a failed stage`() async throws {
    let summary = try await world.run(graph([Step(kind: "write")])) {
      $0.worker = "/nowhere/worker"
    }
    #expect(
      summary.failed.map(\.report.reason)
        == ["cannot start `/nowhere/worker`: no such file or directory"])
    let other = try await world.run(graph([Step(kind: "write")])) { $0.worker = "/bin/true" }
    #expect(
      other.failed.map(\.report.reason) == ["the worker exited with code 0 before it was done"])
  }

  /// A failure ends what depends on it; the rest only where nobody asked to go on.
  @Test func `other experiments go on only when asked to`() async throws {
    let stages = graph([
      Step(kind: "exit", experiment: 0),
      Step(kind: "count", inputs: [("from", 0)], experiment: 0),
      Step(kind: "write", parameters: ["text": .string("x")], experiment: 1),
      Step(kind: "count", inputs: [("from", 2)], experiment: 1),
    ])
    let halted = try await world.run(stages) { $0.lightJobs = 1 }
    #expect(halted.failed.count == 1 && halted.ran == 0 && halted.notRun.count == 3)
    let kept = try await world.run(stages) {
      $0.lightJobs = 1
      $0.keepGoing = true
    }
    #expect(kept.ran == 2 && kept.notRun == ["count"])
  }

  /// Stopping ends workers and keeps what is finished.
  @Test func `a stopped run continues with what was finished`() async throws {
    let stages = graph([
      Step(kind: "write"),
      Step(
        kind: "await", parameters: ["text": .string(world.folder + "/gate")],
        inputs: [("from", 0)], isHeavy: true),
    ])
    let runner = try world.runner(stages)
    let task = Task { try await runner.run() }
    try await world.waitForStart(of: "await")
    task.cancel()
    let first = try await task.value
    #expect(first.wasInterrupted && first.ran == 1 && first.notRun == ["await"])
    #expect(first.failed.isEmpty)
    try world.write("", to: "gate")
    let second = try await world.run(stages)
    #expect(!second.wasInterrupted && world.ran == ["await"])
  }

  /// A result under the name of other content would be worse than none.
  @Test func `an input that changes while it is used fails its stage`() async throws {
    try world.write("rows", to: "table.csv")
    let stages = graph([
      Step(kind: "meddle", files: [("table", world.folder + "/table.csv")])
    ])
    let summary = try await world.run(stages)
    #expect(
      summary.failed.map(\.report.reason) == ["input `table` of `meddle` changed while it was used"]
    )
    #expect(try world.plan(stages).counts.run == 1)
  }

  /// A worker whose coordinator is gone exits, and the next run waits until it has.
  @Test func `an orphan's lock is waited for`() async throws {
    let stages = graph([Step(kind: "write", parameters: ["text": .string("x")])])
    let fingerprint = Fingerprint(
      kind: "write", version: 1, parameters: [("text", "x")], inputs: [])
    let folder = Store(world.runs).workFolder(fingerprint.digest)
    try Files.makeFolder(folder)
    let lock = try FileLock(path: folder + "/lock")
    let runner = try world.runner(stages)
    let task = Task { try await runner.run() }
    while world.events.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
    guard case .stageWaiting("write", let holder) = world.events[1] else {
      Issue.record("the run did not wait")
      lock.release()
      return
    }
    #expect(holder == getpid())
    #expect(world.ran == [])
    lock.release()
    #expect(try await task.value.ran == 1)
  }

  /// Killed anywhere, the next run needs no repair and repeats nothing that was finished.
  @Test func `after the coordinator was killed the next run goes on`() async throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: World.worker)
    process.arguments = ["--coordinate", world.runs, "0.5"]
    process.standardOutput = output
    try process.run()
    #expect(output.fileHandleForReading.availableData.starts(with: Data("progress".utf8)))
    kill(process.processIdentifier, SIGKILL)
    let next = try await Self.coordinate(world.runs, seconds: 0.5)
    // The first stage was finished; the second was not, and the third had not begun.
    #expect(next.code == 0 && next.output.hasSuffix("ran 2\n"), "\(next.output)")
    process.waitUntilExit()
  }

  /// The coordinator of the test worker, from start to end.
  static func coordinate(
    _ runs: String, seconds: Double, shell: String = "exec"
  ) async throws -> (code: Int32, output: String) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "\(shell) '\(World.worker)' --coordinate '\(runs)' \(seconds)"]
    process.standardOutput = output
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }

  /// Two runs on one cache share the work.
  @Test func `what another run makes is waited for and not made twice`() async throws {
    let stages = graph([
      Step(kind: "sleep", parameters: ["number": .double(0.3)], isHeavy: true),
      Step(kind: "count", inputs: [("from", 0)]),
    ])
    let other = try Runner(
      graph: stages, sweep: "other", options: RunOptions(runs: world.runs, worker: World.worker))
    async let first = other.run()
    let second = try await world.run(stages)
    let summaries = [try await first, second]
    #expect(summaries.map(\.failed.count) == [0, 0])
    #expect(summaries[0].ran + summaries[1].ran == 2)
    #expect(summaries[0].results == summaries[1].results)
  }

  /// A long run must not use what was edited meanwhile.
  @Test func `an object that is damaged during the run is not used`() async throws {
    let gate = world.folder + "/gate"
    let stages = graph([
      Step(kind: "write", parameters: ["text": .string("a")]),
      Step(kind: "await", parameters: ["text": .string(gate)], inputs: [("from", 0)]),
      Step(kind: "concatenate", inputs: [("a", 0), ("b", 1)]),
    ])
    let runner = try world.runner(stages)
    async let running = runner.run()
    try await world.waitForStart(of: "await")
    try FileManager.default.removeItem(atPath: Store(world.runs).objectPath(Digest(of: "a")))
    try world.write("", to: "gate")
    let summary = try await running
    #expect(summary.failed.map(\.label) == ["concatenate"])
    #expect(
      summary.failed.first?.report.reason
        == "input `a` of `concatenate` is gone or was damaged since it was made"
        + " (output missing: out)")
    #expect(try await world.run(stages).failed.isEmpty)
  }

  /// Nobody is left to tell: the worker ends at once.
  @Test func `a worker exits when its coordinator is gone`() async throws {
    let store = Store(world.runs)
    let process = try WorkerProcess(
      executable: World.worker, arguments: [], environment: [:], logPath: world.folder + "/log")
    let fingerprint = Fingerprint(kind: "sleep", version: 1, parameters: [], inputs: [])
    let folder = store.workFolder(fingerprint.digest)
    process.send(
      try JobLines.line(
        Job(
          id: "sleep", kind: "sleep", parameters: .map(["number": .double(60)]), inputs: [:],
          output: folder + "/output", scratch: folder + "/scratch", threads: 1, device: "cpu",
          outputs: ["out"], store: store.root, fingerprint: fingerprint.text, slot: "s/sleep")))
    while !Files.exists(folder + "/output") { try await Task.sleep(for: .milliseconds(5)) }
    process.closeJobs()
    var end: WorkerProcess.End?
    while end == nil {
      end = process.end()
      try await Task.sleep(for: .milliseconds(2))
    }
    // The body would have slept for a minute and finished.
    #expect(end?.exitCode == 1)
    #expect(store.result(fingerprint.digest) == nil)
  }

  /// The same job runs where no coordinator lives, and its result is found afterwards.
  @Test func `a job file makes a result that a run finds`() async throws {
    let store = Store(world.runs)
    let fingerprint = Fingerprint(
      kind: "write", version: 1, parameters: [("text", "x")], inputs: [])
    let folder = store.workFolder(fingerprint.digest)
    let job = Job(
      id: "write", kind: "write", parameters: .map(["text": .string("x")]), inputs: [:],
      output: folder + "/output", scratch: folder + "/scratch", threads: 1, device: "cpu",
      outputs: ["out"], store: store.root, fingerprint: fingerprint.text, slot: "sweep/write")
    try Files.write(JobLines.line(job), to: world.folder + "/job.json")
    let process = try Process.run(
      URL(filePath: World.worker),
      arguments: ["--job", world.folder + "/job.json", "--events", world.folder + "/events.jsonl"])
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let events = try Files.read(world.folder + "/events.jsonl").split(separator: UInt8(ascii: "\n"))
      .map { try JobLines.read(WorkerEvent.self, $0) }
    guard case .finished = events.last else {
      Issue.record("no last event")
      return
    }
    let stages = graph([Step(kind: "write", parameters: ["text": .string("x")])])
    #expect(try await world.run(stages).cached == 1)
    #expect(world.ran == [])
  }
}
