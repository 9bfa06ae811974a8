import Basics

/// A coarser unit of evaluation: the images of a study or of a patient taken together.
public struct Units: Sendable {
  /// The unit of each case, from 0 in the order in which units first occur.
  public let unit: [Int]
  /// How many units there are.
  public let count: Int

  /// Cases with the same key are one unit.
  public init(by keys: [some Hashable]) {
    var known: [AnyHashable: Int] = [:]
    unit = keys.map { key in
      let next = known.count
      return known[key, default: next, inserted: next]
    }
    count = known.count
  }

  /// How the scores of a unit become one.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// The largest score.
    case max
    /// The mean score.
    case mean
  }

  /// The units as cases.
  ///
  /// The score is taken over all cases of the unit, evaluated or not. A unit is positive where any of
  /// its cases is, not evaluated where none is, and negative otherwise.
  ///
  /// - Throws: where there is not one key per case, or a unit holds two patients.
  public func aggregate(_ cases: Cases, rule: Rule) throws(Diagnostic) -> Cases {
    guard unit.count == cases.count else {
      throw Diagnostic("there are \(unit.count) keys for \(cases.count) cases")
    }
    var scores = [Double](repeating: rule == .max ? -.infinity : 0, count: count)
    var sizes = [Double](repeating: 0, count: count)
    var truth = [Bool?](repeating: nil, count: count)
    var patients = [Int?](repeating: nil, count: count)
    for (index, unit) in unit.enumerated() {
      switch rule {
      case .max: scores[unit] = Swift.max(scores[unit], cases.scores[index])
      case .mean: scores[unit] += cases.scores[index]
      }
      sizes[unit] += 1
      if let positive = cases.truth[index] { truth[unit] = positive || truth[unit] == true }
      guard patients[unit] == nil || patients[unit] == cases.patient[index] else {
        throw Diagnostic("a unit of evaluation holds cases of two patients")
      }
      patients[unit] = cases.patient[index]
    }
    if rule == .mean { for unit in scores.indices { scores[unit] /= sizes[unit] } }
    return try Cases(scores: scores, truth: truth, patient: patients.compactMap { $0 })
  }

  /// The attribute of each unit: the one value that its cases have, or `nil` where they have none or
  /// differ.
  ///
  /// - Throws: where there is not one value per case.
  public func attribute(_ values: [String?]) throws(Diagnostic) -> [String?] {
    guard unit.count == values.count else {
      throw Diagnostic("there are \(values.count) attribute values for \(unit.count) cases")
    }
    var common = [String?](repeating: nil, count: count)
    var differs = [Bool](repeating: false, count: count)
    for (unit, value) in zip(unit, values) {
      guard let value else { continue }
      if let known = common[unit], known != value { differs[unit] = true }
      common[unit] = value
    }
    return zip(common, differs).map { $1 ? nil : $0 }
  }
}

extension Dictionary where Value == Int {
  fileprivate subscript(key: Key, default _: Int, inserted value: Int) -> Int {
    mutating get {
      if let known = self[key] { return known }
      self[key] = value
      return value
    }
  }
}
