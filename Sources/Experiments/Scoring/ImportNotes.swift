/// `notes.json`: what a reader of the numbers must know of tables that another program wrote, as counts.
package struct ImportNotes: Codable, Sendable {
  /// The rows of the table.
  package var rows: Int
  /// Labels by finding that are empty, and uncertain ones.
  package var blank: [String: Int] = [:]
  package var uncertain: [String: Int] = [:]
  /// Ages above 120 years, which are taken as missing.
  package var implausibleAges = 0
  /// Labelled rows without a score.
  package var unscored = 0
  /// Scored rows of train, which are not judged.
  package var training = 0
  /// Keys that two tables of scores have.
  package var inBoth = 0
  /// Patients who are both in validation and in test.
  package var sharedPatients = 0
  /// Scores by finding that are not from 0 to 1.
  package var outside: [String: Int] = [:]

  enum CodingKeys: String, CodingKey {
    case rows, blank, uncertain, unscored, training, outside
    case implausibleAges = "implausible_ages"
    case inBoth = "in_both"
    case sharedPatients = "shared_patients"
  }

  /// Notes on a table of so many rows.
  package init(rows: Int) { self.rows = rows }
}
