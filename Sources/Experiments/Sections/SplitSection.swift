import Basics
import Pipeline

/// `split:` who is in train, valid and test.
public struct SplitSection: Codable, Hashable, Sendable {
  /// What is kept together: `patient`.
  public var by: String
  /// The share of the patients in each subset; they add up to 1.
  public var fractions: Fractions
  /// Seeds the stream `split`.
  public var seed: Int
  /// The findings whose share is kept equal over the subsets.
  public var stratify: [String]

  /// The shares of the subsets.
  public struct Fractions: Codable, Hashable, Sendable {
    public var train: Double
    public var valid: Double
    public var test: Double
  }
}
