import Basics

/// Where each picture of a list that `predict` keeps was named by a person: as an argument, or in a
/// line of a list of theirs. It is for messages, and lies beside the kept list.
package struct PictureOrigins {
  private let table: CSV

  /// The origins of the pictures in the kept list `table`; `nil` for any other table.
  package init?(of table: String) throws(Diagnostic) {
    let path = Self.path(beside: table)
    guard Files.exists(path) else { return nil }
    self.table = try CSV(path: path)
  }

  /// The name that a person gave the picture of `row`, from 0, and the place where they did; `nil`
  /// for an argument.
  package subscript(row: Int) -> (name: String, place: Place?) {
    guard (0..<table.rowCount).contains(row), table.header.count == 3 else { return ("", nil) }
    let place = Int(table[row, 2]).map { Place(file: table[row, 1], line: $0) }
    return (table[row, 0], place)
  }

  static func path(beside table: String) -> String { table + ".origins" }

  /// The bytes of such a file.
  static func bytes(_ origins: [(name: String, place: Place?)]) -> [UInt8] {
    var writer = CSVWriter(header: ["name", "file", "line"])
    for (name, place) in origins {
      writer.append([name, place?.file ?? "", place.map { "\($0.line)" } ?? ""])
    }
    return writer.bytes
  }
}
