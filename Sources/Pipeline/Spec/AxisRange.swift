import Basics
import Foundation

/// The values of an axis that a range stands for: `{range: [0.1, 0.5], step: 0.1}`,
/// `{range: [0, 1], count: 5}`, `{log_range: [1e-5, 1e-2], count: 4}`.
enum AxisRange {
  /// The values of the range that `node` describes, from the first end to the second; `nil` where it
  /// is wrong, and why in `diagnostics`.
  ///
  /// The second end is one of them where a step falls on it. They are rounded to twelve digits, so
  /// that 0.1 + 0.2 is 0.3.
  static func values(of node: SpecNode, diagnostics: DiagnosticList) -> [SpecNode]? {
    let reader = SectionReader(node, diagnostics: diagnostics)
    let isLog = reader.node("range") == nil && reader.node("log_range") != nil
    let key = isLog ? "log_range" : "range"
    _ = isLog ? nil : reader.requiredNode(key)
    let ends = reader.doubles(key, in: -1e15...1e15)
    let count = reader.int("count", in: 2...Sweep.pointLimit)
    let step = isLog ? nil : reader.double("step", in: .positive)
    reader.finish()
    guard let ends else { return nil }
    guard ends.count == 2, ends[0] < ends[1], !isLog || ends[0] > 0 else {
      reader.add(
        "expected two rising numbers\(isLog ? " above 0" : "") for `\(key)`", at: key)
      return nil
    }
    let (from, to) = (ends[0], ends[1])
    if let count {
      guard step == nil else {
        reader.add("`step` and `count` exclude each other", at: "count")
        return nil
      }
      let width = Double(count - 1)
      return (0..<count).map { index in
        let part = Double(index) / width
        return number(
          index == count - 1 ? to : isLog ? from * pow(to / from, part) : from + (to - from) * part,
          at: node.place)
      }
    }
    let isWhole = from == from.rounded() && to == to.rounded()
    guard !isLog, let step = step ?? (isWhole && reader.node("step") == nil ? 1 : nil) else {
      if reader.node("step") == nil, reader.node("count") == nil {
        reader.add(
          isLog ? "missing key `count`" : "missing key `step` or `count`", at: key)
      }
      return nil
    }
    let steps = ((to - from) / step + 1e-9).rounded(.down)
    guard steps < Double(Sweep.pointLimit) else {
      reader.add("the range has more than 10,000 values", at: key)
      return nil
    }
    return (0...Int(steps)).map { number(from + Double($0) * step, at: node.place) }
  }

  private static func number(_ value: Double, at place: Place) -> SpecNode {
    // 0.1 + 0.2 is meant to be 0.3; a whole number is exact as it is.
    let rounded =
      value == value.rounded() ? value : Double(String(format: "%.12g", value)) ?? value
    let isWhole = rounded == rounded.rounded() && abs(rounded) < 1e15
    let text = isWhole ? String(Int(rounded)) : "\(rounded)"
    return SpecNode(.scalar(text, isPlain: true), at: place)
  }
}
