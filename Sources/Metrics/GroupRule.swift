/// Which groups are large enough to be compared.
///
/// A group with too few patients, or with too few positives or negatives for a statistic that needs
/// them, is shown with its counts and without that statistic, and takes no part in gaps.
public struct GroupRule: Hashable, Sendable, Codable {
  /// The fewest patients.
  public var patients: Int
  /// The fewest positive cases for a rate among positives.
  public var positives: Int
  /// The fewest negative cases for a rate among negatives.
  public var negatives: Int
  /// Whether the cases without the attribute are a group like any other.
  public var comparesUnknown: Bool

  /// The name of the group of cases without the attribute.
  public static let unknown = "unknown"

  /// A rule.
  public init(
    patients: Int = 10, positives: Int = 5, negatives: Int = 5, comparesUnknown: Bool = false
  ) {
    self.patients = patients
    self.positives = positives
    self.negatives = negatives
    self.comparesUnknown = comparesUnknown
  }

  /// Why `statistic` is not given for a group of this size; `nil` where it is.
  func objection(to statistic: Statistic? = nil, of counts: CaseCounts) -> String? {
    func few(_ count: Int, _ least: Int, _ name: String) -> String? {
      count < least ? "\(count) \(name), fewer than \(least)" : nil
    }
    return few(counts.patients, patients, "patients")
      ?? (statistic?.needsPositives == true ? few(counts.positives, positives, "positives") : nil)
      ?? (statistic?.needsNegatives == true ? few(counts.negatives, negatives, "negatives") : nil)
  }

  /// Whether a group of this name and size takes part in comparisons at all.
  func compares(_ name: String, _ counts: CaseCounts) -> Bool {
    objection(of: counts) == nil && (comparesUnknown || name != Self.unknown)
  }
}
