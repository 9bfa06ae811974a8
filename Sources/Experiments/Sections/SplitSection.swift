import Basics
import Pipeline

/// `split:` who is in train, valid and test.
package struct SplitSection: Codable, Hashable, Sendable {
  /// What is kept together: `patient`.
  package var by: String
  /// The share of the patients in each subset; they add up to 1.
  package var fractions: Fractions
  /// Seeds the stream `split`.
  package var seed: Int
  /// The findings whose share is kept equal over the subsets.
  package var stratify: [String]

  /// The shares of the subsets.
  package struct Fractions: Codable, Hashable, Sendable {
    package var train: Double
    package var valid: Double
    package var test: Double
  }
}
