/// An estimate of each statistic, in the order of `Statistic.allCases`.
public struct Estimates: Sendable, Sequence {
  private var all: [Estimate]

  init(_ make: (Statistic) -> Estimate) { all = Statistic.allCases.map(make) }

  /// The estimate of `statistic`.
  public subscript(statistic: Statistic) -> Estimate {
    for (candidate, estimate) in zip(Statistic.allCases, all) where candidate == statistic {
      return estimate
    }
    return .notMeasured
  }

  /// The statistics with their estimates.
  public func makeIterator() -> Zip2Sequence<[Statistic], [Estimate]>.Iterator {
    zip(Statistic.allCases, all).makeIterator()
  }
}

extension Estimates: Codable {
  /// Reads an object whose keys are the names of statistics; an absent one is undefined.
  public init(from decoder: any Decoder) throws {
    let named = try decoder.singleValueContainer().decode([Statistic: Estimate].self)
    self.init { named[$0] ?? .notMeasured }
  }

  /// Writes an object whose keys are the names of statistics.
  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(Dictionary(uniqueKeysWithValues: Array(self)))
  }
}
