import ArgumentParser
import Catalogue
import Reports

/// `models`: the architectures.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the architectures that `train.arch` can name.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, md }

  @Option(help: "How the list is written; `md` is docs/models.md.") var format = Format.table

  func run() {
    switch format {
    case .table: Terminal.put(Self.table())
    case .md: Terminal.put(Self.markdown())
    }
  }

  private static let note =
    "parameters and multiply-adds (convolutions and products of matrices, those of attention among "
    + "them) are for one channel, two outputs and the size shown"

  private static func table() -> String {
    let rows =
      [["arch", "parameters", "multiply-adds", "size", "channels", "weights", "description"]]
      + Catalogue.all.map { row in
        [
          row.name, count(row.parameters), count(row.multiplyAdds), "\(row.defaultSize)",
          "\(row.channels.lowerBound)–\(row.channels.upperBound)", row.tags.first ?? "–",
          row.description,
        ]
      }
    return TextTable.aligned(rows) + "\n" + note + "\n"
  }

  /// The page `docs/models.md`.
  private static func markdown() -> String {
    let rows = Catalogue.all.map { row in
      let aliases = row.aliases.sorted { $0.key < $1.key }.map { "`\($0.key)`" }
      let cells = [
        "`\(row.name)`", row.description, count(row.parameters), count(row.multiplyAdds),
        "\(row.defaultSize)", row.sizes, pixels(row),
        row.tags.map { "`\($0)`" }.joined(separator: " "),
        aliases.joined(separator: " "),
      ]
      return "| " + cells.map { $0.isEmpty ? "–" : $0 }.joined(separator: " | ") + " |"
    }
    return """
      # Models

      Written by `cxr-pipeline models --format md`; do not edit it.

      What `train.arch` can name. Names are timm's where timm has the network, and so are the names and
      shapes of the tensors in a checkpoint. A name with a tag (`resnet50.tv_in1k`) and an older name
      mean the same network; with `train.weights: imagenet` a tag says which weights, the first where
      there is none, after `cxr-pipeline weights pull <arch>`. The column *pixels* is how they were scaled
      for these: as ImageNet's, from −1 to 1, or from 0 to 1. The column *size* is what `images.size` is where
      a spec does not say it. The \(note).
      Networks can be joined, and come from Python: [spec.md](spec.md#networks).

      | arch | | parameters | multiply-adds | size | sizes | pixels | tags of weights | older names |
      |---|---|---|---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      """
  }

  private static func pixels(_ row: Architecture) -> String {
    guard let tag = row.tags.first else { return "" }
    let scale = row.pixelScale(of: tag)
    return scale == .imageNet ? "ImageNet" : scale == .symmetric ? "−1 to 1" : "0 to 1"
  }

  /// `11.2 M`
  private static func count(_ number: Int) -> String {
    for (unit, name) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")]
    where number >= unit {
      let tenths = (number * 10 + unit / 2) / unit
      return "\(tenths / 10).\(tenths % 10) \(name)"
    }
    return "\(number)"
  }
}
