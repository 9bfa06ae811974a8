import Basics

/// A label as a data set writes it, before any policy.
public enum RawLabel: Int8, Sendable, CaseIterable {
  /// Mentioned as absent: `0`, `0.0` or `False`.
  case negative = 0
  /// Present: `1`, `1.0` or `True`.
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
    default: self.init(word: cell)
    }
  }

  /// What is said of a cell that is no label of `finding`.
  static func strange(_ cell: String, _ finding: String, at place: Place) -> Diagnostic {
    Diagnostic("`\(cell)` is no label of `\(finding)`: a label is 1, 0, -1 or empty", at: place)
  }

  /// `1.00` and `True`, as other programs write them.
  private init?(word: String) {
    switch (word.lowercased(), Double(word)) {
    case ("true", _), (_, 1): self = .positive
    case ("false", _), (_, 0): self = .negative
    case (_, -1): self = .uncertain
    default: return nil
    }
  }
}
