import ArgumentParser

/// `data`: what concerns data sets and no experiment.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Make data sets.", subcommands: [PhantomCommand.self])
}
