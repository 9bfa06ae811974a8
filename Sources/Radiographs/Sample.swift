import Basics

/// Which pictures of train a model sees.
public enum SampleMethod: Sendable, Equatable {
  /// All that have a label.
  case all
  /// All of the rarer class of a finding, and as many of the commoner one, drawn by chance.
  case downsample(finding: String)
}

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
  /// Pictures without any label are left out; down-sampling leaves out those without a label of its
  /// finding too. The draw is that of the stream `sample` of `seed`.
  ///
  /// - Throws: when a finding has one class only among the pictures drawn, naming each such
  ///   finding, and when weights are missing or no positive numbers.
  public init(
    _ split: Split, _ labels: LabelTable, method: SampleMethod = .all,
    weights: ClassWeighting = .none, seed: Int
  ) throws(Diagnostics) {
    guard split.images == labels.images else {
      throw Diagnostics([Diagnostic("the labels are those of other pictures than the split's")])
    }
    var rows = split.rows(.train).filter { row in labels.values.contains { $0[row] != nil } }
    guard !rows.isEmpty else { throw Diagnostics([Diagnostic("no picture of train has a label")]) }
    try Self.count(rows, labels).check(labels.findings)
    if case .downsample(let finding) = method {
      guard let column = labels.findings.firstIndex(of: finding) else {
        let near = nearestName(to: finding, among: labels.findings)
        throw Diagnostics([
          Diagnostic(
            "unknown finding `\(finding)` to sample by",
            hint: near.map { "did you mean `\($0)`?" })
        ])
      }
      rows = Self.downsample(rows, labels.values[column], seed)
    }
    let counts = Self.count(rows, labels)
    try counts.check(labels.findings)
    self.weights = try weights.weights(labels.findings, counts)
    self.counts = counts
    images = rows.map { split.images[$0] }
    findings = labels.findings
  }

  private static func downsample(_ rows: [Int], _ values: [Float?], _ seed: Int) -> [Int] {
    let positive = rows.filter { values[$0].map { $0 > 0.5 } == true }
    let negative = rows.filter { values[$0].map { $0 > 0.5 } == false }
    let (few, many) =
      positive.count <= negative.count ? (positive, negative) : (negative, positive)
    var drawn = many
    var stream = RandomStream("sample", seed: seed)
    stream.shuffle(&drawn)
    return (few + drawn.prefix(few.count)).sorted()
  }

  private static func count(_ rows: [Int], _ labels: LabelTable) -> [ClassCounts] {
    labels.values.map { values in
      let used = rows.compactMap { values[$0] }
      let positive = used.count { $0 > 0.5 }
      return ClassCounts(negative: used.count - positive, positive: positive)
    }
  }

  private static let files = (sample: "sample.csv", weights: "weights.csv")

  /// Writes `sample.csv` (`image`) and `weights.csv`
  /// (`finding,negative,positive,negative_weight,positive_weight`) to `folder`.
  public func write(to folder: String) throws(Diagnostic) {
    var pictures = CSVWriter(header: ["image"])
    for image in images { pictures.append([image]) }
    try pictures.write(to: Files.join(folder, Self.files.sample))
    try writeWeights(to: Files.join(folder, Self.files.weights))
  }

  /// Writes `finding,negative,positive,negative_weight,positive_weight` to `path`.
  public func writeWeights(to path: String) throws(Diagnostic) {
    var table = CSVWriter(
      header: ["finding", "negative", "positive", "negative_weight", "positive_weight"])
    for (index, finding) in findings.enumerated() {
      let (count, weight) = (counts[index], weights[index])
      table.append(
        [finding, String(count.negative), String(count.positive)]
          + [String(weight.negative), String(weight.positive)])
    }
    try table.write(to: path)
  }

  /// Reads what ``write(to:)`` wrote.
  public init(folder: String) throws(Diagnostics) {
    let (pictures, table) = try several { () throws(Diagnostic) in
      (
        try CSV(path: Files.join(folder, Self.files.sample)),
        try CSV(path: Files.join(folder, Self.files.weights))
      )
    }
    guard pictures.header == ["image"], table.header.count == 5 else {
      throw Diagnostics([Diagnostic("`\(folder)` holds no sample")])
    }
    var wrong = DiagnosticList()
    func number<Number: LosslessStringConvertible>(_ row: Int, _ column: Int, _ zero: Number)
      -> Number
    {
      if let number = Number(table[row, column]) { return number }
      wrong.add("`\(table[row, column])` is no number", at: table.place(row))
      return zero
    }
    images = (0..<pictures.rowCount).map { pictures[$0, 0] }
    findings = (0..<table.rowCount).map { table[$0, 0] }
    counts = (0..<table.rowCount).map {
      ClassCounts(negative: number($0, 1, 0), positive: number($0, 2, 0))
    }
    weights = (0..<table.rowCount).map {
      ClassWeight(negative: number($0, 3, 0.0), positive: number($0, 4, 0.0))
    }
    try wrong.throwIfAny()
  }
}

extension [ClassCounts] {
  fileprivate func check(_ findings: [String]) throws(Diagnostics) {
    var wrong: [Diagnostic] = []
    for (finding, count) in zip(findings, self) {
      let lacks = count.positive == 0 ? "positive" : count.negative == 0 ? "negative" : nil
      guard let lacks else { continue }
      let others = count.positive + count.negative
      wrong.append(
        Diagnostic(
          "`\(finding)` has one class only in train: none of \(others) labels is \(lacks)"))
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
  }
}
