import Basics
import Radiographs

/// The scores of pictures, one for each finding: `predictions.csv`.
struct Predictions {
  let findings: [String]
  private(set) var images: [String] = []
  private(set) var patients: [String] = []
  /// The study of each picture; "" where the data set has none.
  private(set) var studies: [String] = []
  private(set) var subsets: [Subset] = []
  /// For each finding the score of each picture.
  private(set) var scores: [[Double]]

  /// What is judged: valid and test, or test alone where the pictures are new.
  var judgedSubsets: [Subset] { subsets.contains(.valid) ? [.valid, .test] : [.test] }

  static let columns = ["image", "patient", "study", "subset"]

  init(findings: [String]) {
    self.findings = findings
    scores = Array(repeating: [], count: findings.count)
  }

  mutating func append(
    image: String, patient: String, study: String, subset: Subset, scores values: [Double]
  ) {
    images.append(image)
    patients.append(patient)
    studies.append(study)
    subsets.append(subset)
    for (finding, value) in values.enumerated() { scores[finding].append(value) }
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: for a missing column, an unknown subset, and, with their number and the place of the
  ///   first, scores that are no numbers and pictures that are listed twice.
  init(path: String, findings: [String]) throws {
    let csv = try CSV(path: path)
    let fixed = try Self.columns.map { try csv.requiredColumn($0) }
    let columns = try findings.map { try csv.requiredColumn($0) }
    self.init(findings: findings)
    var known: Set<String> = []
    var doubled: [Int] = []
    var broken = [[Int]](repeating: [], count: findings.count)
    for row in 0..<csv.rowCount {
      guard let subset = Subset(rawValue: csv[row, fixed[3]]) else {
        throw Diagnostic("unknown subset `\(csv[row, fixed[3]])`", at: csv.place(row))
      }
      if !known.insert(csv[row, fixed[0]]).inserted { doubled.append(row) }
      let values = columns.enumerated().map { finding, column -> Double in
        guard let value = Double(csv[row, column]), value.isFinite else {
          broken[finding].append(row)
          return 0
        }
        return value
      }
      append(
        image: csv[row, fixed[0]], patient: csv[row, fixed[1]], study: csv[row, fixed[2]],
        subset: subset, scores: values)
    }
    var wrong: [Diagnostic] = []
    if let first = doubled.first {
      wrong.append(
        Diagnostic(
          "\(counted(doubled.count, "row")) of \(csv.rowCount) "
            + (doubled.count == 1 ? "names" : "name") + " a picture a second time, the first "
            + "`\(csv[first, fixed[0]])`", at: csv.place(first)))
    }
    for ((finding, rows), column) in zip(zip(findings, broken), columns) {
      guard let first = rows.first else { continue }
      wrong.append(
        Diagnostic(
          "\(rows.count) of \(csv.rowCount) scores of `\(finding)` are no numbers, the first "
            + "`\(csv[first, column])`", at: csv.place(first)))
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
  }

  /// Writes the file; a score has as many digits as its float32 needs.
  func write(to path: String) throws {
    var writer = CSVWriter(header: Self.columns + findings)
    for row in images.indices {
      writer.append(
        [images[row], patients[row], studies[row], subsets[row].rawValue]
          + scores.map { "\(Float($0[row]))" })
    }
    try writer.write(to: path)
  }
}
