import Basics
import Metrics
import Radiographs

/// `policies.csv`: what was tried for each finding, and what was chosen.
package struct PolicyTable {
  /// A policy for a finding.
  package struct Row: Sendable {
    package var finding: String
    package var policy: String
    /// Where it was judged: `valid` or `resplit`.
    package var on: String
    /// How many patients there have the finding.
    package var positives: Int
    /// The AUROC there of a training with this policy; `nil` where it is undefined.
    package var auroc: Double?
    /// Less that of the first policy, paired over patients, with its interval; `nil` for the first.
    package var difference: Double?
    package var low: Double?
    package var high: Double?
    package var isChosen: Bool

    /// The row as a person reads it: finding, policy, judge, area, difference, choice.
    package var words: [String] {
      func text(_ number: Double?) -> String {
        number.map { "\(($0 * 1000).rounded() / 1000)" } ?? "–"
      }
      let gain = difference.map { "\(text($0)) [\(text(low)), \(text(high))]" }
      return [
        finding, policy, "\(on), \(positives) with it", text(auroc), gain ?? "",
        isChosen ? "chosen" : "",
      ]
    }
  }

  package private(set) var rows: [Row] = []
  private static let header = [
    "finding", "policy", "on", "positives", "auroc", "difference", "low", "high", "chosen",
  ]
  /// The names of ``Row/on``.
  package static let (valid, resplit) = ("valid", "resplit")

  /// Nothing tried yet.
  package init() {}

  /// Chooses for a finding from the areas of all candidates: the first candidate unless another is
  /// better by the rule; among those that are, the highest, the earlier of equal ones. Where an area
  /// is undefined nothing speaks for another.
  package mutating func add(
    _ finding: String, _ choice: PolicyChoice, _ areas: [Estimate], on judge: String,
    positives: Int
  ) {
    guard let first = areas.first else { return }
    let differences = areas.map { pairedDifference($0, first) }
    var chosen = 0
    for index in areas.indices.dropFirst() {
      guard let gain = differences[index].point.value,
        gain > (differences[chosen].point.value ?? 0),
        choice.choose == .point || differences[index].verdict == .better
      else { continue }
      chosen = index
    }
    for (index, (policy, area)) in zip(choice.candidates, areas).enumerated() {
      let difference = index == 0 ? nil : differences[index]
      rows.append(
        Row(
          finding: finding, policy: policy.description, on: judge, positives: positives,
          auroc: area.point.value,
          difference: difference?.point.value, low: difference?.low, high: difference?.high,
          isChosen: index == chosen))
    }
  }

  /// Reads the file at `path`.
  package init(path: String) throws(Diagnostic) {
    let csv = try CSV(path: path)
    var columns: [Int] = []
    for name in Self.header { columns.append(try csv.requiredColumn(name)) }
    rows = (0..<csv.rowCount).map { row in
      let cells = columns.map { csv[row, $0] }
      return Row(
        finding: cells[0], policy: cells[1], on: cells[2], positives: Int(cells[3]) ?? 0,
        auroc: Double(cells[4]), difference: Double(cells[5]), low: Double(cells[6]),
        high: Double(cells[7]), isChosen: cells[8] == "1")
    }
  }

  /// Writes the file.
  package func write(to path: String) throws(Diagnostic) {
    func cell(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    var writer = CSVWriter(header: Self.header)
    for row in rows {
      let numbers = [row.auroc, row.difference, row.low, row.high].map(cell)
      writer.append(
        [row.finding, row.policy, row.on, "\(row.positives)"] + numbers
          + [row.isChosen ? "1" : "0"])
    }
    try writer.write(to: path)
  }

  /// The findings, in the order of the labels.
  package var findings: [String] {
    rows.reduce(into: []) { found, row in
      if found.last != row.finding { found.append(row.finding) }
    }
  }

  /// The policy that was chosen for `finding`.
  package func chosen(_ finding: String) -> LabelPolicy? {
    rows.first { $0.finding == finding && $0.isChosen }.flatMap { LabelPolicy(name: $0.policy) }
  }
}
