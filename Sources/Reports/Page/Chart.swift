import Foundation

/// Points and lines between two axes, as SVG.
package struct Chart {
  /// What the axes show.
  let x, y: ClosedRange<Double>
  private var marks: [String] = []
  private let width, height: Double

  /// The colours of series, told apart by the colour-blind, too (Okabe and Ito 2008).
  static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#222222", "#999999",
  ]

  /// How many series have a colour of their own.
  package static let most = colours.count

  private static let (bottom, top, right) = (44.0, 10.0, 14.0)
  /// What is left of the plot.
  private let left: Double

  /// An empty chart; a range of no width gets some.
  init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, width: Double = 420, height: Double = 340,
    left: Double = 64
  ) {
    func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
      range.upperBound > range.lowerBound
        ? range : range.lowerBound - 0.05...range.lowerBound + 0.05
    }
    (self.x, self.y) = (widened(x), widened(y))
    (self.width, self.height, self.left) = (width, height, left)
  }

  /// The range that holds all of `values` with a margin; `nil` without any.
  static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let margin = max(0.05 * (high - low), 0.005)
    return low - margin...high + margin
  }

  private func across(_ value: Double) -> Double {
    left + (value - x.lowerBound) / (x.upperBound - x.lowerBound)
      * (width - left - Self.right)
  }

  private func down(_ value: Double) -> Double {
    height - Self.bottom - (value - y.lowerBound) / (y.upperBound - y.lowerBound)
      * (height - Self.bottom - Self.top)
  }

  private static func text(_ value: Double) -> String { String(format: "%.1f", value) }

  /// A line through points.
  mutating func add(line points: [(x: Double, y: Double)], _ colour: String, dashed: Bool = false) {
    let path = points.map { "\(Self.text(across($0.x))),\(Self.text(down($0.y)))" }
    marks.append(
      "<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\""
        + (dashed ? " stroke-dasharray=\"4 3\"" : "") + "/>")
  }

  /// A point, and what the pointer shows of it.
  mutating func add(
    point: (x: Double, y: Double), _ colour: String, isFilled: Bool = true, about: String
  ) {
    marks.append(
      "<circle cx=\"\(Self.text(across(point.x)))\" cy=\"\(Self.text(down(point.y)))\" r=\"4.5\" "
        + "stroke=\"\(colour)\" fill=\"\(isFilled ? colour : "#fff")\">"
        + "<title>\(HTMLPage.escaped(about))</title></circle>")
  }

  /// A text that ends left of the plot, at a height of the vertical axis.
  mutating func add(label: String, at value: Double) {
    marks.append(
      "<text x=\"\(left - 6)\" y=\"\(Self.text(down(value) + 4))\" text-anchor=\"end\">"
        + "\(HTMLPage.escaped(label))</text>")
  }

  /// Numbers at which an axis is marked: five or so, of the form 1, 2 or 5 times a power of ten.
  private static func ticks(_ range: ClosedRange<Double>) -> [Double] {
    let rough = (range.upperBound - range.lowerBound) / 5
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power)
    let first = (range.lowerBound / step).rounded(.up)
    return stride(from: first, through: range.upperBound / step, by: 1).map { $0 * step }
  }

  /// The SVG with its axes.
  func svg(x xTitle: String, y yTitle: String) -> String {
    let (end, base) = (width - Self.right, height - Self.bottom)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(width))\" height=\"\(Int(height))\" "
        + "role=\"img\" aria-label=\"\(HTMLPage.escaped("\(yTitle) against \(xTitle)"))\">"
    ]
    func number(_ value: Double, _ range: ClosedRange<Double>) -> String {
      String(format: range.upperBound - range.lowerBound < 0.25 ? "%.3f" : "%.2f", value + 0.0)
    }
    for tick in Self.ticks(x) {
      let place = Self.text(across(tick))
      parts.append(
        "<line x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.top)\" y2=\"\(base)\" stroke=\"#eee\"/>"
          + "<text x=\"\(place)\" y=\"\(base + 16)\" text-anchor=\"middle\">\(number(tick, x))</text>"
      )
    }
    for tick in yTitle.isEmpty ? [] : Self.ticks(y) {
      let place = Self.text(down(tick))
      parts.append(
        "<line x1=\"\(left)\" x2=\"\(end)\" y1=\"\(place)\" y2=\"\(place)\" stroke=\"#eee\"/>"
          + "<text x=\"\(left - 6)\" y=\"\(place)\" dy=\"4\" text-anchor=\"end\">"
          + "\(number(tick, y))</text>")
    }
    parts.append(
      "<rect x=\"\(left)\" y=\"\(Self.top)\" width=\"\(end - left)\" "
        + "height=\"\(base - Self.top)\" fill=\"none\" stroke=\"#888\"/>")
    parts += marks
    parts.append(
      "<text x=\"\((left + end) / 2)\" y=\"\(height - 8)\" text-anchor=\"middle\">"
        + "\(HTMLPage.escaped(xTitle))</text>")
    if !yTitle.isEmpty {
      let middle = (Self.top + base) / 2
      parts.append(
        "<text x=\"14\" y=\"\(middle)\" text-anchor=\"middle\" "
          + "transform=\"rotate(-90 14 \(middle))\">\(HTMLPage.escaped(yTitle))</text>")
    }
    return parts.joined(separator: "\n") + "\n</svg>"
  }

  /// Coloured names, one for each series.
  static func legend(_ names: [String]) -> String {
    zip(names, colours).map { name, colour in
      "<span style=\"color:\(colour)\">●</span> \(HTMLPage.escaped(name))"
    }.joined(separator: " &nbsp; ")
  }
}
