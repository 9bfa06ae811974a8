/// Shares out patients by largest remainder, what was rounded away being carried from stratum to
/// stratum, so that both each stratum and the whole keep to the fractions.
struct Allotment {
  private let fractions: [Double]
  private var carried: [Double]

  /// An allotment in parts of `fractions`, which add up to 1.
  init(_ fractions: [Double]) {
    self.fractions = fractions
    carried = fractions.map { _ in 0 }
  }

  /// The parts, from 0, of the next `count` patients.
  mutating func parts(_ count: Int) -> [Int] {
    let quotas = fractions.map { $0 * Double(count) }
    // A quota that is whole but for rounding counts as whole.
    var seats = quotas.map { Int(($0 + 1e-9).rounded(.down)) }
    for index in carried.indices { carried[index] += quotas[index] - Double(seats[index]) }
    // Equal remainders go to the first part, which is train.
    let order = carried.indices.sorted {
      abs(carried[$0] - carried[$1]) > 1e-9 ? carried[$0] > carried[$1] : $0 < $1
    }
    for index in order.prefix(max(0, count - seats.reduce(0, +))) {
      seats[index] += 1
      carried[index] -= 1
    }
    return seats.enumerated().flatMap { Array(repeating: $0, count: $1) }
  }
}
