import Foundation

/// A named, seeded stream of random numbers: the only source of chance in the product.
///
/// The generator is xoshiro256** (Blackman and Vigna 2021); its state is the SHA-256 of the
/// stream's name and seed, so that streams of different names are unrelated. The numbers are the
/// same on every platform.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// The stream `name` (`split`, `sample`, `order`, `bootstrap`, …) of `seed`.
  public init(_ name: String, seed: Int) {
    let bytes = Digest(of: "\(name)\n\(seed)").bytes
    func word(_ index: Int) -> UInt64 {
      bytes[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
    state = (word(0), word(1), word(2), word(3))
  }

  /// A seed of 64 bits for a generator that is not ours (libtorch's).
  public static func seed(_ name: String, seed: Int) -> UInt64 {
    var stream = RandomStream(name, seed: seed)
    return stream.next()
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let result = rotateLeft(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotateLeft(state.3, 45)
    return result
  }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in 0..<count, each equally likely; 0 when `count` is below 2.
  public mutating func below(_ count: Int) -> Int {
    guard count > 1 else { return 0 }
    // Lemire's method: the high word of a product, redrawn where it would be biased.
    let range = UInt64(count)
    let threshold = (0 &- range) % range
    while true {
      let product = next().multipliedFullWidth(by: range)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// A number of the standard normal distribution (Box and Muller 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Shuffles `items` (Fisher–Yates), each order equally likely.
  public mutating func shuffle<Element>(_ items: inout [Element]) {
    guard items.count > 1 else { return }
    for last in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(last, below(last + 1))
    }
  }
}

private func rotateLeft(_ value: UInt64, _ count: UInt64) -> UInt64 {
  value << count | value >> (64 - count)
}
