import Basics

/// A picture in colour that is drawn, not read: a chart.
public struct ColourPicture: Sendable {
  /// A colour, each part from 0 to 255.
  public struct Colour: Sendable, Equatable {
    /// The parts.
    public var red, green, blue: UInt8

    /// A colour.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      (self.red, self.green, self.blue) = (red, green, blue)
    }
  }

  /// Its size in pixels.
  public let width, height: Int
  private var pixels: [UInt8]

  /// A white picture.
  public init(width: Int, height: Int) {
    (self.width, self.height) = (max(1, width), max(1, height))
    pixels = Array(repeating: 255, count: 3 * self.width * self.height)
  }

  /// Fills a rectangle, as far as it lies in the picture.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
    for row in max(0, y)..<max(0, y, min(y + height, self.height)) {
      for column in max(0, x)..<max(0, x, min(x + width, self.width)) {
        let place = 3 * (row * self.width + column)
        (pixels[place], pixels[place + 1], pixels[place + 2]) =
          (colour.red, colour.green, colour.blue)
      }
    }
  }

  /// The bytes of a PNG file.
  ///
  /// - Throws: where memory is out.
  public func png() throws(Diagnostic) -> [UInt8] {
    try encodedPNG(pixels, width: Int32(width), height: Int32(height), channels: 3)
  }
}
