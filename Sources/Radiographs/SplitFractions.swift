import Basics

/// The share of patients in each subset.
public struct SplitFractions: Codable, Sendable, Equatable {
  /// The share in train; above 0.
  public var train: Double
  /// The share in valid.
  public var valid: Double
  /// The share in test.
  public var test: Double

  /// Shares of patients.
  public init(train: Double, valid: Double, test: Double) {
    self.train = train
    self.valid = valid
    self.test = test
  }

  subscript(subset: Subset) -> Double {
    switch subset {
    case .train: train
    case .valid: valid
    case .test: test
    }
  }

  /// What is wrong with the fractions; empty when nothing is.
  public var problems: [Diagnostic] {
    var wrong: [Diagnostic] = []
    for subset in Subset.allCases where !(self[subset] >= 0 && self[subset] <= 1) {
      wrong.append(Diagnostic("the fraction of `\(subset)` is \(self[subset]), not within 0 and 1"))
    }
    if train == 0 { wrong.append(Diagnostic("the fraction of `train` is 0, so nothing is learnt")) }
    let sum = train + valid + test
    if wrong.isEmpty, abs(sum - 1) > 1e-9 {
      wrong.append(Diagnostic("the fractions add up to \((sum * 1e9).rounded() / 1e9), not to 1"))
    }
    return wrong
  }
}
