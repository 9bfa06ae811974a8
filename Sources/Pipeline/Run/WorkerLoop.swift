import Basics
@preconcurrency import Foundation
import Synchronization

/// The inside of a worker process: reads jobs, runs their bodies on the main thread, tells events.
///
/// Events travel on a descriptor of their own; what bodies and libraries print to the standard
/// outputs goes into the log of the job.
public enum WorkerLoop {
  /// Serves jobs from standard input until it ends; tells events on what was standard output.
  ///
  /// When standard input ends while a body runs, its coordinator is gone and the process exits.
  /// - Parameters:
  ///   - bodies: by kind of stage.
  ///   - versions: of the programs and libraries that take part, for the record.
  public static func serve(bodies: [String: StageBody], versions: [String: String] = [:]) {
    let events = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    let output = Outputs()
    // What was printed before may not have ended its line.
    writeAll([UInt8(ascii: "\n")], to: events)
    // Programs that a body starts must not read jobs, nor keep the line open when this one ends.
    let line = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
    let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
    dup2(nothing, STDIN_FILENO)
    close(nothing)
    let jobs = IncomingJobs()
    jobs.listen(to: line)
    while let job = jobs.next() {
      run(job, bodies: bodies, versions: versions, output: output, events: events)
    }
  }

  /// Runs the job in a file and appends its events to another, for schedulers like Slurm.
  ///
  /// - Returns: the exit code: 0 where the stage finished, 1 where it failed.
  public static func run(
    jobFile: String, eventsFile: String, bodies: [String: StageBody],
    versions: [String: String] = [:]
  ) throws(Diagnostic) -> Int32 {
    let bytes = try Files.read(jobFile)
    guard let job = try? JobLines.read(Job.self, bytes) else {
      throw Diagnostic("`\(jobFile)` is no job")
    }
    let events = open(eventsFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard events >= 0 else { throw Files.failure("write", eventsFile) }
    defer { close(events) }
    return run(job, bodies: bodies, versions: versions, output: Outputs(), events: events) ? 0 : 1
  }

  @discardableResult
  private static func run(
    _ job: Job, bodies: [String: StageBody], versions: [String: String], output: Outputs,
    events: Int32
  ) -> Bool {
    defer { output.close() }
    var hasFinished = false
    let log = Store(job.store).logPath(Digest(of: job.fingerprint))
    JobRun(job: job, bodies: bodies, versions: versions, openLog: { output.open(log) }) { event in
      if case .finished = event {
        hasFinished = true
        // What the job printed is in its log before anyone is told that it ended.
        fflush(nil)
      }
      if let line = try? JobLines.line(event) { writeAll(line, to: events) }
    }.run()
    return hasFinished
  }
}

/// The standard outputs of a worker, pointed at the log of the job that runs.
private struct Outputs {
  private let original: Int32

  init() {
    original = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    dup2(original, STDOUT_FILENO)
    // Lines, so that a crash loses none.
    setvbuf(stdout, nil, _IOLBF, 0)
  }

  func open(_ path: String) {
    try? Files.makeFolder(Files.parent(of: path))
    let log = Foundation.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
    guard log >= 0 else { return }
    send(to: log)
    Foundation.close(log)
  }

  func close() { send(to: original) }

  func send(to descriptor: Int32) {
    fflush(nil)
    dup2(descriptor, STDOUT_FILENO)
    dup2(descriptor, STDERR_FILENO)
  }
}

/// The jobs that arrive on a descriptor, read by a thread that also sees its end.
private final class IncomingJobs: Sendable {
  private struct State {
    var waiting: [Job] = []
    var isBusy = false
    var isAtEnd = false
  }
  private let state = Mutex(State())
  private let arrived = DispatchSemaphore(value: 0)

  /// The next job; `nil` at the end.
  func next() -> Job? {
    state.withLock { $0.isBusy = false }
    while true {
      let (job, isAtEnd) = state.withLock { state -> (Job?, Bool) in
        guard !state.waiting.isEmpty else { return (nil, state.isAtEnd) }
        state.isBusy = true
        return (state.waiting.removeFirst(), false)
      }
      if let job { return job }
      if isAtEnd { return nil }
      arrived.wait()
    }
  }

  /// Listens from now on; a process that cannot listen, or is told what it cannot read, ends, so that
  /// its coordinator does not wait for it.
  func listen(to descriptor: Int32) {
    let body: @Sendable () -> Void = { [self] in
      var lines = LineBuffer()
      while let received = lines.read(from: descriptor) {
        for line in received {
          guard let job = try? JobLines.read(Job.self, line) else {
            fputs("error: a job that cannot be read\n", stderr)
            _exit(70)
          }
          state.withLock { $0.waiting.append(job) }
          arrived.signal()
        }
      }
      // Nobody is left to tell; what the body has not committed is done again by the next run.
      if state.withLock({
        $0.isAtEnd = true; return $0.isBusy
      }) {
        _exit(1)
      }
      arrived.signal()
    }
    do throws(Diagnostic) {
      try startThread(body)
    } catch {
      fputs("error: \(error.message)\n", stderr)
      _exit(71)
    }
  }
}

/// Bytes cut into lines.
struct LineBuffer {
  private var rest: [UInt8] = []

  /// The lines that the next bytes complete; `nil` at the end of the file.
  mutating func read(from descriptor: Int32) -> [ArraySlice<UInt8>]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var count: Int
    repeat {
      count = Foundation.read(descriptor, &buffer, buffer.count)
    } while count < 0
      && errno == EINTR
    guard count > 0 else { return count < 0 && errno == EAGAIN ? [] : nil }
    rest += buffer[0..<count]
    guard let last = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = rest[...last].split(separator: UInt8(ascii: "\n"))
    rest = Array(rest[(last + 1)...])
    return lines
  }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  var start = 0
  while start < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      write(descriptor, buffer.baseAddress.map { $0 + start }, bytes.count - start)
    }
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return }
    start += count
  }
}
