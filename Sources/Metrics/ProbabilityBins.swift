import Basics

/// Bins of probabilities, for calibration errors and reliability curves.
///
/// The number depends on the bins, so they belong in its name: `ece_15`, `ece_15_equal_mass`.
public enum ProbabilityBins: Hashable, Sendable {
  /// Bins of equal width: bin `b` of `B` holds b/B ≤ s < (b + 1)/B, the last one s = 1 too (Guo et al.
  /// 2017).
  case equalWidth(Int)
  /// Bins of equally many cases, as nearly as ties allow: the inner edges are the quantiles k/B of the
  /// probabilities, and a bin holds its upper edge (scikit-learn's `strategy="quantile"`). The edges
  /// are those of the cases as they are, without weights: replicates keep them.
  case equalMass(Int)

  /// The bins of the metrics of a finding.
  static let widths = ProbabilityBins.equalWidth(15)
  static let masses = ProbabilityBins.equalMass(15)
  private static let limit = 10_000

  /// The name of the calibration error over these bins.
  public var name: String {
    switch self {
    case .equalWidth(let count): "ece_\(count)"
    case .equalMass(let count): "ece_\(count)_equal_mass"
    }
  }

  /// How many bins there are.
  public var count: Int {
    switch self {
    case .equalWidth(let count), .equalMass(let count): count
    }
  }

  /// The bin of each of `probabilities`, which are in [0, 1].
  ///
  /// - Throws: for fewer than 1 bin, and for more than 10,000.
  func indices(of probabilities: [Double]) throws(Diagnostic) -> [Int] {
    guard (1...Self.limit).contains(count) else {
      throw Diagnostic("a calibration error needs 1 to \(Self.limit) bins, not \(count)")
    }
    return checkedIndices(of: probabilities)
  }

  /// The bins, where their number is known to be good.
  func checkedIndices(of probabilities: [Double]) -> [Int] {
    switch self {
    case .equalWidth(let count):
      return probabilities.map { min(Int($0 * Double(count)), count - 1) }
    case .equalMass(let count):
      let sorted = probabilities.sorted()
      let edges = (1..<max(count, 1)).compactMap {
        quantile(sorted: sorted, at: Double($0) / Double(count))
      }
      // The first edge that is not below the probability, by bisection.
      return probabilities.map { probability in
        var (low, high) = (0, edges.count)
        while low < high {
          let middle = (low + high) / 2
          if edges[middle] < probability { low = middle + 1 } else { high = middle }
        }
        return low
      }
    }
  }
}

/// Refuses what is no probability, with its number.
func checkProbabilities(_ probabilities: [Double]) throws(Diagnostic) {
  let outside = probabilities.count { !(0...1).contains($0) }
  guard outside == 0 else {
    throw Diagnostic("\(outside) of \(probabilities.count) probabilities are not in 0…1")
  }
}
