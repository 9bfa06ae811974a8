import Basics

/// What an uncertain label counts as.
public enum LabelPolicy: Sendable, Hashable {
  /// Negative (U-Zeros, Irvin et al., AAAI 2019).
  case uZeros
  /// Positive (U-Ones).
  case uOnes
  /// Not used (U-Ignore).
  case ignore
  /// A class of its own beside negative and positive (U-MultiClass).
  case threeClass
  /// A probability in 0...1, the same for all.
  case soft(Double)
  /// A probability from an interval, drawn for each picture (label smoothing of uncertain cases, Pham
  /// et al. 2021: 0.55 to 0.85 for U-Ones, 0 to 0.3 for U-Zeros).
  case smooth(LabelSmoothing)

  /// The policies that are a word.
  public static let named: [LabelPolicy] = [.uZeros, .uOnes, .ignore, .threeClass]

  /// The policy called `name`, where a word is all it takes.
  public init?(name: String) {
    guard let found = Self.named.first(where: { $0.description == name }) else { return nil }
    self = found
  }

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

  /// The label of an uncertain case where uncertain is a class of its own; 0 and 1 are the others.
  public static let uncertainClass: Float = 2

  /// The label of an uncertain `finding` of `image`.
  func value(of finding: String, image: String, seed: Int) -> Float? {
    switch self {
    case .uZeros: return 0
    case .uOnes: return 1
    case .ignore: return nil
    case .threeClass: return Self.uncertainClass
    case .soft(let probability): return Float(probability)
    case .smooth(let interval):
      guard interval.draw == .once else { return interval.middle }
      // A stream for each picture, so that others do not change its label.
      var stream = RandomStream("smooth \(finding) of \(image)", seed: seed)
      return interval.value(stream.uniform())
    }
  }
}

/// An interval of probabilities from which uncertain labels are drawn.
public struct LabelSmoothing: Sendable, Hashable, Codable {
  /// How often a label is drawn.
  public enum Draw: String, Sendable, Codable, CaseIterable {
    /// Once for all epochs.
    case once
    /// Anew in each epoch; until then a label is the middle of the interval.
    case epoch
  }

  /// The ends, within 0 and 1, the first below the second.
  public var to: [Double]
  /// How often a label is drawn.
  public var draw: Draw

  /// The interval from `to[0]` to `to[1]`.
  public init(to: [Double], draw: Draw) {
    self.to = to
    self.draw = draw
  }

  private var low: Double { to.first ?? 0.5 }
  private var high: Double { to.last ?? 0.5 }

  /// The middle of the interval, neither 0 nor 1.
  public var middle: Float { value(0.5) }

  /// The value at `share`, from 0 to 1, of the interval.
  public func value(_ share: Double) -> Float { Float(low + (high - low) * share) }
}

/// As a spec has it: a word, `soft: 0.5`, or `smooth: {to: [0.55, 0.85], draw: once}`.
extension LabelPolicy: Codable, CustomStringConvertible {
  private enum Key: String, CodingKey { case soft, smooth }

  /// The policy in one line.
  public var description: String {
    switch self {
    case .uZeros: "u-zeros"
    case .uOnes: "u-ones"
    case .ignore: "ignore"
    case .threeClass: "3-class"
    case .soft(let probability): "soft \(probability)"
    case .smooth(let interval):
      "smooth \(interval.to.map { "\($0)" }.joined(separator: "–"))"
        + (interval.draw == .epoch ? " each epoch" : "")
    }
  }

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      guard let policy = LabelPolicy(name: name) else {
        throw Diagnostic("`\(name)` is no label policy")
      }
      self = policy
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    if let probability = try container.decodeIfPresent(Double.self, forKey: .soft) {
      self = .soft(probability)
    } else {
      self = .smooth(try container.decode(LabelSmoothing.self, forKey: .smooth))
    }
  }

  /// Writes the policy as a spec has it.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .soft(let probability):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(probability, forKey: .soft)
    case .smooth(let interval):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(interval, forKey: .smooth)
    default:
      var container = encoder.singleValueContainer()
      try container.encode(description)
    }
  }
}

/// What a finding that is not mentioned counts as.
public enum BlankPolicy: String, Codable, Sendable, CaseIterable {
  /// Negative.
  case negative
  /// Not used.
  case ignore

  var value: Float? { self == .negative ? 0 : nil }
}
