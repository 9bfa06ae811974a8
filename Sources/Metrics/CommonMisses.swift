import Basics

/// How many of n systems miss each case, and who the cases are that most of them miss.
public struct CommonMisses: Sendable {
  /// Common misses below which the representation of a group has no interval: of three cases of one
  /// group the bootstrap never draws another.
  public static let fewest = 10

  /// How many cases are missed by exactly k systems, for k from 0 to n; undefined without systems.
  public let byCount: [Estimate]
  /// How many systems miss each case; `nil` where it is not evaluated.
  public private(set) var misses: [Int?]
  /// The cases that at least `atLeast` systems miss.
  public private(set) var common: [Int]
  /// The k of the cases in `common`.
  public let atLeast: Int
  /// Each group, in the order of their names.
  public let groups: [Group]

  /// How often a group is among the common misses.
  public struct Group: Sendable {
    /// The value of the attribute; `unknown` where it is missing.
    public let name: String
    /// Its evaluated cases, and those of them in `common`.
    public let cases, missed: Int
    /// The share of its cases that are common misses.
    public let rate: Estimate
    /// Its share among the common misses divided by its share among all cases: above 1 where it is
    /// over-represented. Undefined without common misses, and without interval below ``fewest``.
    public let representation: Estimate
  }

  /// The misses of `systems` over the cases that all of them have.
  ///
  /// - Parameters:
  ///   - systems: whether each case is right, as for ``ErrorConsistency``.
  ///   - groups: the group of each case.
  ///   - atLeast: how many systems must miss a case for `common`; without, all of them.
  /// - Throws: as ``ErrorConsistency``, and where there is not one group per case.
  public init(
    systems: [[Bool?]], patient: [Int], groups: [String?]? = nil, atLeast: Int? = nil,
    draws: PatientDraws? = nil, level: Double = 0.95, threads: Int = processorCount
  ) throws(Diagnostic) {
    if let groups, groups.count != patient.count {
      throw Diagnostic("there are \(groups.count) groups for \(patient.count) cases")
    }
    let correctness = try Correctness(systems: systems, patient: patient)
    let cases = patient.indices.filter { index in systems.allSatisfy { $0[index] != nil } }
    let found = try CommonMisses(
      correctness, groups: groups.map { groups in cases.map { groups[$0] } }, among: groups,
      atLeast: atLeast, draws: draws, level: level, threads: threads)
    var misses = [Int?](repeating: nil, count: patient.count)
    for (index, count) in zip(cases, found.misses) { misses[index] = count }
    self = found
    self.misses = misses
    common = found.common.map { cases[$0] }
  }

  /// The misses of the systems of `correctness`, on all its cases.
  ///
  /// - Parameters:
  ///   - groups: the group of each case.
  ///   - all: the groups of more cases, where some have none of these.
  /// - Throws: where there is not one group per case, and for patients that are not drawn.
  public init(
    _ correctness: Correctness, groups: [String?]? = nil, among all: [String?]? = nil,
    atLeast: Int? = nil, draws: PatientDraws? = nil, level: Double = 0.95,
    threads: Int = processorCount
  ) throws(Diagnostic) {
    try correctness.check(draws)
    if let groups, groups.count != correctness.count {
      throw Diagnostic("there are \(groups.count) groups for \(correctness.count) cases")
    }
    let (cases, misses) = (Array(0..<correctness.count), correctness.misses)
    let k = max(atLeast ?? correctness.systems, 1)
    let isCommon = misses.map { $0 >= k }
    let named = groups?.map { $0 ?? GroupRule.unknown } ?? []
    let names = Set(named + (all ?? []).map { $0 ?? GroupRule.unknown }).sorted()
    let position = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    // Columns: cases by number of misses, then cases and common misses by group, then both in all.
    let (n, g) = (correctness.systems + 1, names.count)
    let sums = PatientSums(columns: n + 2 * g + 2, patient: correctness.patient, cases: cases) {
      index, add in
      add(misses[index], 1)
      let group = groups == nil ? nil : position[named[index]]
      if let group { add(n + group, 1) }
      add(n + 2 * g, 1)
      guard isCommon[index] else { return }
      if let group { add(n + g + group, 1) }
      add(n + 2 * g + 1, 1)
    }
    let (totals, replicates) = (sums.totals, sums.replicates(draws, threads: threads))
    func estimate(_ number: ([Double]) -> Measure) -> Estimate {
      PatientSums.estimate(totals, replicates, level: level, number)
    }
    let noSystem = Estimate(point: .undefined("0 models"))
    byCount =
      n == 1 ? [noSystem] : (0..<n).map { count in estimate { .value($0[count]) } }
    self.misses = misses
    self.atLeast = k
    common = cases.filter { isCommon[$0] }
    let found = common.count
    self.groups = names.indices.map { group in
      Group(
        name: names[group], cases: Int(totals[n + group]), missed: Int(totals[n + g + group]),
        rate: estimate { .ratio($0[n + g + group], $0[n + group], or: "0 cases") },
        representation: estimate { sums in
          guard sums[n + group] > 0 else { return .undefined("0 cases") }
          guard sums[n + 2 * g + 1] > 0 else { return .undefined("0 common misses") }
          let share = sums[n + g + group] / sums[n + 2 * g + 1]
          return .ratio(share, sums[n + group] / sums[n + 2 * g], or: "0 cases")
        }.withholding(
          found < Self.fewest ? "\(found) common misses, fewer than \(Self.fewest)" : nil))
    }
  }
}
