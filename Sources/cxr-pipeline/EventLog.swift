import Basics
import Foundation
import Pipeline

/// `run --events`: what happens, as lines of JSON for other programs.
final class EventLog: @unchecked Sendable {
  // Sendable because a run tells its events from one thread.
  private let descriptor: Int32
  private let encoder = JSONEncoder()

  /// Appends to the file at `path`.
  init(_ path: String) throws(Diagnostic) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Files.failure("write", path) }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "#inf", negativeInfinity: "#-inf", nan: "#nan")
  }

  deinit { close(descriptor) }

  /// Writes one line; a reader never sees half of one. Where the disk is full the line is lost, and
  /// the run goes on.
  func write(_ event: RunEvent) {
    guard let data = try? encoder.encode(EventLine(event)) else { return }
    let line = Array(data) + [UInt8(ascii: "\n")]
    _ = line.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
  }
}

/// A line of the event log; see docs/events.md.
private struct EventLine: Encodable {
  var event: String
  var time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  var stage: String?
  var outcome: String?
  var seconds: Double?
  var message: String?
  var holder: Int32?
  var done: Int?
  var total: Int?
  var unit: String?
  var rate: Double?
  var metrics: [String: Double]?
  var signal: Int32?
  var exitCode: Int32?
  var peakMemory: Int?
  var isOutOfMemory: Bool?
  var log: String?
  var attempt: Int?
  var attempts: Int?
  var counts: [String: Int]?
  var isInterrupted: Bool?

  enum CodingKeys: String, CodingKey {
    case event, time, stage, outcome, seconds, message, holder, done, total, unit, rate, metrics
    case signal, log, attempt, attempts, counts
    case exitCode = "exit_code"
    case peakMemory = "peak_memory"
    case isOutOfMemory = "out_of_memory"
    case isInterrupted = "interrupted"
  }

  init(_ event: RunEvent) {
    switch event {
    case .planned(let counts):
      self.event = "planned"
      self.counts = ["cached": counts.cached, "run": counts.run, "maybe": counts.maybe]
    case .stageWaiting(let label, let holder):
      (self.event, stage, self.holder) = ("waiting", label, holder)
    case .stageStarted(let label): (self.event, stage) = ("started", label)
    case .progress(let label, let progress):
      (self.event, stage, metrics) = ("progress", label, progress.metrics)
      (done, total, unit, rate) = (progress.done, progress.total, progress.unit, progress.rate)
    case .log(let label, let message):
      (self.event, stage, self.message) = ("log", label, message)
    case .stageFinished(let label, let seconds, let outcome):
      (self.event, stage, self.seconds) = ("finished", label, seconds)
      self.outcome =
        switch outcome {
        case .ran: "ran"
        case .cutoff: "cutoff"
        case .shared: "shared"
        }
    case .stageRetried(let label, let report, let attempt, let allowed):
      (self.event, stage, self.attempt, attempts) = ("retried", label, attempt, allowed)
      take(report)
    case .stageFailed(let label, let report):
      (self.event, stage) = ("failed", label)
      take(report)
    case .runFinished(let summary):
      self.event = "run_finished"
      isInterrupted = summary.wasInterrupted
      counts = [
        "ran": summary.ran, "cached": summary.cached, "failed": summary.failed.count,
        "not_run": summary.notRun.count,
      ]
    }
  }

  private mutating func take(_ report: FailureReport) {
    (message, seconds, signal) = (report.reason, report.seconds, report.signal)
    (exitCode, peakMemory, isOutOfMemory) = (
      report.exitCode, report.peakMemory, report.isOutOfMemory
    )
    log = report.logPath.isEmpty ? nil : report.logPath
  }
}
