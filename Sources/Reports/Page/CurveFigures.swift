import Basics
import Experiments

/// ROC and reliability curves on test, of one experiment for each arm.
package struct CurveFigures {
  private typealias Point = (x: Double, y: Double)
  /// By finding and curve, the points of each arm.
  private var curves: [String: [String: [[Point]]]] = [:]
  private var findings: [String] = []
  private let arms: [String]

  /// What `curves.csv` of each arm says; of the first eight.
  ///
  /// - Throws: for a file that is not what it should be.
  package init(_ files: [(arm: String, path: String)]) throws(Diagnostic) {
    let files = files.prefix(Chart.most)
    arms = files.map(\.arm)
    for (arm, file) in files.enumerated() {
      let csv = try CSV(path: file.path)
      let subset = try csv.requiredColumn("subset")
      let finding = try csv.requiredColumn("finding")
      let (curve, x, y) = (
        try csv.requiredColumn("curve"), try csv.requiredColumn("x"), try csv.requiredColumn("y")
      )
      for row in 0..<csv.rowCount where csv[row, subset] == "test" {
        guard let across = Double(csv[row, x]), let up = Double(csv[row, y]) else { continue }
        let name = csv[row, finding]
        if !findings.contains(name) { findings.append(name) }
        curves[name, default: [:]][
          csv[row, curve], default: files.map { _ in [] }][arm].append((across, up))
      }
    }
  }

  /// A figure for each finding and curve, in HTML.
  package var html: [String] {
    findings.flatMap { finding in
      [
        figure(finding, "roc", "false positive rate", "sensitivity"),
        figure(finding, "reliability", "mean score of a bin", "share of positives"),
      ].compactMap { $0 }
    }
  }

  private func figure(_ finding: String, _ curve: String, _ x: String, _ y: String) -> String? {
    guard let lines = curves[finding]?[curve] else { return nil }
    var chart = Chart(x: 0...1, y: 0...1)
    chart.add(line: [(0, 0), (1, 1)], "#bbb", dashed: true)
    for (points, colour) in zip(lines, Chart.colours) where !points.isEmpty {
      chart.add(line: thinned(points), colour)
      // A line of one point is none.
      if let only = points.first, points.allSatisfy({ $0 == only }) {
        chart.add(point: only, colour, about: finding)
      }
    }
    return HTMLPage.figure(
      chart.svg(x: "\(finding): \(x)", y: y), Chart.legend(arms))
  }

  /// At most 200 of the points, both ends among them: more cannot be told apart.
  private func thinned(_ points: [Point]) -> [Point] {
    let step = max(1, (points.count + 199) / 200)
    let some = points.indices.filter { $0 % step == 0 }.map { points[$0] }
    return points.last.map { some + [$0] } ?? some
  }
}
