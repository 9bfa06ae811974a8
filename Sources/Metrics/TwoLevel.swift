import Basics

/// Means of an arm over its seeds, with intervals for both chances: which patients, and which training.
///
/// Two-level resampling (Davison and Hinkley 1997, §3.8): each replicate draws as many seeds as there
/// are, with replacement, and takes the mean of what they have in this replicate, which is of the same
/// drawn patients for all seeds. Replicate `r` draws from the stream `seeds r` of the seed, for every
/// metric and arm alike, so that arms stay pairs: their nth seeds are drawn together.
///
/// Few seeds say little: resampling n of them shows only (n − 1)/n of their variance, and the interval
/// is too narrow by that.
public struct TwoLevel: Sendable {
  /// By the number of seeds, for each replicate how often each seed is drawn.
  private let counts: [Int: [[Double]]]

  /// The draws of up to `seeds` seeds.
  public init(seeds: Int, replicates: Int, seed: Int) {
    var counts: [Int: [[Double]]] = [:]
    for number in stride(from: 2, through: seeds, by: 1) {
      counts[number] = (0..<replicates).map { replicate in
        var stream = RandomStream("seeds \(replicate)", seed: seed)
        var drawn = [Double](repeating: 0, count: number)
        for _ in 0..<number { drawn[stream.below(number)] += 1 }
        return drawn
      }
    }
    self.counts = counts
  }

  /// The mean over `seeds`. Undefined ones take no part; of a single one the interval is over patients
  /// only. A replicate in which a drawn seed is undefined is undefined.
  public func mean(_ seeds: [Estimate], level: Double = 0.95) -> Estimate {
    let mean = Estimate.mean(seeds, level: level)
    let defined = seeds.filter { $0.point.value != nil }
    guard let counts = counts[defined.count], counts.count == mean.replicates.count else {
      return mean
    }
    let replicates = counts.indices.map { replicate in
      var sum = 0.0
      for (seed, times) in zip(defined, counts[replicate]) where times > 0 {
        sum += times * seed.replicates[replicate]
      }
      return sum / Double(defined.count)
    }
    let both = Estimate(point: mean.point, replicates: replicates, level: level)
    // Skewness is that of patients; of a few seeds it cannot be told.
    return mean.jackknife.isEmpty ? both : both.accelerated(jackknife: mean.jackknife, level: level)
  }
}
