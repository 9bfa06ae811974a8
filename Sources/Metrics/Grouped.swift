/// The statistics of a finding over all cases and by group, and how much the groups differ.
public struct Grouped: Sendable, Codable {
  /// All cases.
  public var overall: Group
  /// Each group, by name; bins by their first number; `unknown` last.
  public var byGroup: [Group]
  /// Each gap, in the order of `Gap.allCases`.
  public var gaps: [GapEstimate]
  /// How far each group is from the rest; empty where fewer than two groups are compared.
  public var differences: [GroupDifference]
  /// How far each group is from the median over groups (CheXclusion: Seyyed-Kalantari et al. 2021);
  /// empty where fewer than two groups are compared.
  public var medianDifferences: [GroupDifference]
  /// Each compared group, and all together, beside the privileged one; empty where none is named.
  public var besidePrivileged: [PrivilegedComparison]

  /// The gap called `gap`.
  public subscript(gap: Gap) -> GapEstimate? { gaps.first { $0.gap == gap } }

  /// One group.
  public struct Group: Sendable, Codable {
    /// The value of the attribute.
    public var name: String
    /// How many cases the numbers stand on.
    public var counts: CaseCounts
    /// The statistics; undefined where the group is too small for them.
    public var estimates: Estimates
  }
}

/// A gap with its interval.
///
/// The interval of a maximum minus a minimum never reaches zero, so it cannot say that there is no
/// gap: that is what `pValue` and the differences from the rest are for.
public struct GapEstimate: Sendable, Codable {
  /// Which gap.
  public var gap: Gap
  /// The number, recomputed in every replicate.
  public var estimate: Estimate
  /// The group with the least value of the gap's first statistic; the first by name among equals.
  public var lowest: String?
  /// The group with the greatest value.
  public var highest: String?
  /// How often a gap at least as wide comes about when the attribute is permuted over patients;
  /// `nil` where that was not asked for, and for the worst and the best group.
  public var pValue: Measure?
}

/// The signed difference of a statistic between a group and all other compared groups together, or
/// the median over the compared groups.
public struct GroupDifference: Sendable, Codable {
  /// Which statistic.
  public var statistic: Statistic
  /// The group.
  public var group: String
  /// Group minus the rest or the median; its interval is simultaneous over the groups of the statistic.
  public var estimate: Estimate
}
