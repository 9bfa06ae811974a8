import Basics
import Foundation
import Radiographs
import Reports

/// Tables, bars and lists, for a terminal or a page.
struct InspectionReport {
  enum Block {
    case heading(String)
    case text(String)
    case table(title: String, header: [String], rows: [[String]])
    case bars(title: String, [(label: String, count: Int)])
    case list(title: String, [String])
  }

  var blocks: [Block] = []

  /// `12 (3.4 %)`.
  static func share(_ count: Int, of all: Int) -> String {
    all == 0 ? "\(count)" : "\(count) (\(percent(Double(count) / Double(all))))"
  }

  static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  /// For a terminal.
  var text: String {
    blocks.map { block in
      switch block {
      case .heading(let title): return title + "\n" + String(repeating: "=", count: title.count)
      case .text(let text): return text
      case .table(let title, let header, let rows):
        return title + "\n" + Self.indented(TextTable.aligned([header] + rows))
      case .bars(let title, let bars):
        let all = bars.reduce(0) { $0 + $1.count }
        let most = max(1, bars.map(\.count).max() ?? 1)
        let rows = bars.map { label, count in
          let length = count == 0 ? 0 : max(1, 40 * count / most)
          return [label, Self.share(count, of: all), String(repeating: "█", count: length)]
        }
        return title + "\n" + Self.indented(TextTable.aligned(rows))
      case .list(let title, let items):
        return ([title] + items.map { "  - \($0)" }).joined(separator: "\n")
      }
    }.joined(separator: "\n\n") + "\n"
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
      .joined(separator: "\n")
  }

  /// One page that needs nothing else, with a plot for each distribution and no picture.
  func html(title: String) -> String {
    let style =
      "body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
      + "table{border-collapse:collapse}td,th{padding:.15em .8em;text-align:left;"
      + "border-bottom:1px solid #ddd}svg{display:block}rect{fill:#37648d}text{font-size:12px}"
    let body = blocks.map { block in
      switch block {
      case .heading(let text): return "<h1>\(Self.escaped(text))</h1>"
      case .text(let text): return "<p>\(Self.escaped(text))</p>"
      case .table(let title, let header, let rows):
        let cells = { (row: [String], tag: String) in
          "<tr>" + row.map { "<\(tag)>\(Self.escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        return "<h2>\(Self.escaped(title))</h2><table>" + cells(header, "th")
          + rows.map { cells($0, "td") }.joined() + "</table>"
      case .bars(let title, let bars): return "<h2>\(Self.escaped(title))</h2>" + Self.plot(bars)
      case .list(let title, let items):
        return "<h2>\(Self.escaped(title))</h2><ul>"
          + items.map { "<li>\(Self.escaped($0))</li>" }.joined() + "</ul>"
      }
    }
    return "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>"
      + "\(Self.escaped(title))</title><style>\(style)</style><body>\(body.joined(separator: "\n"))"
      + "</body></html>\n"
  }

  private static func plot(_ bars: [(label: String, count: Int)]) -> String {
    let all = bars.reduce(0) { $0 + $1.count }
    let most = max(1, bars.map(\.count).max() ?? 1)
    let rows = bars.enumerated().map { index, bar in
      let (y, width) = (index * 22, 480 * bar.count / most)
      return "<text x=\"150\" y=\"\(y + 15)\" text-anchor=\"end\">\(escaped(bar.label))</text>"
        + "<rect x=\"160\" y=\"\(y + 3)\" width=\"\(width)\" height=\"16\"></rect>"
        + "<text x=\"\(168 + width)\" y=\"\(y + 15)\">\(share(bar.count, of: all))</text>"
    }
    return "<svg width=\"800\" height=\"\(22 * bars.count)\" role=\"img\">"
      + rows.joined() + "</svg>"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
