import ArgumentParser

/// `validate`: everything that is wrong with a spec.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check a spec and the headers of its data; run nothing.")

  @OptionGroup var options: SpecOptions

  func run() throws {
    Terminal.put("`\(options.spec)` is good: \(try options.load().stages.counts)\n")
  }
}
