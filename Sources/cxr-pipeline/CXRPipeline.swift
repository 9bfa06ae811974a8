import ArgumentParser
import Foundation

/// The program: `cxr-pipeline <subcommand>`.
@main
struct CXRPipeline: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cxr-pipeline",
    abstract: "Runs declared experiments on chest radiographs and compares accuracy with fairness.",
    discussion: """
      Exit codes: 0 done, 1 a stage failed, 64 the command line or the spec is wrong, \
      130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, PlanCommand.self, CompareCommand.self, ReportCommand.self, ShowCommand.self,
      DiffCommand.self,
      LogsCommand.self, PredictCommand.self, ScoreCommand.self, ValidateCommand.self,
      SchemaCommand.self, ModelsCommand.self, WeightsCommand.self, DataCommand.self,
      CacheCommand.self,
    ])

  static func main() {
    // What is written tells of patients: it is for its owner's eyes.
    umask(0o077)
    main(nil)
  }
}
