import Basics

/// What may be one patient under two names, or one study under two patients.
public struct DoubtfulNames: Sendable, Equatable {
  /// The names of patients, two and more, that differ only in blanks, capitals and leading zeros.
  public var patients: [[String]] = []
  /// Studies that several patients have, with these, in a data set where a study names one patient.
  public var studies: [Study] = []

  /// A study of several patients.
  public struct Study: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// The patients.
    public var patients: [String]
  }

  /// Looks at the names of `cohort`.
  ///
  /// - Parameter subsets: of each picture; only what lies in two subsets is told then.
  public init(_ cohort: Cohort, subsets: [[Subset]]? = nil) {
    let rows = cohort.images.indices
    func isTorn(_ rows: [Int]) -> Bool {
      guard let subsets else { return true }
      return Set(rows.flatMap { subsets[$0] }).count > 1
    }
    var spellings: [String: String] = [:]
    for patient in cohort.patients where spellings[patient] == nil {
      spellings[patient] = Self.folded(patient)
    }
    let alike = Dictionary(grouping: rows) { spellings[cohort.patients[$0]] ?? "" }
    for rows in alike.values {
      let names = Set(rows.map { cohort.patients[$0] })
      if names.count > 1, isTorn(rows) { patients.append(names.sorted()) }
    }
    patients.sort { $0[0] < $1[0] }
    let sources = cohort.sources
    let bySource = Dictionary(grouping: rows.filter { !cohort.studies[$0].isEmpty }) {
      sources?[$0] ?? ""
    }
    for rows in bySource.values {
      let named = Dictionary(grouping: rows) { cohort.studies[$0] }
      let shared = named.filter { Set($1.map { cohort.patients[$0] }).count > 1 }
      // Where many patients share names (`study1`), a name says nothing.
      guard 10 * shared.count <= named.count else { continue }
      for (name, rows) in shared where isTorn(rows) {
        studies.append(
          Study(name: name, patients: Set(rows.map { cohort.patients[$0] }).sorted()))
      }
    }
    studies.sort { ($0.name, $0.patients[0]) < ($1.name, $1.patients[0]) }
  }

  /// What a person should look at, a sentence for each kind.
  public var sentences: [String] {
    func few(_ examples: [String]) -> String {
      examples.prefix(5).joined(separator: "; ") + (examples.count > 5 ? "; …" : "")
    }
    var all: [String] = []
    if !patients.isEmpty {
      let examples = patients.map { names in names.map { "`\($0)`" }.joined(separator: " = ") }
      all.append(
        "\(counted(patients.count, "patient")) may go by several names, which differ only in blanks, "
          + "capitals or leading zeros: \(few(examples))")
    }
    if !studies.isEmpty {
      let examples = studies.map { "`\($0.name)` of \($0.patients.quotedFew())" }
      all.append(
        "\(studies.count) \(studies.count == 1 ? "study is" : "studies are") of several patients: "
          + few(examples))
    }
    return all
  }

  /// `name` without blanks, capitals and the leading zeros of its numbers.
  static func folded(_ name: String) -> String {
    var folded = ""
    var (isInNumber, hasZeros) = (false, false)
    for character in name.lowercased() where !character.isWhitespace {
      let isDigit = character.isASCII && character.isNumber
      if isDigit, !isInNumber {
        hasZeros = character == "0"
        if hasZeros { continue }
      } else if !isDigit, hasZeros {
        folded += "0"
        hasZeros = false
      }
      isInNumber = isDigit
      folded.append(character)
    }
    return hasZeros ? folded + "0" : folded
  }
}
