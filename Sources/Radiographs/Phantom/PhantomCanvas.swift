import Basics
import Foundation

/// A square of gray levels that soft shapes are drawn on.
///
/// Coordinates are shares of the side: x from the left, y from the top, the same at any size.
struct PhantomCanvas {
  /// How a shape changes what is under it, by how much of it lies there.
  enum Ink {
    /// Mixes in the level.
    case blend(Float)
    /// Adds the level.
    case add(Float)
  }

  let size: Int
  private(set) var pixels: [Float]
  private let step: Float

  init(size: Int, level: Float) {
    self.size = size
    step = 1 / Float(size)
    pixels = [Float](repeating: level, count: size * size)
  }

  /// Draws what `cover` says (0 to 1 at x and y) within the box given.
  @inline(__always)
  mutating func paint(
    x: ClosedRange<Float> = 0...1, y: ClosedRange<Float> = 0...1, _ ink: Ink,
    cover: (_ x: Float, _ y: Float) -> Float
  ) {
    let columns = bounds(x)
    for row in bounds(y) {
      let height = (Float(row) + 0.5) * step
      for column in columns {
        let amount = cover((Float(column) + 0.5) * step, height)
        guard amount != 0 else { continue }
        let index = row * size + column
        switch ink {
        case .blend(let level): pixels[index] += amount * (level - pixels[index])
        case .add(let level): pixels[index] += amount * level
        }
      }
    }
  }

  /// An ellipse whose edge is `soft` wide, as a share of its radii, as far as `cover` leaves it.
  @inline(__always)
  mutating func ellipse(
    _ shape: Ellipse, soft: Float, strength: Float = 1, _ ink: Ink,
    within cover: (_ x: Float, _ y: Float) -> Float = { _, _ in 1 }
  ) {
    let reach = max(shape.rx, shape.ry) * (1 + soft)
    paint(x: shape.x - reach...shape.x + reach, y: shape.y - reach...shape.y + reach, ink) {
      let inside = shape.cover($0, $1, soft: soft)
      return inside > 0 ? strength * inside * cover($0, $1) : 0
    }
  }

  /// A spot that fades from its centre to its radii.
  mutating func spot(_ shape: Ellipse, _ ink: Ink) {
    let reach = max(shape.rx, shape.ry)
    paint(x: shape.x - reach...shape.x + reach, y: shape.y - reach...shape.y + reach, ink) {
      let rest = max(0, 1 - shape.squared($0, $1))
      return rest * rest
    }
  }

  /// A line through `points`, `width` wide.
  mutating func line(_ points: [(x: Float, y: Float)], width: Float, _ ink: Ink) {
    for (start, end) in zip(points, points.dropFirst()) {
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = max(1e-6, dx * dx + dy * dy)
      // At least a pixel, or it would vanish between two.
      let half = max(width, 1.2 * step) / 2
      paint(
        x: min(start.x, end.x) - 2 * half...max(start.x, end.x) + 2 * half,
        y: min(start.y, end.y) - 2 * half...max(start.y, end.y) + 2 * half, ink
      ) { x, y in
        let along = ((x - start.x) * dx + (y - start.y) * dy) / length
        // The joint belongs to the next piece, so that it is not drawn twice.
        guard along >= 0, along < 1 else { return 0 }
        let (px, py) = (x - start.x - along * dx, y - start.y - along * dy)
        return max(0, min(1, 1.5 - (px * px + py * py).squareRoot() / half))
      }
    }
  }

  /// Stretches the levels about mid-gray.
  mutating func expose(gain: Float, offset: Float) {
    for index in pixels.indices { pixels[index] = 110 + (pixels[index] - 110) * gain + offset }
  }

  /// Adds noise of standard deviation `deviation`, nearly normal.
  mutating func addNoise(_ deviation: Float, _ draw: inout RandomStream) {
    // Four uniform numbers of 16 bits have a sum of mean 131,070 and variance 4 (2^32 - 1) / 12.
    let scale = deviation / 37_837.2
    for index in pixels.indices {
      let bits = draw.next()
      let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
      pixels[index] += (Float(sum) - 131_070) * scale
    }
  }

  /// The levels as bytes.
  var bytes: [UInt8] { pixels.map { UInt8(max(0, min(255, $0.rounded()))) } }

  private func bounds(_ range: ClosedRange<Float>) -> Range<Int> {
    let low = max(0, min(size, Int((range.lowerBound * Float(size)).rounded(.down))))
    let high = max(low, min(size, Int((range.upperBound * Float(size)).rounded(.up))))
    return low..<high
  }
}

/// An ellipse, turned by an angle in radians.
struct Ellipse {
  var x: Float
  var y: Float
  var rx: Float
  var ry: Float
  private let (cosine, sine): (Float, Float)

  init(_ x: Float, _ y: Float, _ rx: Float, _ ry: Float, turned angle: Float = 0) {
    (self.x, self.y, self.rx, self.ry) = (x, y, rx, ry)
    (cosine, sine) = angle == 0 ? (1, 0) : (cos(angle), sin(angle))
  }

  /// The square of the distance from the centre, 1 on the edge.
  @inline(__always)
  func squared(_ px: Float, _ py: Float) -> Float {
    let (dx, dy) = (px - x, py - y)
    let (u, v) = ((dx * cosine + dy * sine) / rx, (dy * cosine - dx * sine) / ry)
    return u * u + v * v
  }

  /// 1 inside, 0 outside, and between over an edge `soft` wide.
  @inline(__always)
  func cover(_ px: Float, _ py: Float, soft: Float) -> Float {
    let square = squared(px, py)
    if square >= (1 + soft) * (1 + soft) { return 0 }
    return ramp((1 + soft - square.squareRoot()) / (2 * soft))
  }
}

/// 0 below 0, 1 above 1, smooth between.
@inline(__always)
func ramp(_ t: Float) -> Float {
  let t = max(0, min(1, t))
  return t * t * (3 - 2 * t)
}
