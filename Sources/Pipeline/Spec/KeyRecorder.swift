/// Notes which keys a reader of specs asks for and what it takes for their values, so that a schema
/// can be made from the code that reads.
public final class KeyRecorder {
  /// What a key may hold.
  indirect enum Kind: Hashable {
    case text, bool
    /// A number within limits, which are words of JSON Schema.
    case number(isWhole: Bool, limits: [String: Value])
    case name([String])
    /// Values of one kind, or one of them alone.
    case list(Kind)
    /// A value of one of these kinds.
    case either([Kind])
    case section
    /// Whatever reads it looks at the value by itself.
    case anything
  }

  /// A section, by the keys that were asked for.
  struct Section {
    var keys: [String: [Kind]] = [:]
    /// Whether the keys that are written decide what is read: findings, columns.
    var isOpen = false
  }

  /// The sections by their dotted paths; the top is the empty one.
  private(set) var sections: [String: Section] = [:]
  /// The defaults by full name; `nil` where it depends on other keys.
  private(set) var defaults: [String: Value?] = [:]

  /// Nothing noted yet.
  public init() {}

  func note(_ kind: Kind, _ key: String, in section: String) {
    var kinds = sections[section, default: Section()].keys[key] ?? []
    if !kinds.contains(kind) { kinds.append(kind) }
    if kinds.count > 1 { kinds.removeAll { $0 == .anything } }
    sections[section, default: Section()].keys[key] = kinds
  }

  func note(fallback: Value, _ name: String) {
    if let old = defaults[name], old != fallback {
      defaults[name] = .some(nil)
    } else {
      defaults[name] = fallback
    }
  }

  func noteOpen(_ section: String) { sections[section, default: Section()].isOpen = true }
}

extension NumberBounds {
  /// The limits of numbers in `range`, in words of JSON Schema.
  static func limits<Number: Comparable>(
    _ range: some RangeExpression<Number>, _ value: (Number) -> Value?
  ) -> [String: Value] {
    let (lower, upper, isHalfOpen): (Number?, Number?, Bool)
    switch range {
    case let range as ClosedRange<Number>:
      (lower, upper, isHalfOpen) = (range.lowerBound, range.upperBound, false)
    case let range as Range<Number>:
      (lower, upper, isHalfOpen) = (range.lowerBound, range.upperBound, true)
    case let range as PartialRangeFrom<Number>:
      (lower, upper, isHalfOpen) = (range.lowerBound, nil, false)
    case let range as PartialRangeThrough<Number>:
      (lower, upper, isHalfOpen) = (nil, range.upperBound, false)
    case let range as PartialRangeUpTo<Number>:
      (lower, upper, isHalfOpen) = (nil, range.upperBound, true)
    default: return [:]
    }
    var limits: [String: Value] = [:]
    if let lower {
      // Any number above 0 is written as the smallest there is.
      if lower as? Double == .leastNonzeroMagnitude {
        limits["exclusiveMinimum"] = .int(0)
      } else {
        limits["minimum"] = value(lower)
      }
    }
    limits[isHalfOpen ? "exclusiveMaximum" : "maximum"] = upper.flatMap(value)
    return limits
  }
}
