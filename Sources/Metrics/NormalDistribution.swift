import Foundation

/// The standard normal distribution.
enum NormalDistribution {
  /// P(Z ≤ z).
  static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// P(|Z| ≥ |z|).
  static func twoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// z with P(Z ≤ z) = `probability`; ∓∞ at 0 and 1, NaN outside.
  ///
  /// Newton's method with the second-order term (Halley), from a rational start (Abramowitz and Stegun
  /// 1964, 26.2.23) in the lower tail, where the distribution function loses no digits.
  static func quantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
      return probability == 0 ? -.infinity : probability == 1 ? .infinity : .nan
    }
    if probability > 0.5 { return -quantile(1 - probability) }
    let t = (-2 * log(probability)).squareRoot()
    var z =
      (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<4 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      let step = (cumulative(z) - probability) / density
      z -= step / (1 + z * step / 2)
    }
    return z
  }
}
