import Basics
import CImage

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
    let (width, height, stride) = (picture.width, picture.height, picture.width)
    let frame = max(1, min(width, height) / 16)
    let pixels = picture.pixels
    func sums(_ left: Int, _ top: Int, _ width: Int, _ height: Int) -> cimage_sums {
      var sums = cimage_sums()
      guard width > 0, height > 0,
        let start = pixels.baseAddress
      else { return sums }
      cimage_add_levels(
        start + top * stride + left, Int32(width), Int32(height), Int32(stride), &sums)
      return sums
    }
    let whole = sums(0, 0, width, height)
    // The border is what is left without the inside.
    let inside = sums(frame, frame, width - 2 * frame, height - 2 * frame)
    (mean, sd) = Self.moments(whole.count, whole.sum, whole.squares)
    (borderMean, borderSD) = Self.moments(
      whole.count - inside.count, whole.sum - inside.sum, whole.squares - inside.squares)
    let count = Double(width * height)
    darkFraction = Double(whole.dark) / count
    brightFraction = Double(whole.bright) / count
  }

  /// Mean and standard deviation from sums, which are exact.
  private static func moments(
    _ count: UInt64, _ sum: UInt64, _ squares: UInt64
  ) -> (mean: Double, sd: Double) {
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
