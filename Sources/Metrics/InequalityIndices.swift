import Foundation

/// How unequally predictions treat single cases, by the benefit b = ŷ − y + 1 of each: 1 where it is
/// right, 2 for a false positive and 0 for a false negative (Speicher et al. 2018, as AIF360 has it).
///
/// They are about cases and not about groups, and count a false positive as a benefit, which suits
/// loans better than diagnoses. 0 where all benefits are equal.
extension Confusion {
  /// The mean benefit μ; undefined without cases, and where every case is a false negative.
  private var meanBenefit: Measure {
    guard total > 0 else { return .undefined("0 cases") }
    let sum = truePositives + trueNegatives + 2 * falsePositives
    return sum > 0 ? .value(sum / total) : .undefined("every case is a false negative")
  }

  /// The generalized entropy index of α = 2: Σ ((b / μ)² − 1) / 2n, half the squared coefficient of
  /// variation.
  public var generalizedEntropy: Measure {
    meanBenefit.map { mean in
      let squares = truePositives + trueNegatives + 4 * falsePositives
      return (squares / (mean * mean) / total - 1) / 2
    }
  }

  /// The Theil index, the generalized entropy of α = 1: Σ (b / μ) ln(b / μ) / n, with 0 ln 0 = 0.
  public var theilIndex: Measure {
    meanBenefit.map { mean in
      let right = (truePositives + trueNegatives) * (1 / mean) * log(1 / mean)
      return (right + falsePositives * (2 / mean) * log(2 / mean)) / total
    }
  }
}
