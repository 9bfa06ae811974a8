import Foundation

/// A table of cells that are text already.
package struct TextTable {
  /// What it is about, where the header does not say it.
  var title: String?
  /// The names of the columns; none for a list.
  var header: [String] = []
  /// The cells, row by row; a row may be shorter than the header.
  var rows: [[String]]

  /// How a table is written.
  package enum Style: String, CaseIterable, Sendable {
    /// Aligned columns.
    case plain = "table"
    /// GitHub's tables.
    case markdown = "md"
    /// A `tabular` for `\usepackage{booktabs}`.
    case latex
    /// For a page.
    case html

    /// Lines that belong together.
    func paragraph(_ lines: [String]) -> String {
      switch self {
      case .plain: lines.joined(separator: "\n")
      case .markdown: lines.map { escaped($0) }.joined(separator: "  \n")
      case .latex: lines.map { "% " + $0 }.joined(separator: "\n")
      case .html: "<p>" + lines.map(HTMLPage.escaped).joined(separator: "<br>\n") + "</p>"
      }
    }

    /// A table.
    func table(_ table: TextTable) -> String {
      let rows = (table.header.isEmpty ? [] : [table.header]) + table.rows
      switch self {
      case .plain:
        return (table.title.map { [$0] } ?? []).joined() + (table.title == nil ? "" : "\n")
          + TextTable.aligned(rows)
      case .markdown:
        let width = rows.map(\.count).max() ?? 0
        let lines = rows.map { line($0, width, " | ", ends: "|") }
        let rule = "|" + String(repeating: "---|", count: width)
        let head =
          table.header.isEmpty
          ? [line([], width, " | ", ends: "|"), rule] + lines
          : [lines[0], rule] + lines.dropFirst()
        return ((table.title.map { [escaped($0), ""] } ?? []) + head).joined(separator: "\n")
      case .latex:
        let width = rows.map(\.count).max() ?? 0
        var lines = table.title.map { ["% " + $0] } ?? []
        lines += ["\\begin{tabular}{\(String(repeating: "l", count: width))}", "\\toprule"]
        for (index, row) in rows.enumerated() {
          lines.append(line(row, width, " & ", ends: "") + " \\\\")
          if index == 0, !table.header.isEmpty { lines.append("\\midrule") }
        }
        return (lines + ["\\bottomrule", "\\end{tabular}"]).joined(separator: "\n")
      case .html: return HTMLPage.table(table.title, table.header, table.rows)
      }
    }

    private func line(_ row: [String], _ width: Int, _ between: String, ends: String) -> String {
      let cells = (0..<width).map { column in
        escaped(row.indices.contains(column) ? row[column].trimmed : "")
      }
      let text = cells.joined(separator: between)
      return ends.isEmpty ? text : "\(ends) \(text) \(ends)"
    }

    /// The text with what the format takes for its own made harmless.
    private func escaped(_ text: String) -> String {
      switch self {
      case .plain: text
      case .markdown:
        text.replacingOccurrences(of: "|", with: "\\|")
          .replacingOccurrences(of: "* ", with: "\\* ")
      case .latex: text.map(Self.latex).joined()
      case .html: HTMLPage.escaped(text)
      }
    }

    private static func latex(_ character: Character) -> String {
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "±": "$\\pm$"
      case "−": "$-$"
      case "–": "--"
      case "<": "$<$"
      case ">": "$>$"
      case "†": "\\dag{}"
      case "κ": "$\\kappa$"
      case "…": "\\dots{}"
      case "≥": "$\\geq$"
      case "≤": "$\\leq$"
      case "×": "$\\times$"
      default: String(character)
      }
    }
  }

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

  /// Three decimals: `0.912`; zero never has a sign.
  static func number(_ value: Double) -> String { plain(String(format: "%.3f", value)) }

  /// Two decimals: `0.91`; zero never has a sign.
  static func short(_ value: Double) -> String { plain(String(format: "%.2f", value)) }

  private static func plain(_ text: String) -> String {
    text.allSatisfy { "-0.".contains($0) }
      ? text.replacing("-", with: "") : text.replacing("-", with: "−")
  }

  /// A p-value: `p 0.021`; one that would round to zero is `p < 0.001`.
  static func chance(_ pValue: Double) -> String {
    pValue < 0.001 ? "p < 0.001" : "p \(number(pValue))"
  }

  /// Three decimals with a sign: `+0.012`; five where only they show that it is not zero.
  package static func signed(_ value: Double) -> String {
    let isSmall = (0.000_005..<0.000_5).contains(abs(value))
    return String(format: isSmall ? "%+.5f" : "%+.3f", value)
      .replacingOccurrences(of: "-", with: "−")
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
