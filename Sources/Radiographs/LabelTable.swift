import Basics

/// Labels after a policy: what a model is trained on, or what it is compared with.
public struct LabelTable: Sendable, Equatable {
  /// The pictures, in the order of the cohort.
  public let images: [String]
  /// The findings, in the order asked for.
  public let findings: [String]
  /// The labels `[findings][images]`; `nil` is a label that is not used.
  public let values: [[Float?]]

  /// The truth in which `adjudicated`, a cohort with the same pictures, decides what an uncertain label
  /// of `cohort` is: a picture whose label it leaves open, or that it lacks, is not used.
  ///
  /// - Throws: as below, and where it has none of the pictures.
  public init(
    _ cohort: Cohort, findings: [String], adjudicated: Cohort, blank: BlankPolicy,
    derivesNoFinding: Bool = false
  ) throws(Diagnostics) {
    let own = try LabelTable(
      cohort, findings: findings, uncertain: findings.map { _ in .threeClass }, blank: blank,
      derivesNoFinding: derivesNoFinding)
    let decided = try LabelTable(
      adjudicated, findings: findings, uncertain: findings.map { _ in .ignore }, blank: .ignore,
      derivesNoFinding: derivesNoFinding)
    let rowOf = Dictionary(zip(decided.images, decided.images.indices)) { first, _ in first }
    guard own.images.isEmpty || own.images.contains(where: { rowOf[$0] != nil }) else {
      throw Diagnostics([Diagnostic("the adjudicated table has no picture of the cohort")])
    }
    self.init(
      images: own.images, findings: findings,
      values: zip(own.values, decided.values).map { column, decisions in
        zip(own.images, column).map { image, value in
          guard value == LabelPolicy.uncertainClass else { return value }
          return rowOf[image].flatMap { decisions[$0] }
        }
      })
  }

  /// The labels of `cohort` for `findings`, with a policy for each of them.
  ///
  /// The same function makes training labels and, with policies of its own, the truth that an
  /// evaluation compares with. Where blanks are not used, the negatives of `No Finding` come from the
  /// other findings (``NoFinding``), since its own column has none.
  ///
  /// - Parameters:
  ///   - derivesNoFinding: whether all of `No Finding` comes from the other findings.
  ///   - seed: seeds the streams of labels that are drawn.
  /// - Throws: for every unknown finding and every cell that is no label.
  public init(
    _ cohort: Cohort, findings: [String], uncertain policies: [LabelPolicy], blank: BlankPolicy,
    derivesNoFinding: Bool = false, seed: Int = 0
  ) throws(Diagnostics) {
    var wrong: [Diagnostic] = []
    for (index, finding) in findings.enumerated() where findings[..<index].contains(finding) {
      wrong.append(Diagnostic("finding `\(finding)` is named twice"))
    }
    var values: [[Float?]] = []
    for (finding, uncertain) in zip(findings, policies) {
      do throws(Diagnostics) {
        let labels: [RawLabel]
        if derivesNoFinding, finding == NoFinding.name {
          labels = try NoFinding.derived(cohort)
        } else if blank == .ignore, finding == NoFinding.name {
          labels = try NoFinding.withNegatives(try cohort.labels(of: finding), cohort)
        } else {
          labels = try cohort.labels(of: finding)
        }
        values.append(
          labels.enumerated().map { row, label in
            switch label {
            case .negative: 0
            case .positive: 1
            case .uncertain: uncertain.value(of: finding, image: cohort.images[row], seed: seed)
            case .blank: blank.value
            }
          })
      } catch {
        wrong += error.all
      }
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    self.images = cohort.images
    self.findings = findings
    self.values = values
  }

  /// The labels of a task whose `classes` exclude each other: 1 for the class that is the group of a
  /// picture, 0 for the others, none where its group is no class.
  ///
  /// - Parameter groups: of each picture of `cohort`.
  public init(_ cohort: Cohort, groups: [String?], classes: [String]) {
    self.init(
      images: cohort.images, findings: classes,
      values: classes.map { name in
        groups.map { group in
          group.flatMap { classes.contains($0) ? ($0 == name ? 1 : 0) : nil }
        }
      })
  }

  /// Reads the table at `path`.
  public init(path: String) throws(Diagnostics) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    guard csv.header.first == "image" else {
      throw Diagnostics([
        Diagnostic("the first column is not `image`", at: Place(file: path, line: 1))
      ])
    }
    var wrong = DiagnosticList()
    images = (0..<csv.rowCount).map { csv[$0, 0] }
    findings = Array(csv.header.dropFirst())
    values = findings.indices.map { finding in
      (0..<csv.rowCount).map { row -> Float? in
        let cell = csv[row, finding + 1]
        if cell.isEmpty { return nil }
        if let value = Float(cell), value.isFinite { return value }
        wrong.add("`\(cell)` is no label", at: csv.place(row))
        return nil
      }
    }
    try wrong.throwIfAny()
  }

  init(images: [String], findings: [String], values: [[Float?]]) {
    self.images = images
    self.findings = findings
    self.values = values
  }

  /// The same table with what `value` gives for each uncertain label of `cohort` for the findings at
  /// `positions`.
  public func filling(
    _ cohort: Cohort, _ positions: [Int], _ value: (_ image: String, _ finding: Int) -> Float?
  ) throws(Diagnostics) -> LabelTable {
    var filled = values
    for position in positions {
      for (row, label) in try cohort.labels(of: findings[position]).enumerated()
      where label == .uncertain {
        filled[position][row] = value(images[row], position)
      }
    }
    return LabelTable(images: images, findings: findings, values: filled)
  }

  /// The same table with no label used of the pictures in `images`.
  public func masking(_ images: Set<String>) -> LabelTable {
    if images.isEmpty { return self }
    return LabelTable(
      images: self.images, findings: findings,
      values: values.map { column in
        zip(self.images, column).map { images.contains($0) ? nil : $1 }
      })
  }

  /// The table of the pictures at `rows`, repeats allowed.
  public func selecting(_ rows: [Int]) -> LabelTable {
    LabelTable(
      images: rows.map { images[$0] }, findings: findings,
      values: values.map { column in rows.map { column[$0] } })
  }

  /// The labels at `rows`, picture by picture.
  public func labels(at rows: some Sequence<Int>) -> [[Float?]] {
    rows.map { row in values.map { $0[row] } }
  }

  /// Writes the table: `image`, then a column per finding, empty where a label is not used.
  public func write(to path: String) throws(Diagnostic) {
    var writer = CSVWriter(header: ["image"] + findings)
    for row in images.indices {
      writer.append([images[row]] + values.map { Self.text($0[row]) })
    }
    try writer.write(to: path)
  }

  private static func text(_ value: Float?) -> String {
    guard let value else { return "" }
    return value == 0 ? "0" : value == 1 ? "1" : String(value)
  }
}
