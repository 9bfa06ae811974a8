import Basics
import Foundation
import Testing

@testable import Pipeline

/// Retries, memory, full disks and many kills.
@Suite struct ResilienceTests {
  private let world: World

  init() throws { world = try World() }

  /// A stage that fails by bad luck is tried again as often as was asked for, and no oftener.
  @Test func `a failed stage is tried again`() async throws {
    let stages = graph([
      Step(kind: "flaky", parameters: ["number": .double(2)]),
      Step(kind: "count", inputs: [("from", 0)]),
    ])
    let once = try await world.run(stages) { $0.retries = ["flaky": 1] }
    #expect(once.failed.map(\.report.reason) == ["not yet"] && once.notRun == ["count"])
    let retried = world.events.compactMap { event -> String? in
      guard case .stageRetried(let label, let report, let attempt, let allowed) = event else {
        return nil
      }
      return "\(label): \(report.reason), \(attempt) of \(allowed)"
    }
    #expect(retried == ["flaky: not yet, 1 of 1"])
    let again = try await world.run(stages) { $0.retries = ["flaky": 1] }
    #expect(again.failed.isEmpty && again.ran == 2)
    #expect(try world.output(again, 0) == "2")
  }

  /// A dead worker is a failure like others.
  @Test func `a killed worker is tried again`() async throws {
    let stages = graph([Step(kind: "resume", isHeavy: true)])
    let summary = try await world.run(stages) { $0.retries = ["resume": 1] }
    #expect(summary.failed.isEmpty && world.ran == ["resume"])
  }

  /// "Killed" helps nobody where memory was the reason.
  @Test func `a worker that the kernel killed for memory is out of memory`() async throws {
    let events = world.folder + "/memory.events"
    try Files.write("low 0\noom 0\noom_kill 0\n", to: events)
    let stages = graph([Step(kind: "starve", parameters: ["text": .string(events)], isHeavy: true)])
    let report = try #require(
      try await world.run(stages) { $0.memoryEvents = events }.failed.first?.report)
    #expect(report.isOutOfMemory)
    #expect(report.reason == "out of memory: the worker was ended by signal 9 (SIGKILL)")
    let killed = graph([Step(kind: "crash", parameters: ["number": .double(9)], isHeavy: true)])
    let other = try #require(
      try await world.run(killed) { $0.memoryEvents = events }.failed.first?.report)
    #expect(other.reason == "the worker was ended by signal 9 (SIGKILL)")
  }

  /// What allocators say is known for what it is.
  @Test(arguments: [
    ("std::bad_alloc", true), ("CUDA out of memory. Tried to allocate 2.00 GiB", true),
    ("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory", true),
    ("no column `Memory`", false),
  ])
  func `a refused allocation is out of memory`(message: String, isOut: Bool) {
    let report = FailureReport(message: message, lastWords: [], logPath: "", seconds: 0)
    #expect(report.isOutOfMemory == isOut)
    #expect(report.reason.hasPrefix("out of memory: ") == isOut)
  }

  /// A worker serves many stages; what one needed is not what the next did.
  @Test func `the peak memory of a stage is its own`() async throws {
    let stages = graph([
      Step(kind: "allocate", parameters: ["number": .double(200)]),
      Step(kind: "count", inputs: [("from", 0)]),
      Step(kind: "crash", parameters: ["number": .double(9)], inputs: [("from", 1)]),
    ])
    let summary = try await world.run(stages) { $0.lightJobs = 1 }
    let peaks = try summary.results.compactMap { $0 }.map { result in
      try #require(Store(world.runs).manifest(result.fingerprint)).provenance.peakMemory >> 20
    }
    #expect(peaks.count == 2 && peaks[0] >= 200)
    let crashed = try #require(summary.failed.first?.report.peakMemory) >> 20
    // Where the kernel does not let a process forget its peak, only the first is known.
    try #require(access("/proc/self/clear_refs", W_OK) == 0)
    #expect(peaks[1] < 150)
    // A process starts with what its parent had in memory, and the parent is all these tests.
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    #expect(crashed < max(150, usage.ru_maxrss / 1024 + 1))
  }

  /// A cache on a disk that is full at whatever write is not damaged, and nothing hangs.
  @Test(arguments: [0, 1, 2, 4, 8, 16, 24, 48, 96])
  func `a file that cannot grow beyond a size fails its stage, and the next run completes`(
    blocks: Int
  ) async throws {
    let limited = try await FailureTests.coordinate(
      world.runs, seconds: 0, shell: "trap '' XFSZ; ulimit -f \(blocks); exec")
    #expect([0, 1, 64].contains(limited.code), "\(limited)")
    #expect(limited.code == 0 || limited.output.contains("file too large"), "\(limited.output)")
    try await expectWhole()
  }

  /// The same with a real disk, larger by a page each time, until all fits.
  @Test(.enabled(if: ResilienceTests.canMount, "skipped: needs the right to mount a file system"))
  func `a full disk fails stages, and with more room the next run completes`() async throws {
    let folder = world.folder + "/disk"
    try Files.makeFolder(folder)
    var sizes = 0
    for kilobytes in stride(from: 4, through: 400, by: 8) {
      let script = """
        mount -t tmpfs -o size=\(kilobytes)k none '\(folder)' || exit 99
        '\(World.worker)' --coordinate '\(folder)/runs' 0; first=$?
        mount -o remount,size=64m '\(folder)'
        '\(World.worker)' --coordinate '\(folder)/runs' 0 > /dev/null || echo "second: $?"
        for object in '\(folder)'/runs/objects/*/*; do
          [ "$(sha256sum < "$object" | cut -c1-64)" = "${object##*/}" ] || echo "damaged $object"
        done
        echo "first: $first"
        """
      let ended = try Self.unshared(script)
      #expect(!ended.contains("second:") && !ended.contains("damaged"), "\(kilobytes) k: \(ended)")
      let isFull = !ended.contains("first: 0")
      #expect(!isFull || ended.contains("no space left on device"), "\(kilobytes) k: \(ended)")
      sizes += isFull ? 1 : 0
      if !isFull { break }
    }
    #expect(sizes > 3)
  }

  static let canMount: Bool =
    (try? unshared("mount -t tmpfs none /mnt && echo mounted"))?.contains("mounted") == true

  private static func unshared(_ script: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/unshare")
    process.arguments = ["-m", "sh", "-c", script]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.environment = ["SWIFT_BACKTRACE": "enable=no", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"]
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  /// Twenty kills at moments that nobody chose: nothing finished is lost or done twice.
  @Test func `twenty kills lose no result and change no byte`() async throws {
    var stream = RandomStream("kills", seed: 3)
    var known: [String: Date] = [:]
    var kills = 0
    while kills < 20 {
      let process = Process()
      process.executableURL = URL(filePath: World.worker)
      // Another length is another stage, so that there is always something to do.
      let length = "0.\(10 + kills / 4)"
      process.arguments = ["--coordinate", world.runs, length]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      try await Task.sleep(for: .milliseconds(stream.below(200)))
      let workers = Self.children(of: process.processIdentifier)
      let isOnlyWorker = stream.below(3) == 0 && !workers.isEmpty
      if process.isRunning { kills += 1 }
      if !isOnlyWorker { kill(process.processIdentifier, SIGKILL) }
      if stream.below(2) == 0 { for worker in workers { kill(worker, SIGKILL) } }
      process.waitUntilExit()
      let now = try manifests()
      #expect(now.merging(known) { $1 } == now, "a result was lost or made again")
      known = now
    }
    try await expectWhole()
    let now = try manifests()
    #expect(now.merging(known) { $1 } == now)
  }

  /// The results that are there, with the time at which each was made.
  private func manifests() throws -> [String: Date] {
    let folder = world.runs + "/results"
    var found: [String: Date] = [:]
    for name in FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    where name.hasSuffix(".json") {
      found[name] =
        try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.modificationDate]
        as? Date
    }
    return found
  }

  private static func children(of process: pid_t) -> [pid_t] {
    let path = "/proc/\(process)/task/\(process)/children"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { pid_t($0) }
  }

  /// The next run needs nothing but room, and every object is what its name says.
  private func expectWhole() async throws {
    let next = try await FailureTests.coordinate(world.runs, seconds: 0)
    #expect(next.code == 0, "\(next.output)")
    let check = try StoreCheck(runs: world.runs)
    #expect(check.faults == [] && check.strays == 0 && check.objects > 1)
  }
}
