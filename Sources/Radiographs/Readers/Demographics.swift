import Basics

/// Race and ethnicity by patient: `CHEXPERT DEMO.xlsx`, as it is or exported as CSV
/// (`PATIENT,GENDER,AGE_AT_CXR,PRIMARY_RACE,ETHNICITY`).
enum Demographics {
  /// The attributes it gives.
  static let attributes = ["race", "ethnicity"]
  /// The columns it needs.
  static let columns = ["PATIENT", "PRIMARY_RACE", "ETHNICITY"]

  /// Adds the attributes that `csv` gives to the rows of `draft`.
  static func add(
    _ csv: CSV, to draft: inout CohortDraft, _ policy: ContradictionPolicy
  ) {
    var races: [String: [String]] = [:]
    var ethnicities: [String: [String]] = [:]
    let cells = columns.map(csv.cells)
    for (row, patient) in cells[0].enumerated() {
      races[patient, default: []].append(cells[1][row])
      ethnicities[patient, default: []].append(cells[2][row])
    }
    draft.noteAbsent { races[$0] != nil }
    draft.addPatientGroups("race", races, GroupTables.chexpertRace, policy)
    draft.addPatientGroups("ethnicity", ethnicities, GroupTables.chexpertEthnicity, policy)
  }
}
