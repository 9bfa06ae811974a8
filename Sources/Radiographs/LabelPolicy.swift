/// What an uncertain label counts as.
public enum LabelPolicy: String, Codable, Sendable, CaseIterable {
  /// Negative (U-Zeros, Irvin et al., AAAI 2019).
  case uZeros = "u-zeros"
  /// Positive (U-Ones).
  case uOnes = "u-ones"
  /// Not used (U-Ignore).
  case ignore
  /// A class of its own beside negative and positive (U-MultiClass).
  case threeClass = "3-class"

  /// The policy called `name` for the truth in valid and test, where leaving a case out is called
  /// `exclude`.
  public init?(evaluation name: String) {
    switch name {
    case "exclude": self = .ignore
    case "u-zeros": self = .uZeros
    case "u-ones": self = .uOnes
    default: return nil
    }
  }

  var value: Float? {
    switch self {
    case .uZeros: 0
    case .uOnes: 1
    case .ignore: nil
    case .threeClass: Self.uncertainClass
    }
  }

  /// The label of an uncertain case where uncertain is a class of its own; 0 and 1 are the others.
  public static let uncertainClass: Float = 2
}

/// What a finding that is not mentioned counts as.
public enum BlankPolicy: String, Codable, Sendable, CaseIterable {
  /// Negative.
  case negative
  /// Not used.
  case ignore

  var value: Float? { self == .negative ? 0 : nil }
}
