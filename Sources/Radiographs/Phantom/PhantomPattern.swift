import Foundation

/// The pattern that marks a group: a slanted wave of nine by five periods over the picture.
///
/// Twice the mean of a picture's pixels times the wave is the wave's amplitude in it; its mean over
/// a group's pictures is greater than over the others by the amplitude planted.
enum PhantomPattern {
  /// The wave at a place, −1 to 1.
  @inline(__always)
  static func value(_ x: Float, _ y: Float) -> Float { cos(2 * .pi * (9 * x + 5 * y)) }
}
