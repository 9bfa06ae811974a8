import Basics
import Foundation

/// A stage with all that is needed to run it.
final class PreparedJob {
  let node: StageNode
  let fingerprint: Fingerprint
  let inputs: [String: JobInput]
  /// Whether the body has begun; until then the log is that of an earlier try.
  var hasStarted = false
  private var firstProgress: (done: Int, seconds: Double)?

  init(node: StageNode, fingerprint: Fingerprint, inputs: [String: JobInput]) {
    self.node = node
    self.fingerprint = fingerprint
    self.inputs = inputs
  }

  /// Units per second since the first progress, which leaves out what a checkpoint had done.
  func rate(done: Int, at seconds: Double) -> Double? {
    guard let first = firstProgress else {
      firstProgress = (done, seconds)
      return nil
    }
    guard done > first.done, seconds > first.seconds else { return nil }
    return Double(done - first.done) / (seconds - first.seconds)
  }
}

/// The workers of a run: a process for each heavy stage, and a few that serve the light ones.
struct WorkerPool {
  /// What a wait ended with.
  enum Happening {
    case woken
    case told(PreparedJob, WorkerEvent, seconds: Double)
    case died(PreparedJob, WorkerProcess.End, seconds: Double)
  }

  private final class Member {
    let process: WorkerProcess
    let slot: Int?
    var job: PreparedJob?
    var begun = ContinuousClock.now
    /// When its events ended, or it was told to end.
    var ending: ContinuousClock.Instant?
    var hasEvents = true

    init(process: WorkerProcess, slot: Int?) {
      self.process = process
      self.slot = slot
    }

    var seconds: Double { (ContinuousClock.now - begun) / .seconds(1) }
  }

  private let options: RunOptions
  private let store: Store
  private let environment: [String: String]
  private var members: [Member] = []
  private var started = 0

  init(options: RunOptions, store: Store) {
    self.options = options
    self.store = store
    // A team of threads that shrinks under load would change float results.
    environment = ProcessInfo.processInfo.environment
      .merging(["OMP_DYNAMIC": "false"]) { _, new in new }
      .merging(options.environment) { _, new in new }
  }

  /// Whether no stage is running.
  var isIdle: Bool { !members.contains { $0.job != nil } }

  /// Whether one more stage may run.
  func hasRoom(heavy: Bool) -> Bool {
    if heavy { return members.count { $0.slot != nil } < max(1, options.jobs) }
    return members.count { $0.slot == nil && $0.job != nil } < max(1, options.lightJobs)
  }

  private func threads(_ weight: StageWeight) -> Int {
    switch weight {
    case .light: 1
    case .wide: max(1, options.lightJobs)
    case .heavy: options.threads
    }
  }

  /// Hands a job to a worker, to a new one where none is free.
  mutating func run(
    _ job: PreparedJob, heavy: Bool, slot: String, forced: Bool
  ) throws(Diagnostic) {
    let member: Member
    if heavy {
      let taken = Set(members.compactMap(\.slot))
      let free = (0...).first { !taken.contains($0) } ?? 0
      member = Member(process: try start(), slot: free)
      members.append(member)
    } else if let idle = members.last(where: {
      $0.slot == nil && $0.job == nil && $0.hasEvents && $0.ending == nil
    }) {
      member = idle
    } else {
      member = Member(process: try start(), slot: nil)
      members.append(member)
    }
    let digest = job.fingerprint.digest
    let folder = store.workFolder(digest)
    let devices = options.devices
    var message = Job(
      id: job.node.label, kind: job.node.declaration.kind,
      parameters: job.node.declaration.parameters, inputs: job.inputs,
      output: Files.join(folder, "output"), scratch: Files.join(folder, "scratch"),
      threads: threads(job.node.declaration.weight),
      device: member.slot.flatMap { devices.isEmpty ? nil : devices[$0 % devices.count] } ?? "cpu",
      outputs: job.node.declaration.outputs, store: store.root,
      fingerprint: job.fingerprint.text, slot: slot, isForced: forced,
      mentions: job.node.declaration.mentions)
    let fileOptions = job.node.declaration.fileOptions
    if !fileOptions.isEmpty { message.fileOptions = fileOptions }
    guard let line = try? JobLines.line(message) else {
      throw Diagnostic("the parameters of `\(job.node.label)` cannot be written as JSON")
    }
    member.job = job
    member.begun = .now
    member.process.send(line)
  }

  private mutating func start() throws(Diagnostic) -> WorkerProcess {
    started += 1
    return try WorkerProcess(
      executable: options.worker, arguments: options.workerArguments, environment: environment,
      logPath: "\(store.root)/logs/worker-\(getpid())-\(started).log",
      memoryEvents: options.memoryEvents)
  }

  /// Waits for the next thing to happen.
  mutating func wait(alsoFor descriptor: Int32) -> [Happening] {
    let listening = members.filter(\.hasEvents)
    var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    polled += listening.map { pollfd(fd: $0.process.socket, events: Int16(POLLIN), revents: 0) }
    // Processes that are ending are looked at again soon: their end is no event of a descriptor.
    let isEnding = members.contains { $0.ending != nil || !$0.hasEvents }
    poll(&polled, nfds_t(polled.count), isEnding ? 2 : 1000)
    var happenings: [Happening] = []
    if polled[0].revents != 0 { happenings.append(.woken) }
    for (member, entry) in zip(listening, polled.dropFirst()) where entry.revents != 0 {
      guard let events = member.process.received() else {
        member.hasEvents = false
        member.ending = member.ending ?? .now
        continue
      }
      for event in events { take(event, from: member, into: &happenings) }
    }
    reap(into: &happenings)
    return happenings
  }

  private func take(_ event: WorkerEvent, from member: Member, into found: inout [Happening]) {
    guard let job = member.job else { return }
    found.append(.told(job, event, seconds: member.seconds))
    switch event {
    case .finished, .failed:
      member.job = nil
      if member.slot != nil {
        member.process.closeJobs()
        member.ending = .now
      }
    default: break
    }
  }

  private mutating func reap(into happenings: inout [Happening]) {
    members.removeAll { member in
      guard let ending = member.ending else { return false }
      // Its last events may still be on their way while it lives or has just died.
      guard !member.hasEvents, let end = member.process.end() else {
        let hasRunOut = ContinuousClock.now - ending > .seconds(options.grace)
        if hasRunOut { member.process.signal(SIGKILL) }
        return false
      }
      // Whatever it started ends with it.
      member.process.signal(SIGKILL)
      if let job = member.job {
        happenings.append(
          .died(job, end, seconds: member.seconds))
      }
      return true
    }
  }

  /// Asks all workers to end, or ends them.
  func stop(atOnce: Bool) {
    for member in members {
      member.process.signal(atOnce ? SIGKILL : SIGTERM)
      member.ending = member.ending ?? .now
    }
  }

  /// Lets idle workers exit and waits until all have.
  mutating func close() {
    for member in members {
      member.process.closeJobs()
      member.ending = member.ending ?? .now
    }
    while !members.isEmpty { _ = wait(alsoFor: -1) }
  }
}

/// The end of a log.
enum LogTail {
  /// The last lines of the file at `path`, at most `count` and of its last 16 KiB.
  static func lines(_ path: String, count: Int = 20) -> [String] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? file.close() }
    guard let size = try? file.seekToEnd(),
      (try? file.seek(toOffset: size - min(size, 16_384))) != nil,
      let data = try? file.readToEnd()
    else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").suffix(count)
      .map(String.init)
  }
}
