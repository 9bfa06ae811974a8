import ArgumentParser
import Basics
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

  @Option(
    help: "Append what happens to this file, a line of JSON for each event.", completion: .file())
  var events: String?

  @Option(help: "Run stages of this kind although they are cached. Can be repeated.")
  var force: [String] = []

  func validate() throws {
    for kind in force where !StageKind.all.contains(where: { $0.name == kind }) {
      throw ValidationError("`--force`: there is no kind of stage `\(kind)`")
    }
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("`--jobs` must be from 1 to 1024")
    }
    try StageRun.check(threads: threads)
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
    StageRun.tell(summary.failed)
    if !summary.failed.isEmpty {
      StageRun.list(summary.failed, options)
      let skipped = summary.notRun.count
      Terminal.say(
        "\(summary.failed.count) failed, \(summary.ran) ran, \(summary.cached) cached"
          + (skipped > 0 ? ", \(skipped) not run" : ""))
      throw ExitCode.failure
    }
    if summary.ran == 0 {
      Terminal.say(
        summary.shared == 0
          ? "nothing to run: all \(summary.cached) stages are cached"
          : "another run made \(counted(summary.shared, "stage")), "
            + "\(summary.cached - summary.shared) cached")
    } else {
      Terminal.say("\(counted(summary.ran, "stage")) ran, \(summary.cached) cached")
    }
    // What failed is told first; results without their links are still in the cache.
    try SpecOptions.reporting(code: 1) {
      try linked.get()
      let saved = try SavedTable(name: spec.name, stages, summary.results)
      let table = try RunTable([(saved, Store(options.runs))])
      try folder.write(table, saved, of: summary.results)
      if summary.ran > 0 {
        RememberedTable(options.spec, options.wanted, runs: options.runs)
          .write(saved, spec, stages, summary.results, Store(options.runs))
      }
      Terminal.put(try table.text())
    }
  }

  private func run(_ spec: StudySpec, _ stages: ExperimentStages) throws -> RunSummary {
    Terminal.say("\(spec.name): \(stages.counts)")
    var run = StageRun(runs: options.runs, jobs: jobs, threads: threads)
    run.keepGoing = keepGoing
    run.forcedKinds = Set(force)
    run.retries = spec.retries
    run.events = try events.map { try EventLog($0) }
    return try run(stages.graph, sweep: spec.name)
  }
}
