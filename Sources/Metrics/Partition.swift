/// Evaluated cases by falling score, divided into groups.
struct Partition {
  /// The evaluated cases.
  let order: [Int]
  /// The groups in the order of a report, those without an evaluated case too: by first number, then
  /// by name, `unknown` last.
  let names: [String]
  /// The evaluated cases of each group.
  let members: [[Int]]
  /// The size of each group.
  let counts: [CaseCounts]
  /// The groups that are compared.
  let pool: [Int]
  /// The evaluated cases of the groups that are compared.
  let pooled: [Int]
  /// The group of each case.
  private let group: [Int]

  init(_ cases: Cases, groups: [String?], rule: GroupRule) {
    func key(_ name: String) -> (Int, Double, String) {
      let number = Double(name.prefix { $0.isNumber }) ?? .infinity
      return (name == GroupRule.unknown ? 1 : 0, number, name)
    }
    let named = groups.map { $0 ?? GroupRule.unknown }
    let names = Set(named).sorted { key($0) < key($1) }
    let index = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let group = named.map { index[$0] ?? 0 }
    let order = cases.ranked
    var members = [[Int]](repeating: [], count: names.count)
    for index in order { members[group[index]].append(index) }
    let counts = members.map { CaseCounts(of: $0, in: cases) }
    let compared = names.indices.map { rule.compares(names[$0], counts[$0]) }
    self.order = order
    self.names = names
    self.members = members
    self.counts = counts
    self.group = group
    pool = names.indices.filter { compared[$0] }
    pooled = order.filter { compared[group[$0]] }
  }

  /// The cases of all compared groups but `other`, by falling score.
  func rest(of other: Int) -> [Int] { pooled.filter { group[$0] != other } }
}
