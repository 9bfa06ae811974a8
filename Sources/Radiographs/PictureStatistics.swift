import Basics

/// What can be said about a picture without looking at anatomy: the input of the shortcut baseline.
///
/// Gray levels 0 to 255 are measured on the decoded picture before it is resized; a JPEG file that is
/// decoded at a fraction of its size is measured there. Width and height are those of the file.
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
    (width, height) = picture.fullSize
    self.fileBytes = fileBytes
    let (width, height) = (picture.width, picture.height)
    let frame = max(1, min(width, height) / 16)
    let pixels = picture.pixels
    // The border is what lies above and below these rows, and both ends of them.
    let sides = width > 2 * frame && height > 2 * frame ? frame..<height - frame : 0..<0
    var parts = [
      UnsafeBufferPointer(rebasing: pixels[..<(sides.lowerBound * width)]),
      UnsafeBufferPointer(rebasing: pixels[(sides.upperBound * width)...]),
    ]
    var inner: [UnsafeBufferPointer<UInt8>] = []
    for y in sides {
      let (left, right) = (y * width, (y + 1) * width)
      parts.append(UnsafeBufferPointer(rebasing: pixels[left..<left + frame]))
      inner.append(UnsafeBufferPointer(rebasing: pixels[left + frame..<right - frame]))
      parts.append(UnsafeBufferPointer(rebasing: pixels[right - frame..<right]))
    }
    let border = Self.histogram(parts)
    let whole = zip(border, Self.histogram(inner)).map { $0 + $1 }
    (mean, sd) = Self.moments(whole)
    (borderMean, borderSD) = Self.moments(border)
    let count = Double(width * height)
    darkFraction = Double(whole[..<16].reduce(0, +)) / count
    brightFraction = Double(whole[240...].reduce(0, +)) / count
  }

  /// How often each gray level occurs.
  private static func histogram(_ parts: [UnsafeBufferPointer<UInt8>]) -> [Int] {
    // Neighbours are often equal; counting them apart keeps the processor from waiting.
    var counts = [Int](repeating: 0, count: 4 * 256)
    counts.withUnsafeMutableBufferPointer { counts in
      guard let counts = counts.baseAddress else { return }
      for part in parts {
        guard let levels = part.baseAddress else { continue }
        for index in 0..<part.count { counts[(index & 3) << 8 | Int(levels[index])] += 1 }
      }
    }
    return (0..<256).map { level in
      stride(from: level, to: counts.count, by: 256).reduce(0) { $0 + counts[$1] }
    }
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

  /// The names of the columns of `pictures.csv`.
  public static let names = [
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
