import ArgumentParser
import Experiments
import Pipeline

/// `schema`: what a spec may hold, for editors.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print a JSON Schema of specs, for editors.")

  func run() throws {
    Terminal.put(
      try ResultFile.text(StudySpec.schema.value(title: "A spec of cxr-pipeline")))
  }
}
