import Basics
import CImage

extension ImagePack {
  /// The picture at `position` as a PNG file of 8 bits, `side` pixels wide and high at most.
  ///
  /// - Throws: where memory is out.
  public func png(at position: Int, side: Int) throws(Diagnostic) -> [UInt8] {
    let levels = self[position]
    // Levels of 16 bits lie there with the lower byte first.
    var pixels =
      bits == 8
      ? Array(levels) : stride(from: 1, to: levels.count, by: 2).map { levels[$0] }
    var (width, height) = (Int32(width), Int32(height))
    if max(width, height) > side {
      let small = Int32(max(1, side))
      var resized = [UInt8](repeating: 0, count: Int(small * small))
      let done = resized.withUnsafeMutableBufferPointer {
        cimage_resize(
          pixels, width, height, width, $0.baseAddress, small, small, Int32(cimage_bilinear))
      }
      guard done == 1 else { throw Diagnostic("there is no memory for a picture") }
      (pixels, width, height) = (resized, small, small)
    }
    return try encodedPNG(pixels, width: width, height: height, channels: 1)
  }
}

/// Pixels of 8 bits, 1 channel or 3, as the bytes of a PNG file.
///
/// - Throws: where memory is out.
func encodedPNG(
  _ pixels: [UInt8], width: Int32, height: Int32, channels: Int32
) throws(Diagnostic) -> [UInt8] {
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  guard cimage_encode_png(pixels, width, height, channels, 8, &bytes, &count) == 1, let bytes
  else { throw Diagnostic("a picture of \(width) × \(height) pixels cannot be encoded") }
  defer { cimage_free(bytes) }
  return Array(UnsafeBufferPointer(start: bytes, count: count))
}
