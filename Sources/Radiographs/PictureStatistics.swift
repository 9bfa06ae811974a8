import Basics

/// What can be said about a picture without looking at anatomy: the input of the shortcut baseline.
///
/// All of it is measured on the decoded picture before it is resized, in gray levels 0 to 255.
public struct PictureStatistics: Sendable, Equatable {
  /// The width in pixels.
  public var width: Int
  /// The height in pixels.
  public var height: Int
  /// The size of the file.
  public var fileBytes: Int
  /// The mean gray level.
  public var mean: Double
  /// The standard deviation of the gray levels (divided by n).
  public var sd: Double
  /// The mean of the border: a frame as wide as a sixteenth of the shorter side, at least a pixel.
  public var borderMean: Double
  /// The standard deviation of the border (divided by n).
  public var borderSD: Double
  /// The share of pixels below 16.
  public var darkFraction: Double
  /// The share of pixels from 240 on.
  public var brightFraction: Double

  /// Measures `picture`, read from a file of `fileBytes`.
  public init(_ picture: borrowing Picture, fileBytes: Int) {
    width = picture.width
    height = picture.height
    self.fileBytes = fileBytes
    let (width, height) = (picture.width, picture.height)
    let frame = max(1, min(width, height) / 16)
    var whole = [Int](repeating: 0, count: 256)
    var inner = [Int](repeating: 0, count: 256)
    let pixels = picture.pixels
    for y in 0..<height {
      let row = UnsafeBufferPointer(rebasing: pixels[y * width..<(y + 1) * width])
      for pixel in row { whole[Int(pixel)] += 1 }
      guard y >= frame, y < height - frame, width > 2 * frame else { continue }
      for pixel in row[frame..<width - frame] { inner[Int(pixel)] += 1 }
    }
    (mean, sd) = Self.moments(whole)
    (borderMean, borderSD) = Self.moments(zip(whole, inner).map { $0 - $1 })
    let count = Double(width * height)
    darkFraction = Double(whole[..<16].reduce(0, +)) / count
    brightFraction = Double(whole[240...].reduce(0, +)) / count
  }

  /// Mean and standard deviation from a histogram, whose sums are exact.
  private static func moments(_ histogram: [Int]) -> (mean: Double, sd: Double) {
    var (count, sum, squares) = (0, 0, 0)
    for (level, pixels) in histogram.enumerated() {
      count += pixels
      sum += level * pixels
      squares += level * level * pixels
    }
    guard count > 0 else { return (0, 0) }
    let mean = Double(sum) / Double(count)
    return (mean, max(0, Double(squares) / Double(count) - mean * mean).squareRoot())
  }

  static let names = [
    "width", "height", "file_bytes", "mean", "sd", "border_mean", "border_sd", "dark_fraction",
    "bright_fraction",
  ]

  var cells: [String] {
    [String(width), String(height), String(fileBytes)]
      + [mean, sd, borderMean, borderSD, darkFraction, brightFraction].map { value in
        String((value * 1e6).rounded() / 1e6)
      }
  }
}
