import Basics
import Foundation
import Synchronization

/// How a run uses the machine.
public struct RunOptions: Sendable {
  /// The folder of the cache.
  public var runs: String
  /// The program that runs stage bodies.
  public var worker: String
  /// Its arguments.
  public var workerArguments: [String] = []
  /// What is added to its environment.
  public var environment: [String: String] = [:]
  /// How many heavy stages run at once.
  public var jobs = 1
  /// The threads of each heavy stage.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// The devices of heavy stages, dealt out in turn.
  public var devices = ["cpu"]
  /// How many light stages run at once.
  public var lightJobs = ProcessInfo.processInfo.activeProcessorCount
  /// Whether experiments that do not depend on a failed stage go on.
  public var keepGoing = false
  /// How often a stage of a kind is tried again after its body failed or its worker died.
  public var retries: [String: Int] = [:]
  /// Kinds of stages that run although their results are there.
  public var forcedKinds: Set<String> = []
  /// How long a worker has to end after SIGTERM before it gets SIGKILL, in seconds.
  public var grace = 5.0

  /// Where the kernel counts what it killed for memory; `nil` finds it.
  public var memoryEvents: String?

  /// The options for a cache and a worker; the rest is as declared.
  public init(runs: String, worker: String) {
    self.runs = runs
    self.worker = worker
  }
}

/// Runs the stages of a graph whose results are not there.
public final class Runner: Sendable {
  private let graph: Graph
  private let sweep: String
  private let options: RunOptions
  private let sink: @Sendable (RunEvent) -> Void
  private let wake: Wake

  /// A run of `graph`; `sink` is called from one thread, in order.
  public init(
    graph: Graph, sweep: String, options: RunOptions,
    sink: @escaping @Sendable (RunEvent) -> Void = { _ in }
  ) throws(Diagnostic) {
    wake = try Wake()
    self.graph = graph
    self.sweep = sweep
    self.options = options
    self.sink = sink
  }

  /// Plans and runs; returns when everything is done, has failed or was stopped.
  ///
  /// Cancelling the task is `stop()`.
  /// - Throws: `Diagnostics` for input files that are missing, before anything runs, and a
  ///   `Diagnostic` where the cache cannot be opened.
  public func run() async throws -> RunSummary {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // A thread of its own, because the loop blocks.
        do throws(Diagnostic) {
          try startThread { [self] in
            continuation.resume(with: Result { try runHere() })
          }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    } onCancel: {
      stop()
    }
  }

  /// The same on the calling thread.
  public func runHere() throws -> RunSummary {
    try RunLoop(graph: graph, sweep: sweep, options: options, wake: wake, sink: sink).run()
  }

  /// Ends all workers and then the run; what is finished is kept. A second call ends them at once.
  public func stop() { wake.stop() }
}

/// What other threads have for the thread of the run, and a descriptor that says that there is
/// something.
final class Wake: Sendable {
  /// Something that another thread found out.
  enum Message: Sendable {
    case read(StageID, Result<SetReading.Found, Diagnostic>, SetReading)
    case reading(StageID, done: Int, total: Int)
  }

  /// Readable when there is something to take.
  var descriptor: Int32 { ends.0 }

  private let ends: (Int32, Int32)

  private struct State {
    var stops = 0
    var hasEnded = false
    var messages: [Message] = []
  }
  private let state = Mutex(State())

  init() throws(Diagnostic) {
    ends = try Sockets.pair()
  }

  func stop() {
    state.withLock { $0.stops += 1 }
    signal()
  }

  func tell(_ message: Message) {
    state.withLock { $0.messages.append(message) }
    signal()
  }

  /// How often the run was stopped, and the messages since the last call.
  func take() -> (stops: Int, messages: [Message]) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    while recv(ends.0, &bytes, bytes.count, Int32(MSG_DONTWAIT)) > 0 {}
    return state.withLock { state in
      defer { state.messages = [] }
      return (state.stops, state.messages)
    }
  }

  /// Whether nobody waits for messages any more.
  var isStopped: Bool { state.withLock { $0.stops > 0 || $0.hasEnded } }

  /// Lets other threads give up.
  func end() { state.withLock { $0.hasEnded = true } }

  private func signal() {
    // A full socket wakes as well.
    var byte: UInt8 = 1
    _ = send(ends.1, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
  }

  deinit {
    close(ends.0)
    close(ends.1)
  }
}
