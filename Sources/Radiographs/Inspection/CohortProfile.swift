import Basics

/// How the pictures, patients, labels and attributes of a cohort are distributed.
public struct CohortProfile: Sendable {
  /// A value and how many pictures and patients have it.
  public struct Share: Sendable, Equatable {
    /// The value; "" where it is missing.
    public var value: String
    /// How many pictures have it.
    public var pictures: Int
    /// How many patients have a picture that has it.
    public var patients: Int
  }

  /// How many pictures there are.
  public var pictures: Int
  /// How many patients.
  public var patients: Int
  /// How many studies; 0 where the data set has none.
  public var studies: Int
  /// How many patients have so many pictures: 1, 2, 3, 4 to 10, 11 to 30, more.
  public var picturesPerPatient: [(range: String, patients: Int)]
  /// The most pictures of a patient.
  public var mostPictures: Int
  /// Ages in decades; "" counts those without.
  public var ages: [Share]
  /// Each attribute with few values: its values by frequency, "" counts those without.
  public var attributes: [(name: String, values: [Share])]
  /// Attributes with more than ``mostValues`` values: how many, and how many pictures have none.
  public var manyValued: [(name: String, values: Int, missing: Int)]
  /// Each finding with its pictures by raw label, and the patients that ever have it.
  public var findings: [(name: String, counts: [RawLabel: Int], patients: Int)]
  /// What is no label, each finding's first places.
  public var wrong: [Diagnostic]

  static let mostValues = 24

  /// Profiles `cohort`.
  public init(_ cohort: Cohort) {
    pictures = cohort.count
    var counts: [String: Int] = [:]
    for patient in cohort.patients { counts[patient, default: 0] += 1 }
    patients = counts.count
    studies =
      cohort.studies.allSatisfy(\.isEmpty)
      ? 0 : Set(zip(cohort.patients, cohort.studies).map { "\($0)/\($1)" }).count
    mostPictures = counts.values.max() ?? 0
    let ranges = [1...1, 2...2, 3...3, 4...10, 11...30, 31...Int.max]
    picturesPerPatient = ranges.map { range in
      let name =
        range.count == 1
        ? "\(range.lowerBound)"
        : range.upperBound == .max ? "31 or more" : "\(range.lowerBound)–\(range.upperBound)"
      return (name, counts.values.count(where: range.contains))
    }
    func shares(_ cells: [String]) -> [Share] {
      var members: [String: (pictures: Int, patients: Set<String>)] = [:]
      for (row, cell) in cells.enumerated() {
        members[cell, default: (0, [])].pictures += 1
        members[cell, default: (0, [])].patients.insert(cohort.patients[row])
      }
      return members.map { Share(value: $0, pictures: $1.pictures, patients: $1.patients.count) }
    }
    let years = cohort.columns.first { $0.name == "age" && $0.role == .attribute }?.cells
    ages = shares(
      (years ?? []).map { cell in
        Double(cell).map { String(Int($0) / 10 * 10) } ?? ""
      }
    ).sorted { (Int($0.value) ?? -1) < (Int($1.value) ?? -1) }
    (attributes, manyValued, findings, wrong) = ([], [], [], [])
    for column in cohort.columns where column.role == .attribute && column.name != "age" {
      let values = Set(column.cells)
      if values.count > Self.mostValues {
        let missing = column.cells.count(where: \.isEmpty)
        manyValued.append((column.name, values.subtracting([""]).count, missing))
      } else {
        let order = shares(column.cells).sorted {
          ($1.pictures, $0.value) < ($0.pictures, $1.value)
        }
        attributes.append((column.name, order))
      }
    }
    for column in cohort.columns where column.role.isFinding {
      var labels: [RawLabel: Int] = [:]
      var ill: Set<String> = []
      var strange: Diagnostic?
      for (row, cell) in column.cells.enumerated() {
        guard let label = RawLabel(cell) else {
          strange =
            strange
            ?? Diagnostic("`\(cell)` is no label of `\(column.name)`", at: cohort.place(row))
          continue
        }
        labels[label, default: 0] += 1
        if label == .positive { ill.insert(cohort.patients[row]) }
      }
      if let strange {
        // A column of a plain table may be a note as well.
        if column.role != .either { wrong.append(strange) }
      } else {
        findings.append((column.name, labels, ill.count))
      }
    }
  }
}
