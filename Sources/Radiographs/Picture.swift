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
  /// The size of the picture in the file, where it was decoded at a smaller one.
  public let fullSize: (width: Int, height: Int)
  private let start: UnsafeMutablePointer<UInt8>
  /// The pixels with all their bits, where the file has 16 and they were wanted.
  private let deep: UnsafeMutablePointer<UInt16>?

  /// The pixels; valid as long as the picture lives.
  public var pixels: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: width * height)
  }

  /// Decodes a JPEG or PNG file held in memory; the content decides which.
  ///
  /// - Parameters:
  ///   - target: the size in pixels to which the picture will be resized: a JPEG file that is
  ///     much larger is decoded at a fraction of its size, which is faster and gives nearly the same.
  ///   - bits: 16 to keep all the bits of a picture that has as many, too.
  /// - Throws: for anything else, and for a file that is damaged or cut short, as a message without
  ///   the name of the file.
  public init(
    decoding bytes: UnsafeRawBufferPointer, for target: Int = 0, bits: Int = 8
  ) throws(Diagnostic) {
    guard let address = bytes.bindMemory(to: UInt8.self).baseAddress, !bytes.isEmpty else {
      throw Diagnostic("it is empty")
    }
    var picture = cimage_picture()
    let decoded =
      switch PictureFormat(bytes) {
      case .jpeg: cimage_decode_jpeg(address, bytes.count, Int32(clamping: target), &picture)
      case .png: cimage_decode_png(address, bytes.count, bits == 16 ? 1 : 0, &picture)
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
    fullSize = (Int(picture.full_width), Int(picture.full_height))
    start = pixels
    deep = picture.deep
  }

  deinit {
    cimage_free(start)
    cimage_free(deep)
  }

  /// Writes the picture, resized to `width` x `height`, to `out`, which must hold as many bytes.
  ///
  /// The filter is as wide as the reduction, as in Pillow's `resize((width, height), BILINEAR)` and
  /// `BICUBIC`: the same pixels, but for a level where a tall picture makes newer versions of Pillow
  /// start with the columns instead of the rows.
  public func resize(
    width: Int, height: Int, filter: PictureForm.Filter = .bilinear,
    into out: UnsafeMutableBufferPointer<UInt8>
  ) throws(Diagnostic) {
    try resize((0, 0, self.width, self.height), width, height, filter, out)
  }

  /// Writes the picture in the given form to `out`, which must hold a level for each pixel of it.
  ///
  /// Levels of 16 bits are those of the file where it has as many and they were kept, else 257 times
  /// those of 8 bits, resized without rounding to 8.
  public func resize<Level: GrayLevel>(
    _ form: PictureForm, into out: UnsafeMutableBufferPointer<Level>
  ) throws(Diagnostic) {
    let size = form.size
    switch form.fit {
    case .square:
      try resize((0, 0, width, height), size, size, form.filter, out)
    case .crop:
      let side = min(width, height)
      let left = ((width - side) / 2, (height - side) / 2)
      try resize((left.0, left.1, side, side), size, size, form.filter, out)
    case .pad:
      let scale = Double(size) / Double(max(width, height))
      let inner = (
        max(1, Int((Double(width) * scale).rounded())),
        max(1, Int((Double(height) * scale).rounded()))
      )
      var pixels = [Level](repeating: 0, count: inner.0 * inner.1)
      var problem: Diagnostic?
      pixels.withUnsafeMutableBufferPointer { inside in
        do throws(Diagnostic) {
          try resize((0, 0, width, height), inner.0, inner.1, form.filter, inside)
        } catch {
          problem = error
        }
      }
      if let problem { throw problem }
      out.update(repeating: 0)
      let (left, top) = ((size - inner.0) / 2, (size - inner.1) / 2)
      for y in 0..<inner.1 {
        for x in 0..<inner.0 { out[(top + y) * size + left + x] = pixels[y * inner.0 + x] }
      }
    }
    if form.equalize { GrayLevels.equalize(out) }
  }

  private func resize<Level: GrayLevel>(
    _ part: (left: Int, top: Int, width: Int, height: Int), _ width: Int, _ height: Int,
    _ filter: PictureForm.Filter, _ out: UnsafeMutableBufferPointer<Level>
  ) throws(Diagnostic) {
    let first = part.top * self.width + part.left
    let kind = Int32(filter == .bicubic ? cimage_bicubic : cimage_bilinear)
    func scaled<From>(
      _ pixels: UnsafePointer<From>,
      _ scale: (
        UnsafePointer<From>?, Int32, Int32, Int32, UnsafeMutablePointer<From>?, Int32, Int32, Int32
      ) -> Int32
    ) -> Bool {
      out.withMemoryRebound(to: From.self) { out in
        scale(
          pixels + first, Int32(part.width), Int32(part.height), Int32(self.width),
          out.baseAddress, Int32(width), Int32(height), kind) == 1
      }
    }
    var done = false
    if width > 0, height > 0, width <= Int(cimage_longest_side),
      height <= Int(cimage_longest_side), out.count == width * height
    {
      if Level.bitWidth == 8 {
        done = scaled(start, cimage_resize)
      } else if let deep {
        done = scaled(deep, cimage_resize_deep)
      } else {
        done = pixels.map { UInt16($0) * 257 }.withUnsafeBufferPointer { pixels in
          pixels.baseAddress.map { scaled($0, cimage_resize_deep) } ?? false
        }
      }
    }
    guard done else { throw Diagnostic("it cannot be resized to \(width) x \(height) pixels") }
  }
}
