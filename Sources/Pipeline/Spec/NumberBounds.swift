/// Ranges of numbers in words, for "expected a whole number from 1 to 9".
enum NumberBounds {
  static func words<Number: BinaryFloatingPoint>(
    _ range: some RangeExpression<Number>
  ) -> (adjective: String, range: String) {
    if let range = range as? PartialRangeFrom<Number>,
      range.lowerBound == .leastNonzeroMagnitude
    {
      return ("positive ", "")
    }
    return ("", bounds(range) { $0.isFinite ? text(Double($0)) : nil })
  }

  static func words(_ range: some RangeExpression<Int>) -> (adjective: String, range: String) {
    ("", bounds(range) { $0 == .min || $0 == .max ? nil : String($0) })
  }

  private static func bounds<Number>(
    _ range: some RangeExpression<Number>, _ text: (Number) -> String?
  ) -> String {
    switch range {
    case let range as ClosedRange<Number>:
      words(text(range.lowerBound), text(range.upperBound), " to ", " of at most ")
    case let range as Range<Number>:
      words(text(range.lowerBound), text(range.upperBound), " to below ", " below ")
    case let range as PartialRangeFrom<Number>: words(text(range.lowerBound), nil, "", "")
    case let range as PartialRangeThrough<Number>:
      words(nil, text(range.upperBound), "", " of at most ")
    case let range as PartialRangeUpTo<Number>: words(nil, text(range.upperBound), "", " below ")
    default: ""
    }
  }

  private static func words(
    _ lower: String?, _ upper: String?, _ between: String, _ above: String
  ) -> String {
    switch (lower, upper) {
    case (let lower?, let upper?): " from \(lower)\(between)\(upper)"
    case (let lower?, nil): " of at least \(lower)"
    case (nil, let upper?): above + upper
    case (nil, nil): ""
    }
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}

extension RangeExpression where Self == PartialRangeFrom<Double> {
  /// All numbers above 0.
  public static var positive: PartialRangeFrom<Double> { .leastNonzeroMagnitude... }
}
