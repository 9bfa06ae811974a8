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
  let patientNumbers: [Int]
  let studies: [String]
  /// How many patients the subset has.
  let patientCount: Int
  private var scores: [[Double]]
  let truth: [[Bool?]]

  init(_ predictions: Predictions, _ truth: LabelTable, subset: Subset) throws {
    guard truth.findings == predictions.findings else {
      throw Diagnostic("the predictions have other findings than the truth")
    }
    let rows = predictions.subsets.indices.filter { predictions.subsets[$0] == subset }
    var rowOf: [String: Int] = [:]
    var doubled: [String] = []
    for (row, image) in truth.images.enumerated() {
      if rowOf.updateValue(row, forKey: image) != nil { doubled.append(image) }
    }
    guard doubled.isEmpty else {
      throw Diagnostic(
        "\(counted(doubled.count, "picture")) with two truths: \(doubled.quotedFew(5))")
    }
    let unmatched = rows.map { predictions.images[$0] }.filter { rowOf[$0] == nil }
    guard unmatched.isEmpty else {
      throw Diagnostic(
        "\(unmatched.count) of \(rows.count) predicted pictures of \(subset.rawValue) have no truth: "
          + unmatched.quotedFew(5))
    }
    let truthRows = rows.compactMap { rowOf[predictions.images[$0]] }
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
    return SubsetCounts(
      images: rows.count, patients: Set(rows.map { patients[$0] }).count, cases: digest.hex)
  }

  /// A digest of all pictures, whatever their order, with what the draws call
  /// their patients, and their truth.
  private var digest: Digest {
    let lines = images.indices.map { row in
      let labels = truth.map { $0[row].map { $0 ? "1" : "0" } ?? "-" }.joined()
      return "\(images[row])\n\(patientNumbers[row])\n\(labels)\n"
    }
    return Digest(of: lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined())
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

extension JudgedSubset {
  /// The draws of the subset's patients that every metric, group and gap shares.
  ///
  /// - Parameter strata: findings and attributes within whose values patients are drawn; the cohort has
  ///   the attributes.
  func draws(
    _ replicates: Int, seed: Int, strata: [String]?, cohort: @autoclosure () throws -> Cohort,
    findings: [String], threads: Int
  ) throws -> PatientDraws {
    try PatientDraws(
      patients: patientCount, replicates: replicates, seed: seed,
      strata: strata.map { try self.strata($0, cohort: cohort(), findings: findings) },
      threads: threads)
  }

  /// The stratum of each patient: all that its pictures have of each name.
  private func strata(_ names: [String], cohort: Cohort, findings: [String]) throws -> [Int] {
    var keys = [[String]](repeating: [], count: patientCount)
    for name in names {
      var values = [Set<String>](repeating: [], count: patientCount)
      if let finding = findings.firstIndex(of: name) {
        for (row, patient) in patientNumbers.enumerated() {
          if let positive = truth[finding][row] { values[patient].insert(positive ? "1" : "0") }
        }
        // A patient is positive where any picture is.
        for patient in values.indices where values[patient].contains("1") {
          values[patient] = ["1"]
        }
      } else {
        for (patient, value) in zip(patientNumbers, try cohort.attribute(name, of: images)) {
          values[patient].insert(value)
        }
      }
      for patient in keys.indices {
        keys[patient].append(values[patient].sorted().joined(separator: "\n"))
      }
    }
    let sizes = Dictionary(grouping: keys) { $0 }.mapValues(\.count)
    let alone = keys.count { sizes[$0] == 1 }
    guard 10 * alone <= keys.count else {
      throw Diagnostic(
        "\(alone) of \(keys.count) patients of \(subset.rawValue) are alone in their stratum of "
          + "\(names.quotedList), and would be in every replicate",
        hint: "draw within fewer or larger strata")
    }
    let order = sizes.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
    return keys.map { numbers[$0] ?? 0 }
  }
}

extension Cohort {
  /// The cell of an attribute of each of `images`, "" where missing.
  ///
  /// - Throws: for an unknown attribute and for pictures that the cohort lacks, with their number.
  func attribute(_ name: String, of images: [String]) throws -> [String] {
    let cells = try attribute(name)
    let rowOf = Dictionary(zip(self.images, self.images.indices)) { first, _ in first }
    let unmatched = images.filter { rowOf[$0] == nil }
    guard unmatched.isEmpty else {
      throw Diagnostic(
        "\(unmatched.count) of \(images.count) predicted pictures are not in the cohort: "
          + unmatched.quotedFew(5))
    }
    return images.compactMap { rowOf[$0].map { cells[$0] } }
  }
}

/// What is judged as one case: a picture, a study or a patient, and how its scores become one.
struct EvaluationUnit {
  /// `image`, `study` or `patient`.
  let name: String
  /// The largest or the mean score of its pictures.
  let rule: Units.Rule
}
