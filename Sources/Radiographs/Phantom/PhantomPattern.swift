import Foundation

/// The pattern that marks a group: a slanted wave of nine by five periods over the picture.
enum PhantomPattern {
  /// The wave at a place, −1 to 1.
  @inline(__always)
  static func value(_ x: Float, _ y: Float) -> Float { cos(2 * .pi * (9 * x + 5 * y)) }

  /// How much of the wave is in a square picture, in gray levels.
  ///
  /// The mean of a group's pictures is greater than that of the others by the amplitude planted.
  static func amplitude(in pixels: some Collection<UInt8>, size: Int) -> Double {
    var sum = 0.0
    for (index, level) in pixels.enumerated() {
      let x = (Float(index % size) + 0.5) / Float(size)
      let y = (Float(index / size) + 0.5) / Float(size)
      sum += Double(level) * Double(value(x, y))
    }
    return 2 * sum / Double(size * size)
  }
}
