import Basics

/// How a decision threshold is chosen from the scores and the truth of one subset.
///
/// Written `fixed 0.5`, `youden`, `f1`, `prevalence`, `fpr <= 0.2`, `sensitivity >= 0.9` or
/// `specificity >= 0.9`; `≤` and `≥` are read as well.
public enum ThresholdRule: Hashable, Sendable {
  /// A given threshold.
  case fixed(Double)
  /// The largest sensitivity + specificity − 1 (Youden 1950).
  case youden
  /// The largest F1.
  case f1
  /// The largest sensitivity among thresholds with a false positive rate of at most this.
  case falsePositiveRate(atMost: Double)
  /// The largest specificity among thresholds with at least this sensitivity.
  case sensitivity(atLeast: Double)
  /// The largest sensitivity among thresholds with at least this specificity.
  case specificity(atLeast: Double)
  /// As many predicted positive as there are positives, as nearly as ties allow.
  case prevalence

  /// Reads a rule.
  ///
  /// - Throws: for an unknown rule (with the nearest name), a number that is none, and a rate
  ///   outside [0, 1].
  public init(parsing text: String) throws(Diagnostic) {
    let spaced = text.replacing("<=", with: " ≤ ").replacing(">=", with: " ≥ ")
      .replacing("≤", with: " ≤ ").replacing("≥", with: " ≥ ")
    let words = spaced.split(separator: " ").map(String.init)
    switch (words.first, words.dropFirst().first, words.count) {
    case ("youden", _, 1): self = .youden
    case ("f1", _, 1): self = .f1
    case ("prevalence", _, 1): self = .prevalence
    case ("fixed", _, 2): self = .fixed(try Self.number(words[1], in: text))
    case ("fpr", "≤", 3):
      self = .falsePositiveRate(atMost: try Self.rate(words[2], in: text))
    case ("sensitivity", "≥", 3):
      self = .sensitivity(atLeast: try Self.rate(words[2], in: text))
    case ("specificity", "≥", 3):
      self = .specificity(atLeast: try Self.rate(words[2], in: text))
    default:
      let near = words.first.flatMap { nearestName(to: $0, among: Self.forms.map(\.name)) }
      let form = Self.forms.first { $0.name == near }?.form
      throw Diagnostic(
        "unknown threshold rule `\(text)`",
        hint: form.map { "did you mean `\($0)`?" }
          ?? "the rules are \(Self.forms.map(\.form).quotedList)")
    }
  }

  private static let forms: [(name: String, form: String)] = [
    ("fixed", "fixed 0.5"), ("youden", "youden"), ("f1", "f1"), ("prevalence", "prevalence"),
    ("fpr", "fpr <= 0.2"), ("sensitivity", "sensitivity >= 0.9"),
    ("specificity", "specificity >= 0.9"),
  ]

  private static func number(_ word: String, in text: String) throws(Diagnostic) -> Double {
    guard let number = Double(word), number.isFinite else {
      throw Diagnostic("`\(word)` in the threshold rule `\(text)` is not a number")
    }
    return number
  }

  private static func rate(_ word: String, in text: String) throws(Diagnostic) -> Double {
    let rate = try number(word, in: text)
    guard (0...1).contains(rate) else {
      throw Diagnostic("the rate `\(word)` in the threshold rule `\(text)` is not in 0…1")
    }
    return rate
  }
}

extension ThresholdRule: CustomStringConvertible, Codable {
  /// The rule as it is written in a spec.
  public var description: String {
    switch self {
    case .fixed(let threshold): "fixed \(threshold)"
    case .youden: "youden"
    case .f1: "f1"
    case .falsePositiveRate(let most): "fpr <= \(most)"
    case .sensitivity(let least): "sensitivity >= \(least)"
    case .specificity(let least): "specificity >= \(least)"
    case .prevalence: "prevalence"
    }
  }

  /// Reads the rule as text.
  public init(from decoder: any Decoder) throws {
    try self.init(parsing: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the rule as text.
  public func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    try single.encode(description)
  }
}
