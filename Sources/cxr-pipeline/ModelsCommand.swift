import ArgumentParser
import Catalogue

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
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = row.indices.map { column in
        let fill = String(repeating: " ", count: widths[column] - row[column].count)
        let isNumber = (1...3).contains(column)
        if column == row.count - 1 { return row[column] }
        return isNumber ? fill + row[column] : row[column] + fill
      }
      Terminal.put(cells.joined(separator: "  ") + "\n")
    }
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
