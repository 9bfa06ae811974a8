import Basics
import Metrics

/// `curves.csv` and `group_curves.csv`: ROC, precision–recall and reliability curves, a row for each
/// point.
struct CurveTable {
  private var writer: CSVWriter

  /// A table whose rows begin with `keys`: the subset and the finding, or the group besides.
  init(keys: [String]) {
    writer = CSVWriter(header: keys + ["curve", "x", "y", "threshold", "cases", "undefined"])
  }

  /// Appends the curves of the evaluated cases among `rows`, with fifteen bins for reliability.
  ///
  /// - Parameter objections: why there is no such curve, by its name; the cases say the rest.
  mutating func append(
    _ keys: [String], _ cases: Cases, rows: some Sequence<Int>, objections: [String: String] = [:]
  ) throws {
    let evaluated = rows.filter { cases.truth[$0] != nil }
    let scores = evaluated.map { cases.scores[$0] }
    let truth = evaluated.map { cases.truth[$0] == true }
    let points = try OperatingPoints(scores: scores, truth: truth)
    for (name, curve) in [("roc", points.rocCurve()), ("pr", points.precisionRecallCurve())] {
      if let reason = objections[name] ?? curve.undefined {
        append(keys, name, undefined: reason)
        continue
      }
      for point in curve.points {
        append(keys, name, point.x, point.y, threshold: point.threshold.map { "\($0)" } ?? "")
      }
    }
    let name = "reliability"
    if let reason = objections[name] ?? cases.probabilityObjection
      ?? (evaluated.isEmpty ? "0 cases" : nil)
    {
      append(keys, name, undefined: reason)
      return
    }
    for point in try reliabilityCurve(probabilities: scores, truth: truth) {
      append(
        keys, name, point.meanProbability, point.meanTruth, cases: "\(Int(point.weight))")
    }
  }

  func write(to path: String) throws { try writer.write(to: path) }

  private mutating func append(
    _ keys: [String], _ curve: String, _ x: Double, _ y: Double, threshold: String = "",
    cases: String = ""
  ) {
    // Six digits draw a curve, and keep the table small.
    let (x, y) = ((x * 1e6).rounded() / 1e6, (y * 1e6).rounded() / 1e6)
    writer.append(keys + [curve, "\(x)", "\(y)", threshold, cases, ""])
  }

  private mutating func append(_ keys: [String], _ curve: String, undefined reason: String) {
    writer.append(keys + [curve, "", "", "", "", reason])
  }
}
