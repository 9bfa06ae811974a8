import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Reports

/// `cache`: what lies in `runs/`.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Count, check and tidy the results in the cache.",
    subcommands: [StatsCommand.self, VerifyCommand.self, GCCommand.self])

  /// What the commands on a cache take.
  struct Options: ParsableArguments {
    @Option(help: "The folder of the cache and the results.", completion: .directory)
    var runs = "runs"

    /// Says that there is no cache, where there is none.
    func check() throws(Diagnostic) {
      guard Files.isFolder(runs) else { throw Diagnostic("there is no folder `\(runs)`") }
    }
  }

  /// `cache stats`
  struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stats", abstract: "Count results, objects and bytes.")

    @OptionGroup var options: Options

    func run() throws {
      try SpecOptions.reporting { try options.check() }
      let statistics = StoreStatistics(runs: options.runs)
      let rows =
        [["stage", "results", "bytes"]]
        + statistics.kinds.map { [$0.name, "\($0.results)", CacheCommand.bytes($0.bytes)] }
      Terminal.put(TextTable.aligned(rows) + "\n")
      let named = statistics.kinds.reduce(0) { $0 + $1.bytes }
      Terminal.put(
        "\(counted(statistics.objects, "object")), \(CacheCommand.bytes(statistics.objectBytes))"
          + " (\(CacheCommand.bytes(named)) if equal ones were stored for each result)\n"
          + "\(counted(statistics.runs, "run")) on record, \(statistics.activeRuns) going on\n"
          + "\(counted(statistics.workFolders, "stage")) running, failed or interrupted, "
          + "\(counted(statistics.damaged, "damaged object")) set aside\n")
    }
  }

  /// `cache verify`
  struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Read every object and compare it with its digest; set damaged ones aside.",
      discussion: "Exit code 1 where an object is damaged or gone: the next run makes it anew.")

    @OptionGroup var options: Options

    func run() throws {
      let check = try SpecOptions.reporting {
        try options.check()
        return try StoreCheck(runs: options.runs)
      }
      for fault in check.faults {
        Terminal.put("\(fault.what)  \(fault.output) of \(fault.slot)  \(fault.object.hex)\n")
      }
      if check.strays > 0 {
        Terminal.put("damaged  \(counted(check.strays, "object")) that no result names\n")
      }
      let isGood = check.faults.isEmpty && check.strays == 0
      Terminal.put(
        "\(counted(check.objects, "object")), \(CacheCommand.bytes(check.bytes)): "
          + (isGood ? "all are what their names say\n" : "the next run makes anew what it needs\n"))
      guard isGood else { throw ExitCode.failure }
    }
  }

  /// `cache gc`
  struct GCCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc",
      abstract: "Remove results that neither the named specs nor the last runs use.",
      discussion: """
        What runs that go on use or make stays, too. Runs that used the same results count once.
        """)

    @OptionGroup var options: Options
    @Option(
      help: "Keep what this spec uses. Can be repeated.",
      completion: .file(extensions: ["yaml", "yml"]))
    var keep: [String] = []
    @Option(
      name: .customLong("set"),
      help: "Override a key of the specs that are kept: train.epochs=4. Can be repeated.")
    var settings: [String] = []
    @Option(help: "Keep what the last runs used, so many of them.") var last = 0
    @Flag(help: "Only say what would be removed.") var dryRun = false

    func validate() throws {
      guard !keep.isEmpty || last > 0 else {
        throw ValidationError("say what stays: `--keep spec.yaml` or `--last n`")
      }
    }

    func run() throws {
      try SpecOptions.reporting { try options.check() }
      var named: Set<Digest> = []
      for spec in keep { named.formUnion(try results(of: spec)) }
      let report = try SpecOptions.reporting {
        try GarbageCollection.collect(
          runs: options.runs, keeping: named, lastRuns: last, isDry: dryRun)
      }
      Terminal.put(
        "\(dryRun ? "would remove" : "removed") \(counted(report.removed, "result")), "
          + "\(counted(report.objects, "object")), "
          + "\(counted(report.workFolders, "interrupted stage")): "
          + "\(CacheCommand.bytes(report.bytes))\n"
          + "\(dryRun ? "would keep" : "kept") \(counted(report.kept, "result")) of "
          + "\(counted(keep.count, "spec")) and \(counted(report.runs, "run"))"
          + (report.activeRuns > 0 ? ", \(report.activeRuns) going on\n" : "\n"))
    }

    /// What the stages of a spec use: results that are cached, and what they used last where that is
    /// not sure.
    private func results(of spec: String) throws -> [Digest] {
      let one = try SpecOptions.parse(
        settings.flatMap { ["--set", $0] } + ["--runs", options.runs, "--", spec])
      let (study, stages) = try one.load()
      return try SpecOptions.reporting {
        let cache = try Cache(runs: options.runs, sweep: study.name, creating: false)
        defer { cache.close() }
        return try cache.plan(stages.graph).entries.flatMap { entry -> [Digest] in
          if case .cached(let result) = entry.status { return [result.fingerprint] }
          let last = cache.previous(stages.graph[entry.stage].label)?.digest
          return [entry.fingerprint, last].compactMap { $0 }
        }
      }
    }
  }

  /// `0 B`, `12 kB`, `3.4 GB`
  static func bytes(_ count: Int) -> String {
    guard count >= 1000 else { return "\(count) B" }
    var (value, unit) = (Double(count) / 1000, 0)
    let units = ["kB", "MB", "GB", "TB"]
    while value >= 1000, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
    return String(format: value < 10 ? "%.1f %@" : "%.0f %@", value, units[unit] as NSString)
  }
}
