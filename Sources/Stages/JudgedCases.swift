import Basics
import Experiments
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
  let studies: [String]
  /// How many patients the subset has.
  let patientCount: Int
  private var scores: [[Double]]
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
    studies = rows.map { predictions.studies[$0] }
    scores = predictions.scores.map { column in rows.map { column[$0] } }
    self.truth = truth.values.map { column in
      truthRows.map { row in column[row].map { $0 > 0.5 } }
    }
  }

  /// The cases of a finding, picture by picture.
  func images(_ finding: Int) throws -> Cases {
    try Cases(scores: scores[finding], truth: truth[finding], patient: patientNumbers)
  }

  /// The pictures with a truth for some finding, and their patients.
  var evaluated: SubsetCounts {
    let rows = images.indices.filter { row in truth.contains { $0[row] != nil } }
    return SubsetCounts(images: rows.count, patients: Set(rows.map { patients[$0] }).count)
  }

  /// Whether the data set has studies.
  var hasStudies: Bool { studies.contains { !$0.isEmpty } }

  /// The cases of a finding at a unit of evaluation.
  func cases(_ finding: Int, _ unit: EvaluationUnit) throws -> Cases {
    let images = try images(finding)
    return try units(unit)?.aggregate(images, rule: unit.rule) ?? images
  }

  /// The pictures that are one case; `nil` where each is.
  ///
  /// - Parameter groups: of each picture; those of a unit that fall into several are a case in each.
  func units(_ unit: EvaluationUnit, groups: [String?]? = nil) -> Units? {
    guard let keys = keys(unit) else { return nil }
    guard let groups else { return Units(by: keys) }
    return Units(by: zip(keys, groups).map { "\($0)\n\($1 ?? "")" })
  }

  /// The same cases with the scores of `predictions`; `nil` where these are of other pictures.
  func scored(by predictions: Predictions) -> JudgedSubset? {
    let rows = predictions.subsets.indices.filter { predictions.subsets[$0] == subset }
    guard rows.map({ predictions.images[$0] }) == images,
      rows.map({ predictions.patients[$0] }) == patients
    else { return nil }
    var other = self
    other.scores = predictions.scores.map { column in rows.map { column[$0] } }
    return other
  }

  /// The cases of a finding at a unit within groups: the pictures of a patient that fall into
  /// several groups (an AP and a PA view) are a case in each.
  ///
  /// - Parameter groups: of each picture, in the order of `images`.
  func cases(
    _ finding: Int, _ unit: EvaluationUnit, groups: [String?]
  ) throws -> (cases: Cases, groups: [String?]) {
    let images = try images(finding)
    guard let units = units(unit, groups: groups) else { return (images, groups) }
    return (try units.aggregate(images, rule: unit.rule), try units.attribute(groups))
  }

  /// What the pictures of one unit have in common; `nil` where each picture is one.
  private func keys(_ unit: EvaluationUnit) -> [String]? {
    switch unit.name {
    case "patient": patients
    case "study": zip(patients, studies).map { "\($0)\n\($1)" }
    default: nil
    }
  }
}

/// What is judged as one case: a picture, a study or a patient, and how its scores become one.
struct EvaluationUnit {
  /// `image`, `study` or `patient`.
  let name: String
  /// The largest or the mean score of its pictures.
  let rule: Units.Rule
}
