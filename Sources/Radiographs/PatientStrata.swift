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
  /// The patients of each combination of traits that ten and more have, in ascending order.
  private var strata: [[String]] = []
  /// The patients of all other combinations, in ascending order.
  private var others: [String] = []
  /// The values of each patient, by trait: numbers that no two traits share.
  private var values: [String: [Int]]
  /// How many values there are.
  private let valueCount: Int

  /// How many patients there are.
  var count: Int { values.count }

  /// The strata of the patients who have a picture at `rows` of `cohort`.
  ///
  /// - Throws: for unknown findings and cells that are no label.
  init(
    _ cohort: Cohort, rows: [Int]? = nil, _ traits: [SplitTrait]
  ) throws(Diagnostics) {
    let rows = rows ?? Array(cohort.images.indices)
    values = [:]
    for row in rows { values[cohort.patients[row]] = [] }
    let patients = values.keys.sorted()
    var valueCount = 0
    for trait in traits {
      var signs: [String: String] = [:]
      switch trait {
      case .finding(let name):
        let labels = try cohort.labels(of: name)
        for row in rows where labels[row] == .positive { signs[cohort.patients[row]] = "1" }
      case .groups(let groups):
        for row in rows where signs[cohort.patients[row]] == nil {
          signs[cohort.patients[row]] = groups[row] ?? ""
        }
      }
      let known = Set(patients.map { signs[$0] ?? "0" }).sorted()
      let numbers = Dictionary(uniqueKeysWithValues: zip(known, valueCount...))
      for patient in patients {
        values[patient]?.append(numbers[signs[patient] ?? "0"] ?? valueCount)
      }
      valueCount += known.count
    }
    self.valueCount = valueCount
    let byValues = Dictionary(grouping: patients) { values[$0] ?? [] }
    for (_, members) in byValues.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      if members.count >= 10 || traits.isEmpty { strata.append(members) } else { others += members }
    }
    others.sort()
  }

  /// Shares out the patients: the part, from 0, that each gets of `fractions`, which add up to 1.
  ///
  /// Each combination that ten and more have is shuffled and dealt out by itself (``Allotment``). The
  /// patients of the others follow one by one, those with the rarest value first, each to the part
  /// that lacks this value most: iterative stratification (Sechidis et al., On the stratification of
  /// multi-label data, ECML PKDD 2011), here with room for as many patients in each part as the
  /// fractions say, and with what the parts have already counted in.
  func dealt(_ fractions: [Double], seed: Int) -> [String: Int] {
    var stream = RandomStream("split", seed: seed)
    var allotment = Allotment(fractions)
    var parts: [String: Int] = [:]
    // How many patients with each value each part should still get.
    var lack = Array(repeating: fractions.map { _ in 0.0 }, count: valueCount)
    for value in values.values.joined() {
      for part in fractions.indices { lack[value][part] += 1 }
    }
    for value in lack.indices {
      for part in fractions.indices { lack[value][part] *= fractions[part] }
    }
    func give(_ patient: String, _ part: Int) {
      parts[patient] = part
      for value in values[patient] ?? [] { lack[value][part] -= 1 }
    }
    for var stratum in strata {
      stream.shuffle(&stratum)
      for (patient, part) in zip(stratum, allotment.parts(stratum.count)) { give(patient, part) }
    }
    var room = fractions.map { _ in 0 }
    for part in allotment.parts(others.count) { room[part] += 1 }
    var others = others
    stream.shuffle(&others)
    var members = Array(repeating: [String](), count: valueCount)
    for patient in others { for value in values[patient] ?? [] { members[value].append(patient) } }
    var left = members.map(\.count)
    while let rarest = left.indices.filter({ left[$0] > 0 }).min(by: {
      (left[$0], $0) < (left[$1], $1)
    }) {
      for patient in members[rarest] where parts[patient] == nil {
        // Where two parts lack it alike, the one with more room; then the first, which is train.
        let open = room.indices.filter { room[$0] > 0 }.sorted { a, b in
          let difference = lack[rarest][a] - lack[rarest][b]
          if abs(difference) > 1e-9 { return difference > 0 }
          return (-room[a], a) < (-room[b], b)
        }
        let part = open.first ?? 0
        room[part] -= 1
        give(patient, part)
        for value in values[patient] ?? [] { left[value] -= 1 }
      }
    }
    return parts
  }
}
