import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline

/// Runs the stages of a graph on this machine, showing how far they are.
struct StageRun {
  let runs: String
  /// How many heavy stages run at once; as many as there are cores where `nil`.
  var jobs: Int?
  /// The threads of each; the cores divided by the jobs where `nil`.
  var threads: Int?
  var keepGoing = false
  var forcedKinds: Set<String> = []
  /// How often stages of a kind are tried again after a failure.
  var retries: [String: Int] = [:]
  /// Where events are written for other programs.
  var events: EventLog?

  /// Runs what is not cached; SIGINT and SIGTERM end it.
  func callAsFunction(_ graph: Graph, sweep: String) throws -> RunSummary {
    var run = RunOptions(runs: runs, worker: try ThisMachine.worker())
    // The number of threads decides the bytes of a training, so it follows from the sweep and the
    // machine, not from what happens to be cached.
    let trainings = graph.stages.count { $0.declaration.kind == StageKind.train.name }
    run.jobs = jobs ?? max(1, min(ThisMachine.cores / (threads ?? 1), trainings))
    run.threads = threads ?? max(1, ThisMachine.cores / run.jobs)
    run.keepGoing = keepGoing
    run.forcedKinds = forcedKinds
    run.retries = retries
    // Workers share cores: threads that wait must not spin.
    run.environment["OMP_WAIT_POLICY"] = "PASSIVE"
    run.environment["OMP_DYNAMIC"] = "false"
    let machine = ThisMachine.detect(runs: runs)
    run.devices = [machine.device == "cuda" ? "cuda:0" : "cpu"]
    let display = ProgressDisplay()
    let events = events
    let runner = try Runner(graph: graph, sweep: sweep, options: run) { event in
      display.handle(event)
      events?.write(event)
    }
    let interrupts = [SIGINT, SIGTERM].map { Interrupts.source($0) { runner.stop() } }
    defer { for source in interrupts { source.cancel() } }
    return try runner.runHere()
  }

  /// Runs stages of which none can be missed; ends the program where one failed.
  ///
  /// - Parameter sweep: what they are called; a name with a blank is that of no sweep.
  func whole(_ graph: Graph, sweep: String) throws -> RunSummary {
    let summary = try SpecOptions.reporting { try self(graph, sweep: sweep) }
    if summary.wasInterrupted {
      Terminal.say("interrupted: run again to continue")
      throw ExitCode(130)
    }
    Self.tell(summary.failed)
    if !summary.failed.isEmpty { throw ExitCode.failure }
    return summary
  }

  /// Refuses a number of threads that this machine does not have.
  static func check(threads: Int?) throws {
    guard let threads, !(1...ThisMachine.cores).contains(threads) else { return }
    throw ValidationError(
      "`--threads` must be from 1 to the number of cores, \(ThisMachine.cores)")
  }

  /// Tells what failed and why; what is wrong with an input, all stages that read it say at once.
  static func tell(_ failed: [(label: String, report: FailureReport)]) {
    var told: [String] = []
    for (label, report) in failed {
      if let message = report.message {
        guard !told.contains(message) else { continue }
        told.append(message)
        let labels = failed.filter { $0.report.message == message }.map(\.label)
        tell(labels.joined(separator: ", "), report)
      } else {
        tell(label, report)
      }
    }
  }

  private static func tell(_ label: String, _ report: FailureReport) {
    Terminal.say("")
    if let message = report.message, !report.isOutOfMemory {
      Terminal.say("\(label) failed")
      Terminal.error(message.hasSuffix("\n") ? message : message + "\n", isRendered: true)
    } else {
      Terminal.error(
        Diagnostic(
          "\(label) failed: \(report.reason)",
          hint: report.isOutOfMemory
            ? "fewer `--jobs`, a smaller `train.batch` or smaller pictures need less" : nil))
      for line in report.lastWords { Terminal.say("  | \(line)") }
      if let memory = report.peakMemory {
        Terminal.say("  peak memory \(memory >> 20) MiB")
      }
    }
    if !report.logPath.isEmpty { Terminal.say("  log: \(report.logPath)") }
  }

  /// The failed stages together, at the end of what may be many screens, with the command that shows
  /// more of each.
  static func list(
    _ failed: [(label: String, report: FailureReport)], _ options: SpecOptions
  ) {
    Terminal.say("\nfailed:")
    for (label, report) in failed {
      Terminal.say("  \(label): \(report.reason)")
      let own = report.message == nil ? report.lastWords.suffix(3) : []
      for line in own { Terminal.say("    | \(line)") }
    }
    let name = failed.first?.label ?? ""
    let rest =
      options.settings.map { " --set '\($0)'" }.joined()
      + (options.runs == "runs" ? "" : " --runs '\(options.runs)'")
    Terminal.say("more: cxr-pipeline logs \(options.spec) '\(name)'\(rest)")
  }
}
