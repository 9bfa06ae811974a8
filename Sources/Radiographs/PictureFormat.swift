import CImage

/// What kind of file a picture is, told by its content and never by its name.
enum PictureFormat: Equatable {
  case jpeg
  case png
  /// Something that is known and not read, in words.
  case other(String)
  case unknown

  init(_ bytes: UnsafeRawBufferPointer) {
    func starts(_ magic: [UInt8], at offset: Int = 0) -> Bool {
      bytes.count >= offset + magic.count
        && zip(magic, bytes[offset...]).allSatisfy { $0 == $1 }
    }
    func starts(_ magic: String, at offset: Int = 0) -> Bool {
      starts(Array(magic.utf8), at: offset)
    }
    if starts([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if starts("II*\0") || starts("MM\0*") {
      self = .other("a TIFF picture")
    } else if starts("DICM", at: 128) {
      self = .other("a DICOM file")
    } else if starts("version https://git-lfs") {
      self = .other("a Git LFS pointer whose picture was not fetched")
    } else if starts("GIF8") {
      self = .other("a GIF picture")
    } else if starts("BM") {
      self = .other("a BMP picture")
    } else if starts("RIFF"), starts("WEBP", at: 8) {
      self = .other("a WebP picture")
    } else if starts([0x1f, 0x8b]) {
      self = .other("a gzip file")
    } else if Self.isPage(bytes) {
      self = .other("an HTML page")
    } else {
      self = .unknown
    }
  }

  private static func isPage(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let text = String(decoding: bytes.prefix(256), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace }
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}
