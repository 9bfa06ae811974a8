import Foundation

/// A number with its bootstrap replicates and their percentile interval.
public struct Estimate: Sendable {
  /// The number on the cases as they are.
  public var point: Measure
  /// The lower end of the interval; `nil` without one.
  public var low: Double?
  /// The upper end of the interval; `nil` without one.
  public var high: Double?
  /// Why there is no interval though there are replicates.
  public var withheld: String?
  /// The number in each replicate, NaN where it is undefined; empty without a bootstrap.
  public var replicates: [Double]
  /// In how many replicates it is undefined.
  public var undefinedReplicates: Int
  /// The number without each lot of patients in turn, where the interval is bias-corrected and
  /// accelerated; not part of its JSON.
  public var jackknife: [Double] = []

  /// The share of undefined replicates above which no interval is given.
  public static let tolerated = 0.05

  /// An estimate with the percentile interval of `replicates` (Efron 1979): their quantiles at
  /// (1 ∓ `level`) / 2, over the replicates where it is defined.
  ///
  /// The interval is withheld where more than 5 % of the replicates are undefined.
  public init(point: Measure, replicates: [Double] = [], level: Double = 0.95) {
    self.point = point
    self.replicates = replicates
    var defined = replicates.filter { !$0.isNaN }
    undefinedReplicates = replicates.count - defined.count
    guard !replicates.isEmpty, point.value != nil else { return }
    guard Double(undefinedReplicates) <= Self.tolerated * Double(replicates.count) else {
      withheld = "undefined in \(undefinedReplicates) of \(replicates.count) replicates"
      return
    }
    defined.sort()
    low = quantile(sorted: defined, at: (1 - level) / 2)
    high = quantile(sorted: defined, at: (1 + level) / 2)
  }

  /// What nothing measured.
  public static let notMeasured = Estimate(point: .undefined("not measured"))

  /// The same without interval, for a reason; itself without one.
  func withholding(_ reason: String?) -> Estimate {
    guard let reason, low != nil else { return self }
    var estimate = self
    (estimate.low, estimate.high, estimate.withheld) = (nil, nil, reason)
    return estimate
  }
}

/// The quantile of sorted numbers by linear interpolation, as NumPy's `linear` (Hyndman and Fan 1996,
/// type 7); `nil` without numbers, and for a probability that is NaN.
public func quantile(sorted: [Double], at probability: Double) -> Double? {
  guard let first = sorted.first, !probability.isNaN else { return nil }
  let position = Double(sorted.count - 1) * min(max(probability, 0), 1)
  let below = Int(position)
  guard below + 1 < sorted.count else { return sorted.last ?? first }
  let (a, b, share) = (sorted[below], sorted[below + 1], position - Double(below))
  return share < 0.5 ? a + (b - a) * share : b - (b - a) * (1 - share)
}

extension Estimate: Codable {
  private enum Key: String, CodingKey {
    case point, low, high, withheld, replicates
    case undefinedReplicates = "undefined_replicates"
  }

  /// Reads an estimate; without replicates it has none.
  public init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    point = try object.decode(Measure.self, forKey: .point)
    low = try object.decodeIfPresent(Double.self, forKey: .low)
    high = try object.decodeIfPresent(Double.self, forKey: .high)
    withheld = try object.decodeIfPresent(String.self, forKey: .withheld)
    undefinedReplicates = try object.decode(Int.self, forKey: .undefinedReplicates)
    let bytes = Data(
      base64Encoded: try object.decodeIfPresent(String.self, forKey: .replicates) ?? "")
    guard let bytes, bytes.count.isMultiple(of: 8) else {
      throw DecodingError.dataCorruptedError(
        forKey: .replicates, in: object, debugDescription: "not base64 of float64 numbers")
    }
    replicates = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 8).map {
        let bits = raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
  }

  /// Writes an estimate; replicates as base64 of little-endian float64, which keeps them exactly.
  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(point, forKey: .point)
    try object.encodeIfPresent(low, forKey: .low)
    try object.encodeIfPresent(high, forKey: .high)
    try object.encodeIfPresent(withheld, forKey: .withheld)
    try object.encode(undefinedReplicates, forKey: .undefinedReplicates)
    guard !replicates.isEmpty else { return }
    let bits = replicates.map(\.bitPattern.littleEndian)
    try object.encode(bits.withUnsafeBytes { Data($0) }.base64EncodedString(), forKey: .replicates)
  }
}
