import Basics
import Metrics
import Radiographs

/// The predictions of one subset beside their truth, finding by finding.
///
/// All patients of the subset are numbered, whether their pictures are labelled or not, so that the
/// bootstrap draws them before unlabelled pictures are dropped; the numbers follow the sorted names,
/// so that every experiment with this subset shares its draws.
struct JudgedSubset {
  let subset: Subset
  let images: [String]
  let patients: [String]
  private let patientNumbers: [Int]
  /// How many patients the subset has.
  let patientCount: Int
  private let scores: [[Double]]
  private let truth: [[Bool?]]

  init(_ predictions: Predictions, _ truth: LabelTable, subset: Subset) throws {
    guard truth.findings == predictions.findings else {
      throw Diagnostic("the predictions have other findings than the truth")
    }
    let rows = predictions.subsets.indices.filter { predictions.subsets[$0] == subset }
    let rowOf = Dictionary(
      zip(truth.images, truth.images.indices), uniquingKeysWith: { first, _ in first })
    let truthRows = try rows.map { row in
      guard let found = rowOf[predictions.images[row]] else {
        throw Diagnostic("picture `\(predictions.images[row])` is predicted and has no truth")
      }
      return found
    }
    self.subset = subset
    images = rows.map { predictions.images[$0] }
    patients = rows.map { predictions.patients[$0] }
    let names = Set(patients).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    patientNumbers = patients.map { numbers[$0] ?? 0 }
    patientCount = names.count
    scores = predictions.scores.map { column in rows.map { column[$0] } }
    self.truth = truth.values.map { column in
      truthRows.map { row in column[row].map { $0 > 0.5 } }
    }
  }

  /// The cases of a finding, picture by picture.
  func images(_ finding: Int) throws -> Cases {
    try Cases(scores: scores[finding], truth: truth[finding], patient: patientNumbers)
  }

  /// The cases of a finding at `unit`: `image`, or `patient` by the highest score.
  func cases(_ finding: Int, per unit: String) throws -> Cases {
    let images = try images(finding)
    guard unit == "patient" else { return images }
    return try Units(by: patientNumbers).aggregate(images, rule: .max)
  }

  /// The cases of a finding at `unit` within groups: the pictures of a patient that fall into
  /// several groups (an AP and a PA view) are a case in each.
  ///
  /// - Parameter groups: of each picture, in the order of `images`.
  func cases(
    _ finding: Int, per unit: String, groups: [String?]
  ) throws -> (cases: Cases, groups: [String?]) {
    let images = try images(finding)
    guard unit == "patient" else { return (images, groups) }
    let units = Units(by: zip(patientNumbers, groups).map { "\($0) \($1 ?? "")" })
    return (try units.aggregate(images, rule: .max), try units.attribute(groups))
  }
}
