import Pipeline

/// `split:` who is in train, valid and test, and what is left out of them. Keys that have no effect
/// are absent.
package struct SplitSection: Codable, Hashable, Sendable {
  /// `patient` (by chance), `official` (as the owners of the data have it) or, where the spec names a
  /// file, `file`.
  package var by: String
  /// The share of the patients in each subset; they add up to 1.
  package var fractions: Fractions?
  /// How many folds, and which one is test.
  package var folds: Int?
  package var fold: Int?
  /// An attribute and its value: the pictures that have it are test.
  package var holdOut: [String: String]?
  /// The share of the patients of an official train that becomes valid, where there is none.
  package var valid: Double?
  /// Seeds the streams of the split.
  package var seed: Int?
  /// The findings and attributes whose shares are kept equal over the subsets.
  package var stratify: [String]?
  /// The most pictures of a patient.
  package var maxPerPatient: Int?
  /// The groups that are made equally large in each subset.
  package var balance: Groups?
  /// The groups that are made alike in test.
  package var match: Groups?
  /// The inner edges of age groups in years, where age is one of the attributes above.
  package var ageEdges: [Int]?

  /// The shares of the subsets.
  package struct Fractions: Codable, Hashable, Sendable {
    package var train: Double
    package var valid: Double
    package var test: Double
  }

  /// Groups of pictures.
  package struct Groups: Codable, Hashable, Sendable {
    /// An attribute or a crossing.
    package var by: String
    /// What is alike in the groups afterwards: findings and attributes; absent for the size alone.
    package var on: [String]?
    /// The groups that are kept; all where absent.
    package var groups: [String]?
  }

  /// The value of `by` behind which a table stands.
  package static let file = "file"
  /// The attribute that holds the subsets of the owners.
  package static let officialAttribute = "official_subset"

  /// The attributes and findings that the section names, by key.
  package var names: [(key: String, names: [String])] {
    [
      ("stratify", stratify ?? []),
      ("balance", balance.map { FairnessSection.parts(of: $0.by) } ?? []),
      ("match", match.map { FairnessSection.parts(of: $0.by) + ($0.on ?? []) } ?? []),
    ]
  }

  enum CodingKeys: String, CodingKey {
    case by, fractions, folds, fold, valid, seed, stratify, balance, match
    case holdOut = "hold_out"
    case maxPerPatient = "max_per_patient"
    case ageEdges = "age_edges"
  }
}
