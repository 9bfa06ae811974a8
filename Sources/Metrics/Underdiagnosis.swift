/// Underdiagnosis by the finding `No Finding` (Seyyed-Kalantari et al. 2021): who is called healthy
/// though ill.
///
/// ŷ = 1 says *no finding*, at one threshold for all groups. The underdiagnosis rate of a group is then
/// its false positive rate, its overdiagnosis rate the false negative rate.
public struct Underdiagnosis: Sendable {
  /// The group.
  public var group: String
  /// P(ŷ = 1 | y = 0): the share of the ill who are called healthy.
  public var underdiagnosis: Estimate
  /// P(ŷ = 0 | y = 1): the share of the healthy who are not.
  public var overdiagnosis: Estimate

  /// The rates of each group of `noFinding`, the comparison for the finding `No Finding`.
  public static func rates(noFinding: Grouped) -> [Underdiagnosis] {
    noFinding.byGroup.map {
      Underdiagnosis(
        group: $0.name, underdiagnosis: $0.estimates[.falsePositiveRate],
        overdiagnosis: $0.estimates[.falseNegativeRate])
    }
  }
}
