import Basics
import Foundation
import Testing

/// A program as a user starts it: in a folder, with arguments; what it says goes to files, or its
/// errors to a terminal.
final class Program: @unchecked Sendable {
  /// How it ended and what it said.
  struct Ended {
    /// The exit code; 128 and the signal where a signal ended it.
    var code: Int32
    var output: String
    var errors: String
  }

  /// The folder of the built programs, where the tests are, too.
  static let folder: String = {
    let program = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = [program ?? "", CommandLine.arguments[0], Bundle.main.bundlePath + "/-"]
    return candidates.map(Files.parent(of:)).first { Files.exists($0 + "/cxr-worker") } ?? "."
  }()

  let id: pid_t
  private let outputPath: String
  private let errorsPath: String
  private let terminal: PseudoTerminal?

  /// Starts `cxr-pipeline` in `folder`.
  init(
    _ arguments: [String], in folder: String, environment: [String: String] = [:],
    onTerminal: Bool = false
  ) throws {
    let base = NSTemporaryDirectory() + "cxr-\(UUID().uuidString)"
    (outputPath, errorsPath) = (base + ".out", base + ".err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, flags, 0o600)
    if onTerminal {
      let made = try PseudoTerminal()
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, made.name, O_WRONLY | O_NOCTTY, 0)
      terminal = made
    } else {
      terminal = nil
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorsPath, flags, 0o600)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let executable = Self.folder + "/cxr-pipeline"
    // `env` changes the folder and becomes the program.
    let command = ["/usr/bin/env", "-C", folder, executable] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    var variables: [UnsafeMutablePointer<CChar>?] = Self.environment(environment).map { strdup($0) }
    defer { for word in words + variables { free(word) } }
    words.append(nil)
    variables.append(nil)
    var process: pid_t = 0
    let code = posix_spawn(&process, command[0], &actions, &attributes, words, variables)
    try #require(code == 0, "\(executable) does not start: \(String(cString: strerror(code)))")
    id = process
  }

  /// The tests' own, without what would change what the program says.
  private static func environment(_ changes: [String: String]) -> [String] {
    var all = ProcessInfo.processInfo.environment
    for name in ["CXR_WORKER", "NO_COLOR", "OMP_NUM_THREADS"] { all[name] = nil }
    // `swift test` asks for backtraces, which would take a minute each.
    all.merge(["SWIFT_BACKTRACE": "enable=no", "TERM": "xterm"]) { $1 }
    all.merge(changes) { $1 }
    return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }

  /// What it has said on standard error so far.
  var errors: String {
    terminal?.text ?? (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? ""
  }

  /// Waits until `condition` holds; `false` where the program ended before it did.
  func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<60_000 {
      if condition() { return true }
      if hasEnded { return condition() }
      usleep(2_000)
    }
    return false
  }

  /// Whether the program is gone, and only its status is left.
  var hasEnded: Bool {
    _ = terminal?.text
    var info = siginfo_t()
    return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) != 0
      || info._sifields._sigchld.si_pid == id
  }

  /// Waits for its end; after two minutes it is killed and the test fails.
  func end(sourceLocation: SourceLocation = #_sourceLocation) -> Ended {
    for _ in 0..<60_000 where !hasEnded { usleep(2_000) }
    if !hasEnded {
      let all = ([id] + workers).flatMap(Self.threads).joined(separator: "\n")
      Issue.record(
        "the program hangs: \(errors.suffix(2000))\n\(all)", sourceLocation: sourceLocation)
      kill(id, SIGKILL)
    }
    var status: Int32 = 0
    waitpid(id, &status, 0)
    let output = (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? ""
    let ended = Ended(
      code: status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f, output: output,
      errors: errors)
    unlink(outputPath)
    unlink(errorsPath)
    return ended
  }

  /// The workers that it has started and that live.
  var workers: [pid_t] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { pid_t($0) }.filter { process in
      guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        // The name is in parentheses; behind it stand the state and the parent.
        let rest = stat.split(separator: ")").last?.split(separator: " ")
      else { return false }
      return rest.count > 1 && rest[1] == "\(id)" && rest[0] != "Z"
    }.sorted()
  }

  /// The worker that trains, and how many epochs its log has; `nil` while none does.
  var training: (worker: pid_t, epochs: Int)? {
    for worker in workers {
      guard
        let log = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(worker)/fd/1"),
        let lines = try? String(contentsOfFile: log, encoding: .utf8).split(separator: "\n"),
        let header = lines.firstIndex(where: { $0.hasPrefix("epoch,") })
      else { continue }
      return (worker, lines.count - header - 1)
    }
    return nil
  }

  /// What each thread of a process waits for, as the kernel says: where a hang is.
  private static func threads(of process: pid_t) -> [String] {
    let folder = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return threads.sorted().map { thread in
      let words = ["comm", "wchan", "syscall"].map { name in
        (try? String(contentsOfFile: "\(folder)/\(thread)/\(name)", encoding: .utf8)) ?? "?"
      }
      return "process \(process) thread \(thread): "
        + words.joined(separator: " ").split(whereSeparator: \.isNewline).joined()
    }
  }

  /// Whether the process with this id runs; one that only waits to be reaped does not.
  static func isAlive(_ process: pid_t) -> Bool {
    let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    let state = stat?.split(separator: ")").last?.split(separator: " ").first
    return state.map { $0 != "Z" } ?? false
  }
}

extension Program.Ended {
  /// The stages that workers began, in the order begun.
  var began: [String] {
    errors.split(separator: "\n").filter { $0.hasSuffix(": started") }.map {
      String($0.dropLast(": started".count))
    }
  }
}

/// A terminal that a program believes in.
private final class PseudoTerminal: @unchecked Sendable {
  let name: String
  private var master: Int32 = -1
  /// Held open until the program has ended, so that nothing it said is lost.
  private var slave: Int32 = -1
  private var bytes: [UInt8] = []

  init() throws {
    var size = winsize(ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    for descriptor in [master, slave] {
      try #require(fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0)
    }
    try #require(fcntl(master, F_SETFL, O_NONBLOCK) == 0)
    name = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(slave)")
  }

  /// What was said so far; to be asked often, since a full terminal holds the program up.
  var text: String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[0..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  deinit {
    close(master)
    close(slave)
  }
}
