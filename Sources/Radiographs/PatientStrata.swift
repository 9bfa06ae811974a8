import Basics

/// What a split keeps in equal shares over the subsets.
public enum SplitTrait: Sendable, Equatable {
  /// Whether a patient shows the finding on any picture (raw labels, uncertain is not positive).
  case finding(String)
  /// The group that a patient is in on the first picture, one value for each picture of the cohort;
  /// missing is a group, too.
  case groups([String?])
}

/// Patients by what they have in common.
struct PatientStrata {
  /// The patients of each stratum in ascending order.
  let strata: [[String]]

  /// How many patients there are.
  var count: Int { strata.reduce(0) { $0 + $1.count } }

  /// The strata of the patients who have a picture at `rows` of `cohort`.
  ///
  /// The strata are the combinations of `traits`. A stratum of fewer than ten patients is pooled with
  /// the other small ones that agree in all traits but the last, then but the last two, and so on.
  ///
  /// - Throws: for unknown findings and cells that are no label.
  init(
    _ cohort: Cohort, rows: [Int]? = nil, _ traits: [SplitTrait]
  ) throws(Diagnostics) {
    let rows = rows ?? Array(cohort.images.indices)
    var signs: [String: [String]] = [:]
    for row in rows { signs[cohort.patients[row]] = [] }
    for trait in traits {
      var values: [String: String] = [:]
      switch trait {
      case .finding(let name):
        let labels = try cohort.labels(of: name)
        for row in rows where labels[row] == .positive { values[cohort.patients[row]] = "1" }
      case .groups(let groups):
        for row in rows where values[cohort.patients[row]] == nil {
          values[cohort.patients[row]] = groups[row] ?? ""
        }
      }
      for patient in signs.keys { signs[patient]?.append(values[patient] ?? "0") }
    }
    strata = Self.strata(signs, traits: traits.count)
  }

  /// Shuffles each stratum and shares it out: the part, from 0, that each patient gets of
  /// `fractions`, which add up to 1.
  func dealt(_ fractions: [Double], seed: Int) -> [String: Int] {
    var stream = RandomStream("split", seed: seed)
    var allotment = Allotment(fractions)
    var parts: [String: Int] = [:]
    for var stratum in strata {
      stream.shuffle(&stratum)
      for (patient, part) in zip(stratum, allotment.parts(stratum.count)) { parts[patient] = part }
    }
    return parts
  }

  private static func strata(_ signs: [String: [String]], traits: Int) -> [[String]] {
    var strata: [[String]] = []
    var open = signs.sorted { $0.key < $1.key }.map { (patient: $0.key, signs: $0.value) }
    for length in stride(from: traits, through: 0, by: -1) {
      var groups: [String: [Int]] = [:]
      for (index, item) in open.enumerated() {
        groups[item.signs.prefix(length).joined(separator: "\n"), default: []].append(index)
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
