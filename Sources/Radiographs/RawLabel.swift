/// A label as a data set writes it, before any policy.
public enum RawLabel: Int8, Sendable, CaseIterable {
  /// Mentioned as absent: `0` or `0.0`.
  case negative = 0
  /// Present: `1` or `1.0`.
  case positive = 1
  /// Mentioned as uncertain: `-1` or `-1.0`.
  case uncertain = -1
  /// Not mentioned: an empty cell.
  case blank = 2

  /// The label that `cell` stands for; `nil` when it stands for none.
  public init?(_ cell: String) {
    switch cell {
    case "0", "0.0": self = .negative
    case "1", "1.0": self = .positive
    case "-1", "-1.0": self = .uncertain
    case "": self = .blank
    default: return nil
    }
  }
}
