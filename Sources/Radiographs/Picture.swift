import Basics
import CImage

/// A decoded picture: `height * width` gray bytes, row by row from the top.
///
/// Colour becomes gray by ITU-R 601 luma, a palette through its colours, 16 bits are scaled to 8.
/// Transparency and gamma are ignored, as Pillow's `convert("L")` does. A picture whose EXIF data
/// say that the camera was turned is turned upright, which Pillow does only when asked.
public struct Picture: ~Copyable {
  /// The width in pixels.
  public let width: Int
  /// The height in pixels.
  public let height: Int
  private let start: UnsafeMutablePointer<UInt8>

  /// The pixels; valid as long as the picture lives.
  public var pixels: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: width * height)
  }

  /// Decodes a JPEG or PNG file held in memory; the content decides which.
  ///
  /// - Throws: for anything else, and for a file that is damaged or cut short, as a message without
  ///   the name of the file.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(Diagnostic) {
    guard let address = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else {
      throw Diagnostic("it is empty")
    }
    var picture = cimage_picture()
    let decoded =
      switch PictureFormat(bytes) {
      case .jpeg: cimage_decode_jpeg(address, bytes.count, &picture)
      case .png: cimage_decode_png(address, bytes.count, &picture)
      case .other(let kind): throw Diagnostic("it is \(kind), not a JPEG or PNG picture")
      case .unknown: throw Diagnostic("it is not a JPEG or PNG picture")
      }
    guard decoded == 1, let pixels = picture.pixels else {
      let message = withUnsafeBytes(of: picture.error) { error in
        String(decoding: error.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw Diagnostic(message)
    }
    width = Int(picture.width)
    height = Int(picture.height)
    start = pixels
  }

  deinit { cimage_free(start) }

  /// Writes the picture, resized to `width` x `height`, to `out`, which must hold as many bytes.
  ///
  /// The filter is a triangle as wide as the reduction, as in Pillow's
  /// `resize((width, height), BILINEAR)`: the same pixels, but for a level where a tall picture
  /// makes newer versions of Pillow start with the columns instead of the rows.
  public func resize(
    width: Int, height: Int, into out: UnsafeMutableBufferPointer<UInt8>
  ) throws(Diagnostic) {
    guard width > 0, height > 0, width <= Int(cimage_longest_side),
      height <= Int(cimage_longest_side), out.count == width * height,
      cimage_resize(
        start, Int32(self.width), Int32(self.height), out.baseAddress, Int32(width), Int32(height))
        == 1
    else { throw Diagnostic("it cannot be resized to \(width) x \(height) pixels") }
  }
}
