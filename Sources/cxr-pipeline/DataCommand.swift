import ArgumentParser

/// `data`: what concerns data sets and no experiment.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Examine and make data sets.",
    subcommands: [DoctorCommand.self, LintSplitCommand.self, PhantomCommand.self])
}
