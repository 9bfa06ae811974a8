import Basics
import Foundation

/// What happens during a run, told as it happens; stages go by their labels.
public enum RunEvent: Sendable {
  /// The plan is made.
  case planned(PlanCounts)
  /// A stage waits for another process that makes the same result.
  case stageWaiting(String, holder: Int32)
  /// A worker has begun with a stage.
  case stageStarted(String)
  /// A stage has done part of its work.
  case progress(String, Progress)
  /// A stage says something that a person should read.
  case log(String, message: String)
  /// A stage's result is there.
  case stageFinished(String, seconds: Double, StageOutcome)
  /// A stage failed and is tried once more, for the `attempt`th time of those that are allowed.
  case stageRetried(String, FailureReport, attempt: Int, of: Int)
  /// A stage has no result.
  case stageFailed(String, FailureReport)
  /// The run is over.
  case runFinished(RunSummary)
}

/// How a stage that the plan did not find came to its result.
public enum StageOutcome: Sendable, Hashable {
  /// A worker ran it.
  case ran
  /// Its inputs turned out to be what they were once: its result was there.
  case cutoff
  /// Another run made it meanwhile.
  case shared
}

/// How far a stage is.
public struct Progress: Sendable {
  /// Units done.
  public var done: Int
  /// Units in all; 0 where that is not known.
  public var total: Int
  /// What is counted (`images`, `batches`).
  public var unit: String
  /// Units per second since the stage's first word; `nil` before its second.
  public var rate: Double?
  /// Seconds left at that rate.
  public var secondsLeft: Double?
  /// Numbers to show (`loss`).
  public var metrics: [String: Double]
}

extension Progress {
  /// How far something is that began `seconds` ago and goes on at its rate so far.
  public init(done: Int, total: Int, unit: String, after seconds: Double) {
    let rate = seconds > 0 ? Double(done) / seconds : nil
    let left = rate.flatMap { $0 > 0 && total > done ? Double(total - done) / $0 : nil }
    self.init(
      done: done, total: total, unit: unit, rate: rate, secondsLeft: left, metrics: [:])
  }
}

/// Why a stage has no result, as far as can be known.
public struct FailureReport: Sendable {
  /// What the body said; `nil` for a worker that died.
  public var message: String?
  /// The signal that ended the worker.
  public var signal: Int32?
  /// The exit code of a worker that exited while its body ran.
  public var exitCode: Int32?
  /// The last lines of the log.
  public var lastWords: [String]
  /// The log.
  public var logPath: String
  /// The peak of the worker's resident memory in bytes, where it has died.
  public var peakMemory: Int?
  /// How long the stage was tried.
  public var seconds: Double
  /// Whether the kernel killed a process for memory while the worker ran.
  var hadMemoryKill = false
  /// Whether a worker had the job.
  var wasTried = false

  /// Whether memory was what the stage lacked: the kernel ended its worker for that, or its body was
  /// refused some.
  public var isOutOfMemory: Bool {
    if signal == SIGKILL { return hadMemoryKill }
    let said = message.map { [$0] } ?? lastWords
    return said.contains { line in
      let line = line.lowercased()
      // What new, libtorch's allocators on CPU and GPU, and the C library say.
      return [
        "bad_alloc", "can't allocate memory", "cannot allocate memory", "out of memory",
        "not enough memory",
      ].contains { line.contains($0) }
    }
  }

  /// One line: the first of the body's message, or how the worker ended.
  public var reason: String { isOutOfMemory ? "out of memory: \(cause)" : cause }

  private var cause: String {
    if let message {
      let line = message.split(separator: "\n").first.map(String.init) ?? message
      return line.hasPrefix("error: ") ? String(line.dropFirst(7)) : line
    }
    if let signal { return "the worker was ended by signal \(signal) (\(Self.name(of: signal)))" }
    return "the worker exited with code \(exitCode ?? 0) before it was done"
  }

  private static func name(of signal: Int32) -> String {
    let names: [Int32: String] = [
      1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
      9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM", 24: "SIGXCPU", 31: "SIGSYS",
    ]
    return names[signal] ?? "unnamed"
  }
}

/// What a run came to.
public struct RunSummary: Sendable {
  /// Stages that workers ran.
  public var ran = 0
  /// Stages whose results were there.
  public var cached = 0
  /// How many of these another run made while this one waited for them.
  public var shared = 0
  /// Stages that failed, with reports.
  public var failed: [(label: String, report: FailureReport)] = []
  /// Stages that were not tried, because one before them failed or the run was ended.
  public var notRun: [String] = []
  /// Whether the run was stopped from outside.
  public var wasInterrupted = false
  /// The result of each stage of the graph, where it has one.
  public var results: [StageResult?] = []
  /// Keeps the results from being collected as garbage while this is there.
  var record: RunRecord?
}
