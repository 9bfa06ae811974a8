import ArgumentParser
import Basics
@preconcurrency import Dispatch
import Experiments
import Foundation
import Pipeline
import Reports

/// `run`: runs what is not cached, then shows the table.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run what is not in the cache, then show the table.")

  @OptionGroup var options: SpecOptions
  @Option(help: "How many trainings run at once (default: as many as there are cores).")
  var jobs: Int?
  @Option(help: "Threads of each training (default: the cores divided by the jobs).")
  var threads: Int?
  @Flag(help: "Go on with experiments that do not depend on a failed stage.")
  var keepGoing = false

  @Option(help: "Run stages of this kind although they are cached. Can be repeated.")
  var force: [String] = []

  func validate() throws {
    for kind in force where !StageKind.all.contains(where: { $0.name == kind }) {
      throw ValidationError("`--force`: there is no kind of stage `\(kind)`")
    }
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("`--jobs` must be from 1 to 1024")
    }
    if let threads, !(1...ThisMachine.cores).contains(threads) {
      throw ValidationError(
        "`--threads` must be from 1 to the number of cores, \(ThisMachine.cores)")
    }
  }

  func run() throws {
    let (spec, stages) = try options.load()
    let summary = try SpecOptions.reporting { try run(spec, stages) }
    let folder = ResultFolder(runs: options.runs, spec: spec, stages: stages)
    let linked = Result { try folder.write(summary.results) }
    if summary.wasInterrupted {
      Terminal.say("interrupted: \(counted(summary.ran, "stage")) finished; run again to continue")
      throw ExitCode(130)
    }
    // What is wrong with an input, all stages that read it say at once.
    var told: [String] = []
    for (label, report) in summary.failed {
      if let message = report.message {
        guard !told.contains(message) else { continue }
        told.append(message)
        let labels = summary.failed.filter { $0.report.message == message }.map(\.label)
        tell(labels.joined(separator: ", "), report)
      } else {
        tell(label, report)
      }
    }
    if !summary.failed.isEmpty {
      let skipped = summary.notRun.count
      Terminal.say(
        "\(summary.failed.count) failed, \(summary.ran) ran, \(summary.cached) cached"
          + (skipped > 0 ? ", \(skipped) not run" : ""))
      throw ExitCode.failure
    }
    if summary.ran == 0 {
      Terminal.say("nothing to run: all \(summary.cached) stages are cached")
    } else {
      Terminal.say("\(counted(summary.ran, "stage")) ran, \(summary.cached) cached")
    }
    // What failed is told first; results without their links are still in the cache.
    try SpecOptions.reporting {
      try linked.get()
      let table = try RunTable(stages, summary.results, store: Store(options.runs))
      try folder.write(table)
      Terminal.put(table.text())
    }
  }

  private func run(_ spec: StudySpec, _ stages: ExperimentStages) throws -> RunSummary {
    var run = RunOptions(runs: options.runs, worker: try ThisMachine.worker())
    // The number of threads decides the bytes of a training, so it follows from the sweep and the
    // machine, not from what happens to be cached.
    let trainings = stages.graph.stages.count { $0.declaration.kind == StageKind.train.name }
    run.jobs = jobs ?? max(1, min(ThisMachine.cores / (threads ?? 1), trainings))
    run.threads = threads ?? max(1, ThisMachine.cores / run.jobs)
    run.keepGoing = keepGoing
    run.forcedKinds = Set(force)
    // Workers share cores: threads that wait must not spin.
    run.environment["OMP_WAIT_POLICY"] = "PASSIVE"
    run.environment["OMP_DYNAMIC"] = "false"
    let machine = ThisMachine.detect(runs: options.runs)
    run.devices = [machine.device == "cuda" ? "cuda:0" : "cpu"]
    Terminal.say(
      "\(spec.name): \(counted(stages.arms.count, "arm")), "
        + "\(counted(spec.experiments.count, "experiment")), "
        + counted(stages.graph.stages.count, "stage"))
    let display = ProgressDisplay()
    let runner = try Runner(
      graph: stages.graph, sweep: spec.name, options: run, sink: { display.handle($0) })
    let interrupts = [SIGINT, SIGTERM].map { Self.source($0) { runner.stop() } }
    defer { for source in interrupts { source.cancel() } }
    return try runner.runHere()
  }

  private static func source(
    _ number: Int32, _ handler: @escaping @Sendable () -> Void
  ) -> any DispatchSourceSignal {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: handler)
    source.resume()
    return source
  }

  private func tell(_ label: String, _ report: FailureReport) {
    Terminal.say("")
    if let message = report.message {
      Terminal.say("\(label) failed")
      Terminal.error(message.hasSuffix("\n") ? message : message + "\n", isRendered: true)
    } else {
      Terminal.error(Diagnostic("\(label) failed: \(report.reason)"))
      for line in report.lastWords { Terminal.say("  | \(line)") }
      if let memory = report.peakMemory {
        Terminal.say("  peak memory \(memory >> 20) MiB")
      }
    }
    if !report.logPath.isEmpty { Terminal.say("  log: \(report.logPath)") }
  }
}
