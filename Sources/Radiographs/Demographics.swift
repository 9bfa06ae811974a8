import Basics

/// Race and ethnicity by patient: `CHEXPERT DEMO.xlsx`, exported as CSV
/// (`PATIENT,GENDER,AGE_AT_CXR,PRIMARY_RACE,ETHNICITY`).
struct Demographics {
  /// The attributes it gives.
  static let attributes = ["race", "ethnicity"]

  private static let columns = (patient: "PATIENT", race: "PRIMARY_RACE", ethnicity: "ETHNICITY")

  /// What is missing in the header of the table.
  static func problems(_ csv: CSV) -> [Diagnostic] {
    var wrong: [Diagnostic] = []
    for name in [columns.patient, columns.race, columns.ethnicity] {
      do { _ = try csv.requiredColumn(name) } catch { wrong.append(error) }
    }
    return wrong
  }

  private var patients: [String: (race: String, ethnicity: String)] = [:]
  private var contradicted: Set<String> = []

  /// Reads the table at `path`.
  init(path: String) throws(Diagnostics) {
    let csv = try several { () throws(Diagnostic) in try CSV(path: path) }
    guard let patient = csv.column(Self.columns.patient), let race = csv.column(Self.columns.race),
      let ethnicity = csv.column(Self.columns.ethnicity)
    else { throw Diagnostics(Self.problems(csv)) }
    for row in 0..<csv.rowCount {
      let cells = (race: csv[row, race], ethnicity: csv[row, ethnicity])
      let before = patients.updateValue(cells, forKey: csv[row, patient])
      if let before, before != cells { contradicted.insert(csv[row, patient]) }
    }
  }

  /// Adds the attributes to the rows of `draft`, and what was met on the way to its notes.
  func add(to draft: inout CohortDraft) {
    var notes = DemographicsNotes()
    var unmapped: [String: Set<String>] = [:]
    var absent: Set<String> = []
    var touched: Set<String> = []
    func mapped(_ cell: String, _ table: [String: String], _ patient: String) -> String {
      if let group = table[cell] { return group }
      unmapped[cell, default: []].insert(patient)
      return ""
    }
    var (races, ethnicities): ([String], [String]) = ([], [])
    for patient in draft.patients {
      var cells: (race: String, ethnicity: String)? = patients[patient]
      if cells == nil { absent.insert(patient) }
      if contradicted.contains(patient) {
        touched.insert(patient)
        cells = nil
      }
      races.append(mapped(cells?.race ?? "", RaceTable.races, patient))
      ethnicities.append(mapped(cells?.ethnicity ?? "", RaceTable.ethnicities, patient))
    }
    notes.patientsNotListed = absent.count
    notes.patientsContradicted = touched.count
    notes.unmapped = unmapped.sorted { $0.key < $1.key }.map {
      DemographicsNotes.Unmapped(text: $0.key, patients: $0.value.count)
    }
    draft.demographics = notes
    draft.columns.append(Cohort.Column("race", .attribute, races))
    draft.columns.append(Cohort.Column("ethnicity", .attribute, ethnicities))
  }
}

/// What a table of demographics left open.
public struct DemographicsNotes: Codable, Sendable, Equatable {
  /// A text that no table maps, so that the attribute is missing.
  public struct Unmapped: Codable, Sendable, Equatable {
    /// The cell.
    public var text: String
    /// How many patients of the cohort have it.
    public var patients: Int
  }

  /// How many patients of the cohort the table does not list.
  public var patientsNotListed = 0
  /// How many it lists twice with different cells; theirs are taken as missing.
  public var patientsContradicted = 0
  /// The texts that no group was known for, in order.
  public var unmapped: [Unmapped] = []

  /// What a person should hear of it.
  public var sentences: [String] {
    var all: [String] = []
    if patientsNotListed > 0 { all.append("\(patientsNotListed) patients have no demographics") }
    if patientsContradicted > 0 {
      all.append("\(patientsContradicted) patients have two demographics and are taken as missing")
    }
    return all
      + unmapped.map { "`\($0.text)` is no known race or ethnicity (\($0.patients) patients)" }
  }
}
