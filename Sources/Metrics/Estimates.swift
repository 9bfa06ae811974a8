/// An estimate of each statistic, in the order of `Statistic.allCases`.
public struct Estimates: Sendable, Codable, Sequence {
  private var all: [Statistic: Estimate]

  init(_ make: (Statistic) -> Estimate) {
    all = Dictionary(uniqueKeysWithValues: Statistic.allCases.map { ($0, make($0)) })
  }

  /// The estimate of `statistic`.
  public subscript(statistic: Statistic) -> Estimate {
    all[statistic] ?? Estimate(point: .undefined("not measured"))
  }

  /// The estimates with their statistics.
  public func makeIterator() -> IndexingIterator<[(Statistic, Estimate)]> {
    Statistic.allCases.compactMap { statistic in all[statistic].map { (statistic, $0) } }
      .makeIterator()
  }

  /// Reads an object whose keys are the names of statistics.
  public init(from decoder: any Decoder) throws {
    all = try decoder.singleValueContainer().decode([Statistic: Estimate].self)
  }

  /// Writes an object whose keys are the names of statistics.
  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(all)
  }
}
