import Pipeline

/// `eval:` the truth, the unit and the threshold. Never depends on how a training saw its labels.
package struct EvalSection: Codable, Hashable, Sendable {
  /// The unit of the main figures: `image`, `study` or `patient`. All are always computed and shown
  /// side by side.
  package var per: String
  /// The score of a study or patient over its pictures: `max` or `mean`.
  package var aggregate: String
  /// What an uncertain label is in valid and test: `exclude`, `u-zeros`, `u-ones` or
  /// `adjudicated`.
  package var uncertain: String
  /// What a blank label is in valid and test: `negative` or `exclude`.
  package var blank: String
  /// How the threshold is found.
  package var threshold: ThresholdSection
  /// Replicates of the patient bootstrap; 0 for none.
  package var bootstrap: Int
  /// Seeds the stream `bootstrap`; the same draws serve every experiment.
  package var seed: Int

  /// The value of `uncertain` that a second table of labels stands behind.
  package static let adjudicated = "adjudicated"
}

/// `eval.threshold:`
package struct ThresholdSection: Codable, Hashable, Sendable {
  /// A rule of `ThresholdRule`.
  package var rule: String
  /// The subset on which it is fitted: `valid`; `test` only by name, and then every table says so.
  package var on: String
}

/// `fairness:` the groups.
package struct FairnessSection: Codable, Hashable, Sendable {
  /// Attributes (`sex`) and crossings (`sex x age`).
  package var by: [String]
  /// The inner edges of the age groups in years: `[40, 60]` makes `0–40`, `40–60`, `60+`.
  package var ageEdges: [Int]
  /// Patients below which a group is shown with a dash.
  package var minGroup: Int

  /// The attribute whose groups are bins.
  package static let age = "age"

  enum CodingKeys: String, CodingKey {
    case by
    case ageEdges = "age_edges"
    case minGroup = "min_group"
  }
}
