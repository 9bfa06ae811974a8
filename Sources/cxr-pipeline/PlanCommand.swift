import ArgumentParser
import Experiments
import Pipeline

/// `plan`: what `run` would do, and why.
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Show what would run, and why.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @OptionGroup var options: SpecOptions
  @Option(help: "How the plan is written.") var format = Format.text
  @Flag(help: "List the stages that are cached, too.") var all = false
  @Option(
    help: """
      Follow why this stage runs back to the field in the spec: its name as in the plan, or some \
      words of it.
      """)
  var why: String?

  func validate() throws {
    if why != nil, format == .json { throw ValidationError("`--why` is written as text only") }
  }

  func run() throws {
    let (spec, stages) = try options.load()
    let plan = try SpecOptions.reporting {
      let cache = try Cache(runs: options.runs, sweep: spec.name, creating: false)
      defer { cache.close() }
      return try cache.plan(stages.graph)
    }
    if let why {
      let stage = try SpecOptions.reporting {
        try StageSearch.find(why, among: plan.graph.stages.map(\.label))
      }
      return Terminal.put(ChainText(plan, options).text(to: StageID(stage)))
    }
    switch format {
    case .json: Terminal.put(try plan.json())
    case .text: Terminal.put(text(plan, stages))
    }
  }

  private func text(_ plan: Plan, _ stages: ExperimentStages) -> String {
    var lines: [String] = []
    for entry in plan.entries {
      if case .cached = entry.status, !all { continue }
      let status = entry.status.name.padding(6)
      let reasons = Self.words(entry.reasons)
      lines.append(
        "\(status)  \(plan.graph[entry.stage].label)\(reasons.isEmpty ? "" : "  \(reasons)")")
    }
    let counts = plan.counts
    lines.append(
      "\(stages.counts): "
        + "\(counts.cached) cached, \(counts.run) to run, \(counts.maybe) may run")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension PlanCommand {
  /// The reasons in one line; inputs that may change together.
  private static func words(_ reasons: [Reason]) -> String {
    let open = reasons.filter { $0.what == .inputMayChange }
    var parts = reasons.filter { $0.what != .inputMayChange }.map { "\($0)" }
    if let first = open.first {
      let names = open.prefix(4).map(\.name).joined(separator: ", ")
      let more = open.count > 4 ? " and \(open.count - 4) more" : ""
      parts.append("\(first.what.rawValue): \(names)\(more)")
    }
    return parts.joined(separator: "; ")
  }
}

extension String {
  /// The text filled up with blanks to `width` characters.
  func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
