import Basics

/// The parts of a cohort that a model is trained, chosen and tested on.
public enum Subset: String, Codable, Sendable, CaseIterable {
  /// Trained on.
  case train
  /// Epochs, thresholds and arms are chosen on.
  case valid
  /// Reported on.
  case test
}

/// Which subset each picture of a cohort belongs to; a patient's pictures are always together.
public struct Split: Sendable, Equatable {
  /// The keys of the pictures, in the order of the cohort.
  public let images: [String]
  /// The patient of each picture.
  public let patients: [String]
  /// The study of each picture; "" where the data set has none.
  public let studies: [String]
  /// The subset of each picture; `nil` where it is in none.
  public let subsets: [Subset?]

  /// Gives every picture of `cohort` the subset of its patient.
  init(_ cohort: Cohort, subsetOf: [String: Subset]) {
    images = cohort.images
    patients = cohort.patients
    studies = cohort.studies
    subsets = cohort.patients.map { subsetOf[$0] }
  }

  /// Puts every picture of `cohort` into `subset`.
  public init(_ cohort: Cohort, all subset: Subset) {
    images = cohort.images
    patients = cohort.patients
    studies = cohort.studies
    subsets = cohort.images.map { _ in subset }
  }

  /// The rows of the cohort that are in `subset`.
  public func rows(_ subset: Subset) -> [Int] {
    subsets.indices.filter { subsets[$0] == subset }
  }

  /// How many pictures are in no subset.
  public var leftOut: Int { subsets.count { $0 == nil } }

  /// Splits the patients of `cohort` by chance, the same way in whatever order it lists them.
  ///
  /// Patients of one stratum are shuffled and shared out; the strata are the combinations of
  /// `findings` that a patient shows on any picture (raw labels, uncertain is not positive). A
  /// stratum of fewer than ten patients is pooled with the other small ones that agree in all
  /// findings but the last, then but the last two, and so on. Each subset differs from its fraction
  /// by less than one patient in all, and by at most one in a stratum.
  ///
  /// - Throws: for fractions that do not add up, unknown findings and cells that are no label, and
  ///   when a subset with a fraction above 0 stays empty.
  public init(
    _ cohort: Cohort, fractions: SplitFractions, seed: Int, stratify findings: [String] = []
  ) throws(Diagnostics) {
    if !fractions.problems.isEmpty { throw Diagnostics(fractions.problems) }
    var signs: [String: [Bool]] = [:]
    for patient in cohort.patients {
      signs[patient] = Array(repeating: false, count: findings.count)
    }
    for (index, finding) in findings.enumerated() {
      for (row, label) in try cohort.labels(of: finding).enumerated() where label == .positive {
        signs[cohort.patients[row]]?[index] = true
      }
    }
    var stream = RandomStream("split", seed: seed)
    var allotment = Allotment(fractions)
    var subsetOf: [String: Subset] = [:]
    for var stratum in Self.strata(signs, findings: findings.count) {
      stream.shuffle(&stratum)
      for (patient, subset) in zip(stratum, allotment.subsets(stratum.count)) {
        subsetOf[patient] = subset
      }
    }
    self.init(cohort, subsetOf: subsetOf)
    let empty = Subset.allCases.filter { fractions[$0] > 0 && rows($0).isEmpty }
    if !empty.isEmpty {
      throw Diagnostics(
        empty.map {
          Diagnostic(
            "\(counted(signs.count, "patient")) \(signs.count == 1 ? "is" : "are") too few: "
              + "none is left for `\($0)`")
        })
    }
  }

  /// The patients of each stratum in ascending order.
  private static func strata(_ signs: [String: [Bool]], findings: Int) -> [[String]] {
    var strata: [[String]] = []
    var open = signs.sorted { $0.key < $1.key }.map { (patient: $0.key, signs: $0.value) }
    for length in stride(from: findings, through: 0, by: -1) {
      var groups: [String: [Int]] = [:]
      for (index, item) in open.enumerated() {
        let key = String(item.signs.prefix(length).map { $0 ? "1" : "0" })
        groups[key, default: []].append(index)
      }
      var small: [Int] = []
      for (_, members) in groups.sorted(by: { $0.key < $1.key }) {
        if members.count >= 10 || length == 0 {
          strata.append(members.map { open[$0].patient })
        } else {
          small += members
        }
      }
      open = small.sorted().map { open[$0] }
    }
    return strata
  }
}
