import ArgumentParser
import Experiments

/// `validate`: everything that is wrong with a spec.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a spec and the headers of its data; run nothing.")

  @OptionGroup var options: SpecOptions

  func run() throws {
    let (spec, stages) = try options.load()
    Terminal.put(
      "`\(options.spec)` is good: \(counted(stages.arms.count, "arm")), "
        + "\(counted(spec.experiments.count, "experiment")), "
        + counted(stages.graph.stages.count, "stage") + "\n")
  }
}
