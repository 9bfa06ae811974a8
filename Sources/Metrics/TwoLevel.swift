import Basics

/// The mean of an arm over its seeds, with an interval for both chances: which patients, and which
/// training.
///
/// Two-level resampling (Davison and Hinkley 1997, §3.8): each replicate draws as many seeds as there
/// are, with replacement, and takes the mean of what they have in this replicate, which is of the same
/// drawn patients for all seeds. Replicate `r` draws from the stream `seeds r` of the seed.
///
/// Three seeds say little: resampling n of them shows only (n − 1)/n of their variance, and the interval
/// is too narrow by that; it is `nil` for one. Undefined seeds take no part.
public func twoLevel(_ seeds: [Estimate], seed: Int, level: Double = 0.95) -> Estimate {
  let defined = seeds.filter { $0.point.value != nil }
  let point = Measure.mean(seeds.map(\.point))
  let count = defined.map(\.replicates.count).min() ?? 0
  guard defined.count > 1, defined.allSatisfy({ $0.replicates.count == count }) else {
    return Estimate(point: point)
  }
  let replicates = (0..<count).map { replicate in
    var stream = RandomStream("seeds \(replicate)", seed: seed)
    let sum = defined.indices.reduce(0.0) { sum, _ in
      sum + defined[stream.below(defined.count)].replicates[replicate]
    }
    return sum / Double(defined.count)
  }
  return Estimate(point: point, replicates: replicates, level: level)
}
