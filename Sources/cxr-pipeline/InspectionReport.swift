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
    var page = HTMLPage(title: title)
    for block in blocks {
      switch block {
      case .heading(let text): page.add(heading: text, level: 1)
      case .text(let text): page.add(text: text)
      case .table(let title, let header, let rows):
        page.add(heading: title)
        page.add(HTMLPage.table(nil, header, rows))
      case .bars(let title, let bars):
        page.add(heading: title)
        page.add(Self.plot(bars))
      case .list(let title, let items):
        page.add(heading: title)
        page.add(
          "<ul>" + items.map { "<li>\(HTMLPage.escaped($0))</li>" }.joined() + "</ul>")
      }
    }
    return page.html
  }

  private static func plot(_ bars: [(label: String, count: Int)]) -> String {
    let all = bars.reduce(0) { $0 + $1.count }
    let most = max(1, bars.map(\.count).max() ?? 1)
    let rows = bars.enumerated().map { index, bar in
      let (y, width) = (index * 22, 480 * bar.count / most)
      return
        "<text x=\"150\" y=\"\(y + 15)\" text-anchor=\"end\">\(HTMLPage.escaped(bar.label))</text>"
        + "<rect x=\"160\" y=\"\(y + 3)\" width=\"\(width)\" height=\"16\" fill=\"#37648d\"></rect>"
        + "<text x=\"\(168 + width)\" y=\"\(y + 15)\">\(share(bar.count, of: all))</text>"
    }
    return "<svg width=\"800\" height=\"\(22 * bars.count)\" role=\"img\">"
      + rows.joined() + "</svg>"
  }
}
