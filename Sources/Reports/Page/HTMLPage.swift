/// A page in one file that needs nothing else.
package struct HTMLPage {
  private let title: String
  private var parts: [String] = []

  /// An empty page.
  package init(title: String) { self.title = title }

  /// Adds HTML.
  package mutating func add(_ html: String) { parts.append(html) }

  /// Adds a heading of a level from 1 to 6.
  package mutating func add(heading text: String, level: Int = 2) {
    parts.append("<h\(level)>\(Self.escaped(text))</h\(level)>")
  }

  /// Adds a sentence or several.
  package mutating func add(text: String) { parts.append("<p>\(Self.escaped(text))</p>") }

  private static let style = """
    body{font:15px/1.5 system-ui,sans-serif;max-width:110em;margin:2em auto;padding:0 1em;color:#222}
    table{border-collapse:collapse;margin:1em 0;display:block;overflow-x:auto}
    td,th{padding:.15em .8em;text-align:left;border-bottom:1px solid #ddd;white-space:nowrap;
    font-variant-numeric:tabular-nums}
    caption{text-align:left;font-weight:600}pre{overflow-x:auto;background:#f6f6f6;padding:1em}
    figure{display:inline-block;margin:1em 1em 1em 0;vertical-align:top}
    figcaption{font-size:13px;max-width:34em}figure img{height:128px;margin-right:4px}
    svg{display:block}text{font-size:12px}
    """

  /// The text of the file.
  package var html: String {
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      + "<meta name=\"viewport\" content=\"width=device-width\">"
      + "<title>\(Self.escaped(title))</title>\n<style>\n\(Self.style)\n</style></head>\n<body>\n"
      + parts.joined(separator: "\n") + "\n</body>\n</html>\n"
  }

  /// The text with what HTML takes for its own made harmless.
  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// A figure with what it shows, in HTML.
  package static func figure(_ content: String, _ caption: String) -> String {
    "<figure>\(content)<figcaption>\(caption)</figcaption></figure>"
  }

  /// A table; without a header where that is empty.
  package static func table(_ caption: String?, _ header: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    return "<table>\n" + (caption.map { "<caption>\(escaped($0))</caption>\n" } ?? "")
      + (header.isEmpty ? "" : line(header, "th")) + rows.map { line($0, "td") }.joined()
      + "</table>"
  }
}
