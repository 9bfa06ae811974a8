import Basics

/// What one training sees: pictures, in the order of the cohort, and what each class weighs.
public struct Sample: Sendable, Equatable {
  /// The keys of the pictures; a key may occur more than once.
  public let images: [String]
  /// The findings, in the order of the labels.
  public let findings: [String]
  /// How many pictures are negative and positive, per finding.
  public let counts: [ClassCounts]
  /// What the classes weigh, per finding.
  public let weights: [ClassWeight]

  /// Draws from the train subset of `split`.
  ///
  /// Pictures without any label are left out. The draw is that of the streams `sample` of `seed`.
  ///
  /// - Throws: when a finding has one class only among the pictures drawn, naming each such
  ///   finding, when there are fewer pictures than asked for, and when weights are missing or no
  ///   positive numbers.
  public init(
    _ split: Split, _ labels: LabelTable, draw: SampleDraw = .all,
    weights: ClassWeighting = .none, seed: Int
  ) throws(Diagnostics) {
    guard split.images == labels.images else {
      throw Diagnostics([Diagnostic("the labels are those of other pictures than the split's")])
    }
    var rows = split.rows(.train).filter { row in labels.values.contains { $0[row] != nil } }
    guard !rows.isEmpty else { throw Diagnostics([Diagnostic("no picture of train has a label")]) }
    try Self.count(rows, labels).check(labels.findings)
    rows = try draw.rows(rows, labels, seed: seed)
    let counts = Self.count(rows, labels)
    try counts.check(labels.findings)
    self.weights = try weights.weights(labels.findings, counts)
    self.counts = counts
    images = rows.map { split.images[$0] }
    findings = labels.findings
  }

  private static func count(_ rows: [Int], _ labels: LabelTable) -> [ClassCounts] {
    labels.values.map { values in
      let used = rows.compactMap { values[$0] }
      let uncertain = used.count { $0 == LabelPolicy.uncertainClass }
      let positive = used.count { $0 > 0.5 } - uncertain
      return ClassCounts(
        negative: used.count - positive - uncertain, positive: positive, uncertain: uncertain)
    }
  }

  private static let classes = ["negative", "positive", "uncertain"]

  /// Writes `finding`, how many cases of each class there are and what each weighs to `path`.
  public func writeWeights(to path: String) throws(Diagnostic) {
    var table = CSVWriter(
      header: ["finding"] + Self.classes + Self.classes.map { "\($0)_weight" })
    for (index, finding) in findings.enumerated() {
      let (count, weight) = (counts[index], weights[index])
      table.append(
        [finding] + [count.negative, count.positive, count.uncertain].map { "\($0)" }
          + [weight.negative, weight.positive, weight.uncertain].map { "\($0)" })
    }
    try table.write(to: path)
  }

  /// Reads the weights of `findings`, in their order, from what ``writeWeights(to:)`` wrote.
  public static func weights(
    path: String, findings: [String]
  ) throws(Diagnostic) -> [ClassWeight] {
    let table = try CSV(path: path)
    let name = try table.requiredColumn("finding")
    var weights: [ClassWeight] = []
    for finding in findings {
      guard let row = (0..<table.rowCount).first(where: { table[$0, name] == finding }) else {
        throw Diagnostic("`\(path)` has no weights of `\(finding)`")
      }
      var numbers: [Double] = []
      for kind in classes {
        let cell = table[row, try table.requiredColumn("\(kind)_weight")]
        guard let number = Double(cell), number.isFinite else {
          throw Diagnostic("`\(cell)` is no weight", at: table.place(row))
        }
        numbers.append(number)
      }
      weights.append(
        ClassWeight(negative: numbers[0], positive: numbers[1], uncertain: numbers[2]))
    }
    return weights
  }
}

extension [ClassCounts] {
  fileprivate func check(_ findings: [String]) throws(Diagnostics) {
    var wrong: [Diagnostic] = []
    for (finding, count) in zip(findings, self) {
      let lacks = count.positive == 0 ? "positive" : count.negative == 0 ? "negative" : nil
      guard let lacks else { continue }
      let others = count.positive + count.negative + count.uncertain
      wrong.append(
        Diagnostic(
          "`\(finding)` has one class only in train: none of \(others) labels is \(lacks)"))
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
  }
}
