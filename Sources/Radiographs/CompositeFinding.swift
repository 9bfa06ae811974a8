import Basics

/// A finding that is any of several: `Consolidation/Pneumonia`.
public enum CompositeFinding {
  /// The findings that `name` is made of, where all of them are among `known` and `name` itself is
  /// not.
  public static func parts(of name: String, among known: [String]) -> [String]? {
    guard !known.contains(name) else { return nil }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    guard parts.count > 1, Set(parts).count == parts.count, Set(parts).isSubset(of: known) else {
      return nil
    }
    return parts
  }

  /// Whether `name` is a finding or made of findings.
  public static func isKnown(_ name: String, among known: [String]) -> Bool {
    known.contains(name) || parts(of: name, among: known) != nil
  }

  /// Positive where a part is positive, else uncertain where one is uncertain, else blank where one is
  /// blank: what was not mentioned may be there. Negative where all are.
  static func label(of parts: some Sequence<RawLabel>) -> RawLabel {
    var label = RawLabel.negative
    for part in parts {
      switch (part, label) {
      case (.positive, _): return .positive
      case (.uncertain, _), (.blank, .negative): label = part
      default: break
      }
    }
    return label
  }
}
