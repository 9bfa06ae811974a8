import Foundation

/// Numbers and columns as text.
package enum TextTable {
  /// Rows as lines, each column as wide as its widest cell, two blanks between.
  package static func aligned(_ rows: [[String]]) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        if column < row.count - 1 {
          line += String(repeating: " ", count: widths[column] - cell.count + 2)
        }
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// Three decimals: `0.912`.
  static func number(_ value: Double) -> String { String(format: "%.3f", value) }

  /// Two decimals: `0.91`; zero never has a sign.
  static func short(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text == "-0.00" ? "0.00" : text.replacingOccurrences(of: "-", with: "−")
  }

  /// Three decimals with a sign: `+0.012`.
  package static func signed(_ value: Double) -> String {
    String(format: "%+.3f", value).replacingOccurrences(of: "-", with: "−")
  }
}
