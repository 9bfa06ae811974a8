import Basics
import Foundation

/// A worker as its coordinator holds it: a process in a group of its own, and a socket for jobs and
/// events.
///
/// This is `posix_spawn` and not swift-subprocess because only `wait4` says how much memory a
/// process had used when it died, and because one thread waits for all workers in one `poll`.
final class WorkerProcess {
  /// The process, and its group.
  let id: pid_t
  /// Where jobs are sent and events arrive.
  let socket: Int32
  /// What the worker printed outside of jobs.
  let logPath: String

  private var lines = LineBuffer()
  private let memoryKills: MemoryKills

  /// How a process ended.
  struct End {
    var signal: Int32?
    var exitCode: Int32?
    var peakMemory: Int
    /// Whether the kernel killed a process for memory meanwhile.
    var hadMemoryKill = false
    /// The last lines that the process printed outside of jobs.
    var lastWords: [String]
  }

  /// Starts `executable`.
  init(
    executable: String, arguments: [String], environment: [String: String], logPath: String,
    memoryEvents: String? = nil
  ) throws(Diagnostic) {
    memoryKills = MemoryKills(memoryEvents)
    try Files.makeFolder(Files.parent(of: logPath))
    // A socket and no pipe, because a write to a worker that has died must not raise SIGPIPE.
    let (socket, workers) = try Sockets.pair()
    let log = open(logPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
    defer {
      close(workers)
      close(log)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, workers, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, workers, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // Its own group: Ctrl-C reaches the coordinator only, which then ends workers in order.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    defer { for word in words + variables { free(word) } }
    words.append(nil)
    variables.append(nil)
    var process: pid_t = 0
    let code = posix_spawn(&process, executable, &actions, &attributes, words, variables)
    guard code == 0 else {
      close(socket)
      unlink(logPath)
      errno = code
      throw Files.failure("start", executable)
    }
    id = process
    self.socket = socket
    self.logPath = logPath
  }

  /// Sends a job; a worker that has died meanwhile is noticed when its events end.
  func send(_ line: [UInt8]) {
    var start = 0
    while start < line.count {
      let count = line.withUnsafeBytes { buffer in
        Foundation.send(
          socket, buffer.baseAddress.map { $0 + start }, line.count - start,
          Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN {
        var ready = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, -1)
        continue
      }
      // The worker is gone, and the end of its events says so.
      guard count > 0 else { return }
      start += count
    }
  }

  /// The events that have arrived; `nil` when no more will.
  func received() -> [WorkerEvent]? {
    lines.read(from: socket)?.compactMap { try? JobLines.read(WorkerEvent.self, $0) }
  }

  /// Lets the worker exit when it is idle, and at once when it is not.
  func closeJobs() { shutdown(socket, Int32(SHUT_WR)) }

  /// Sends a signal to the worker and whatever it started.
  func signal(_ signal: Int32) { kill(-id, signal) }

  /// How the process ended; `nil` while it lives. To be called until it returns a value, once.
  ///
  /// The peak includes what the coordinator had in memory when it started the worker.
  func end() -> End? {
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(id, &status, WNOHANG, &usage) == id else { return nil }
    close(socket)
    let words = LogTail.lines(logPath)
    unlink(logPath)
    let signal = status & 0x7f
    return End(
      signal: signal == 0 ? nil : signal, exitCode: signal == 0 ? status >> 8 & 0xff : nil,
      peakMemory: Int(usage.ru_maxrss) * 1024, hadMemoryKill: memoryKills.haveRisen,
      lastWords: words)
  }
}

/// Pairs of connected descriptors that are not inherited.
enum Sockets {
  /// A pair; what is written to one is read from the other.
  static func pair() throws(Diagnostic) -> (Int32, Int32) {
    var sockets: [Int32] = [-1, -1]
    let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    guard socketpair(AF_UNIX, Int32(type), 0, &sockets) == 0 else {
      throw Diagnostic("cannot make a socket: \(String(cString: strerror(errno)).lowercased())")
    }
    return (sockets[0], sockets[1])
  }
}
