import Basics
import Experiments
import Metrics

/// The error consistency of models, gathered by the arms that they are seeds of.
struct ArmConsistency {
  /// Two arms, or an arm and itself where it has several seeds: the mean κ over pairs of their models.
  struct Pair {
    let first, second: Int
    let kappa: Estimate
  }

  /// Arm by arm.
  let pairs: [Pair]
  /// The mean κ over all pairs of models; over those of two arms; over those of one.
  let all: Estimate
  let between, within: Estimate?

  /// How many models the bootstrap takes: the number of pairs is the square of theirs.
  static let most = 50

  /// Where there are more than `most` models, the number of each mean is over all of them, the width
  /// of its interval that of as many models drawn by the stream `consistency`, and single pairs have
  /// no interval.
  ///
  /// - Parameter arms: the arm of each system, ascending.
  init(
    _ systems: Correctness, arms: [Int], draws: PatientDraws?, seed: Int, threads: Int
  ) throws {
    let isWhole = systems.systems <= Self.most
    var chosen = Array(0..<systems.systems)
    if !isWhole {
      var stream = RandomStream("consistency", seed: seed)
      stream.shuffle(&chosen)
      chosen = chosen.prefix(Self.most).sorted()
    }
    var found: [[Int]: [Estimate]] = [:]
    for pair in try ErrorConsistency(systems.systems(chosen), draws: draws, threads: threads).pairs
    {
      found[[arms[chosen[pair.first]], arms[chosen[pair.second]]], default: []].append(pair.kappa)
    }
    var points: [[Int]: [Estimate]] = [:]
    for a in isWhole ? 0..<0 : 0..<systems.systems {
      for b in a + 1..<systems.systems {
        points[[arms[a], arms[b]], default: []].append(Estimate(point: systems.kappa(a, b)))
      }
    }
    func sorted(_ sides: [[Int]: [Estimate]]) -> [(sides: [Int], kappas: [Estimate])] {
      sides.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }
    let (some, whole) = (sorted(found), sorted(isWhole ? found : points))
    func mean(_ isWanted: ([Int]) -> Bool) -> Estimate? {
      let kappas = whole.filter { isWanted($0.sides) }.flatMap(\.kappas)
      guard !kappas.isEmpty else { return nil }
      let mean = Estimate.mean(kappas)
      guard !isWhole, let point = mean.point.value else { return mean }
      let drawn = Estimate.mean(some.filter { isWanted($0.sides) }.flatMap(\.kappas))
      guard let other = drawn.point.value else { return mean }
      return Estimate(
        point: mean.point, replicates: drawn.replicates.map { $0 - other + point })
    }
    pairs = whole.map {
      Pair(first: $0.sides[0], second: $0.sides[1], kappa: Estimate.mean($0.kappas))
    }
    all =
      mean { _ in true }
      ?? Estimate(point: .undefined("\(counted(systems.systems, "model")), 2 are needed"))
    between = mean { $0[0] != $0[1] }
    within = mean { $0[0] == $0[1] }
  }

  /// Nothing, for `reason`.
  init(undefined reason: String) {
    pairs = []
    all = Estimate(point: .undefined(reason))
    (between, within) = (nil, nil)
  }

  /// The mean over findings, pair by pair.
  init(mean findings: [ArmConsistency]) {
    var found: [[Int]: [Estimate]] = [:]
    for pair in findings.flatMap(\.pairs) {
      found[[pair.first, pair.second], default: []].append(pair.kappa)
    }
    pairs = found.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      Pair(first: $0.key[0], second: $0.key[1], kappa: Estimate.mean($0.value))
    }
    func mean(_ estimates: [Estimate]) -> Estimate? {
      estimates.isEmpty ? nil : Estimate.mean(estimates)
    }
    all = mean(findings.map(\.all)) ?? Estimate(point: .undefined("no finding"))
    between = mean(findings.compactMap(\.between))
    within = mean(findings.compactMap(\.within))
  }

  /// The means as they stand in `consistency.json`.
  func means(_ arms: [String]) -> ConsistencyMeans {
    let others = pairs.compactMap { pair in
      pair.first == pair.second
        ? nil
        : pair.kappa.point.value.map {
          ConsistencyMeans.ArmPair(first: arms[pair.first], second: arms[pair.second], kappa: $0)
        }
    }
    return ConsistencyMeans(
      all: EstimateRecord(all), betweenArms: between.map { EstimateRecord($0) },
      withinArms: within.map { EstimateRecord($0) },
      // The first of equals, at both ends.
      highest: others.reversed().max { $0.kappa < $1.kappa },
      lowest: others.min { $0.kappa < $1.kappa })
  }

  /// The numbers as a symmetric matrix, `nil` where there is none.
  func matrix(_ count: Int) -> [[Double?]] {
    var matrix = Array(repeating: [Double?](repeating: nil, count: count), count: count)
    for pair in pairs {
      matrix[pair.first][pair.second] = pair.kappa.point.value
      matrix[pair.second][pair.first] = pair.kappa.point.value
    }
    return matrix
  }
}
