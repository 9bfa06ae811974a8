import ArgumentParser
import Catalogue
import Reports

/// `models`: the architectures.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the architectures that `train.arch` can name.")

  func run() {
    let rows =
      [["arch", "parameters", "multiply-adds", "size", "channels", "description"]]
      + Catalogue.all.map { row in
        [
          row.name, Self.count(row.parameters), Self.count(row.multiplyAdds),
          "\(row.defaultSize)", "\(row.channels.lowerBound)–\(row.channels.upperBound)",
          row.description,
        ]
      }
    Terminal.put(TextTable.aligned(rows) + "\n")
    Terminal.put(
      "parameters and multiply-adds are for one channel, two outputs and the size shown\n")
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
