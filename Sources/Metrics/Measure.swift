/// A number, or the reason why there is none.
///
/// The value is never NaN or infinite. In JSON it is a number, or `{"undefined": "<reason>"}`.
public enum Measure: Hashable, Sendable {
  /// A finite number.
  case value(Double)
  /// Why there is no number: `0 positives`.
  case undefined(String)

  /// `number`, or undefined for `reason` where it is NaN or infinite.
  public init(_ number: Double, otherwise reason: @autoclosure () -> String) {
    self = number.isFinite ? .value(number) : .undefined(reason())
  }

  /// The number, where there is one.
  public var value: Double? {
    if case .value(let number) = self { number } else { nil }
  }

  /// The reason, where there is no number.
  public var reason: String? {
    if case .undefined(let reason) = self { reason } else { nil }
  }

  /// The number, or NaN: the form in which replicates are stored.
  var orNaN: Double { value ?? .nan }

  /// `numerator / denominator`, or undefined: for `reason` where the denominator is 0, and where the
  /// sums of huge weights are beyond all numbers.
  static func ratio(_ numerator: Double, _ denominator: Double, or reason: String) -> Measure {
    guard denominator > 0 else { return .undefined(reason) }
    return Measure(numerator / denominator, otherwise: "the result is not a number")
  }

  /// The measure with `change` applied to its number.
  public func map(_ change: (Double) -> Double) -> Measure {
    switch self {
    case .value(let number): Measure(change(number), otherwise: "the result is not a number")
    case .undefined: self
    }
  }

  /// The difference; undefined, with the reason of the first undefined side, where a side is.
  public static func - (a: Measure, b: Measure) -> Measure { a.with(b, -) }

  /// The sum; undefined, with the reason of the first undefined side, where a side is.
  public static func + (a: Measure, b: Measure) -> Measure { a.with(b, +) }

  private func with(_ other: Measure, _ combine: (Double, Double) -> Double) -> Measure {
    guard let number = value else { return self }
    return other.map { combine(number, $0) }
  }
}

extension Measure: Codable {
  private enum Key: String, CodingKey { case undefined }

  /// Reads a number or an object with the reason.
  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      self = .value(number)
    } else {
      let object = try decoder.container(keyedBy: Key.self)
      self = .undefined(try object.decode(String.self, forKey: .undefined))
    }
  }

  /// Writes a number or an object with the reason.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .value(let number):
      var single = encoder.singleValueContainer()
      try single.encode(number)
    case .undefined(let reason):
      var object = encoder.container(keyedBy: Key.self)
      try object.encode(reason, forKey: .undefined)
    }
  }
}
