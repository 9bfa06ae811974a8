/// The statistics of which groups are compared with the rest.
///
/// The rates of a ``PrivilegedComparison`` must be. Average precision is not among them: it rises with prevalence, so a difference of it says little.
let comparedStatistics: [Statistic] = [
  .auroc, .accuracy, .balancedAccuracy, .sensitivity, .falsePositiveRate, .predictedPositiveRate,
]

/// Each group minus its rest, with intervals that hold for all groups of a statistic at once.
///
/// - Parameter rests: all other groups together, one per group.
func differences(
  _ groups: [Grouped.Group], _ rests: [Grouped.Group], level: Double
) -> [GroupDifference] {
  comparedStatistics.flatMap { statistic in
    let differences = zip(groups, rests).map { group, rest in
      let (a, b) = (group.estimates[statistic], rest.estimates[statistic])
      return Estimate(
        point: a.point - b.point, replicates: zip(a.replicates, b.replicates).map { $0 - $1 },
        level: level)
    }
    return zip(groups, simultaneous(differences, level: level)).map {
      GroupDifference(statistic: statistic, group: $0.name, estimate: $1)
    }
  }
}

/// Each group minus the median over groups, with intervals as those of ``differences(_:_:level:)``.
///
/// Over the groups for which the statistic is defined; undefined with fewer than two.
func medianDifferences(_ groups: [Grouped.Group], level: Double) -> [GroupDifference] {
  comparedStatistics.flatMap { statistic in
    let family = groups.map { $0.estimates[statistic] }
    let defined = family.filter { $0.point.value != nil }
    let median = Estimate.combined(defined, level: level, or: "not a number") {
      quantile(sorted: $0.sorted(), at: 0.5) ?? .nan
    }
    let differences = family.map { estimate in
      guard estimate.point.value == nil || defined.count > 1 else {
        return Estimate(point: .undefined("1 of \(groups.count) groups, 2 are needed"))
      }
      return Estimate.combined([estimate, median], level: level, or: "not a number") {
        $0[0] - $0[1]
      }
    }
    return zip(groups, simultaneous(differences, level: level)).map {
      GroupDifference(statistic: statistic, group: $0.name, estimate: $1)
    }
  }
}

/// The estimates with max-t intervals: point ± q · sd, where q is the quantile at `level` of the
/// largest |replicate − point| / sd over the estimates (Westfall and Young 1993; Romano and Wolf 2005).
///
/// Withheld where more than 5 % of the replicates are undefined in one of them. Undefined estimates
/// take no part.
public func simultaneous(_ estimates: [Estimate], level: Double = 0.95) -> [Estimate] {
  let family = estimates.indices.filter { estimates[$0].point.value != nil }
  var result = estimates
  for index in family { (result[index].low, result[index].high) = (nil, nil) }
  let total = family.first.map { estimates[$0].replicates.count } ?? 0
  guard total > 1 else { return result }
  let defined = (0..<total).filter { replicate in
    family.allSatisfy { !estimates[$0].replicates[replicate].isNaN }
  }
  let undefined = total - defined.count
  guard Double(undefined) <= Estimate.tolerated * Double(total) else {
    for index in family {
      result[index].withheld = "undefined in \(undefined) of \(total) replicates"
    }
    return result
  }
  let deviations = family.map { index in
    standardDeviation(defined.map { estimates[index].replicates[$0] }) ?? 0
  }
  let largest = defined.map { replicate in
    zip(family, deviations).reduce(0.0) { largest, member in
      let (index, deviation) = member
      // A number that never varies is known exactly and widens no interval.
      guard deviation > 0 else { return largest }
      let distance = estimates[index].replicates[replicate] - estimates[index].point.orNaN
      return max(largest, abs(distance) / deviation)
    }
  }
  guard let factor = quantile(sorted: largest.sorted(), at: level) else { return result }
  for (index, deviation) in zip(family, deviations) {
    result[index].low = estimates[index].point.orNaN - factor * deviation
    result[index].high = estimates[index].point.orNaN + factor * deviation
    result[index].withheld = nil
  }
  return result
}

/// The standard deviation with n − 1; `nil` for fewer than two numbers.
func standardDeviation(_ numbers: [Double]) -> Double? {
  guard numbers.count > 1 else { return nil }
  let mean = numbers.reduce(0, +) / Double(numbers.count)
  let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Double(numbers.count - 1)).squareRoot()
}
