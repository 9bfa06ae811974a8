import ArgumentParser
import Basics
import Catalogue
import Experiments

/// `weights`: what `train.weights: imagenet` starts from.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights", abstract: "Download weights trained on ImageNet.",
    subcommands: [PullCommand.self])

  /// `weights pull`
  struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "pull", abstract: "Download timm's weights for architectures, once.",
      discussion: """
        They go to the folder that CXR_WEIGHTS names (default: cxr-pipeline/weights in the user's \
        cache), from the Hugging Face hub or the mirror that CXR_WEIGHTS_URL names. What was broken \
        off is continued. The digest is noted beside the file and compared on each use. A file that \
        was put there by hand is checked and noted.
        """)

    @Argument(help: "An architecture, with a tag or without: resnet18, resnet18.a1_in1k.")
    var names: [String]

    func run() throws {
      let chosen = try SpecOptions.reporting { try names.map(Self.choose) }
      for (row, name) in chosen {
        try SpecOptions.reporting(code: 1) {
          Terminal.say(try WeightsDownload(name: name, row: row, folder: WeightsFolder()).run())
        }
      }
    }

    private static func choose(_ written: String) throws -> (Architecture, String) {
      guard let (row, tag) = Catalogue.resolve(written) else {
        let near = nearestName(to: written, among: Catalogue.names + Catalogue.otherNames)
        throw Diagnostic(
          "unknown arch `\(written)`",
          hint: near.map { "did you mean `\($0)`?" } ?? "`cxr-pipeline models` lists them")
      }
      guard let name = WeightsFolder.name(row, tag: tag) else {
        throw Diagnostic("there are no weights for `\(row.name)`")
      }
      return (row, name)
    }
  }
}
