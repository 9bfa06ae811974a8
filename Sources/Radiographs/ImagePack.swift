import Basics

/// Pictures of one size, decoded once and mapped into memory.
///
/// A folder with two files. `images.pack` is a header of 64 bytes and then the pixels of each
/// picture, `height * width` gray levels, those of 16 bits with the lower byte first, in the order of the cohort; `pictures.csv` has a row per
/// picture of the cohort, and those without a `problem` are, in its order, those in the pack. The
/// header, little-endian:
///
/// | bytes | content |
/// |---|---|
/// | 0–7 | `CXRPACK\n` |
/// | 8–15 | version (1), channels (1), bits per channel (8 or 16), 0; 16 bits each |
/// | 16–23 | number of pictures |
/// | 24–31 | height, width; 32 bits each |
/// | 32–63 | SHA-256 of the keys of the pictures, each followed by a line break |
public struct ImagePack: Sendable {
  /// The keys of the pictures, in the order of the pack.
  public let images: [String]
  /// The height of every picture in pixels.
  public let height: Int
  /// The width of every picture in pixels.
  public let width: Int
  /// The bits of a gray level, 8 or 16.
  public let bits: Int
  private let file: MappedFile
  private let positions: [String: Int]

  static let pixelsFile = "images.pack"
  static let picturesFile = "pictures.csv"
  static let headerSize = 64
  private static let magic = Array("CXRPACK\n".utf8)

  /// How many pictures there are.
  public var count: Int { images.count }

  /// Opens the pack in `folder`.
  ///
  /// - Throws: when a file is missing, cut short, no pack, or of another pack than its neighbour.
  public init(folder: String) throws(Diagnostic) {
    try self.init(
      pixels: Files.join(folder, Self.pixelsFile),
      pictures: Files.join(folder, Self.picturesFile))
  }

  /// Opens the pack whose two files lie at these paths.
  ///
  /// - Throws: as ``init(folder:)``.
  public init(pixels path: String, pictures: String) throws(Diagnostic) {
    let file = try MappedFile(path)
    let bytes = file.bytes
    func foreign(_ why: String) -> Diagnostic { Diagnostic("`\(path)` is no image pack: \(why)") }
    guard bytes.count >= Self.headerSize else { throw foreign("it has no header") }
    guard bytes.prefix(8).elementsEqual(Self.magic) else { throw foreign("it starts otherwise") }
    func number(_ offset: Int, _ size: Int) -> UInt64 {
      bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let bits = number(12, 2)
    guard number(8, 2) == 1, number(10, 2) == 1, bits == 8 || bits == 16 else {
      throw foreign(
        "it has version \(number(8, 2)), \(number(10, 2)) channels, \(bits) bits")
    }
    let (count, height, width) = (number(16, 8), number(24, 4), number(28, 4))
    // Sides of 32 bits cannot overflow 64, levels of two bytes can.
    let (area, tooLarge) = (height * width).multipliedReportingOverflow(by: bits / 8)
    let (size, overflow) = area.multipliedReportingOverflow(by: count)
    guard !overflow, !tooLarge, area > 0, size == UInt64(bytes.count - Self.headerSize) else {
      throw foreign("it holds \(bytes.count) bytes, not \(count) pictures of \(height) x \(width)")
    }
    let table = try CSV(path: pictures)
    let (image, problem) = (
      try table.requiredColumn("image"), try table.requiredColumn("problem")
    )
    let images = (0..<table.rowCount).filter { table[$0, problem].isEmpty }.map { table[$0, image] }
    guard images.count == count,
      Self.digest(of: images).bytes.elementsEqual(bytes[32..<Self.headerSize])
    else { throw foreign("`\(table.file)` lists other pictures") }
    self.images = images
    self.height = Int(height)
    self.width = Int(width)
    self.bits = Int(bits)
    self.file = file
    positions = Dictionary(zip(images, images.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Where the picture with key `image` stands in the pack; `nil` where it was left out.
  public func position(of image: String) -> Int? { positions[image] }

  /// The levels `[height, width]` of the picture at `position`, as bytes; valid as long as the pack lives.
  public subscript(position: Int) -> UnsafeRawBufferPointer {
    precondition(images.indices.contains(position), "no picture stands there")
    let count = height * width * bits / 8
    let start = Self.headerSize + position * count
    return UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + count])
  }

  /// Writes the levels of the picture at `position`, 0 to 255 or 65,535, to `out`, which must hold
  /// `height * width` of them.
  public func levels<Level: BinaryInteger>(
    of position: Int, into out: UnsafeMutableBufferPointer<Level>
  ) {
    let bytes = self[position]
    if bits == 8 {
      for index in bytes.indices { out[index] = Level(truncatingIfNeeded: bytes[index]) }
    } else {
      for index in 0..<bytes.count / 2 {
        out[index] = Level(
          truncatingIfNeeded: Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8)
      }
    }
  }

  /// Mean and standard deviation (divided by n) of the levels of the pictures at `positions`, from 0 to
  /// 1, each picture weighing the same; 0 and 0 where there is none.
  public func moments(of positions: some Collection<Int>) -> (mean: Double, deviation: Double) {
    let area = height * width
    let brightest = Double(1 << bits - 1)
    var (mean, square) = (0.0, 0.0)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: area) { levels in
      for position in positions {
        self.levels(of: position, into: levels)
        var (sum, squares) = (0, 0)
        for level in levels {
          sum += level
          squares += level * level
        }
        mean += Double(sum) / (Double(area) * brightest)
        square += Double(squares) / (Double(area) * brightest * brightest)
      }
    }
    guard !positions.isEmpty else { return (0, 0) }
    mean /= Double(positions.count)
    return (mean, max(0, square / Double(positions.count) - mean * mean).squareRoot())
  }

  static func header(images: [String], size: Int, bits: Int) -> [UInt8] {
    func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
    let shape = [UInt16(1), 1, UInt16(bits), 0].flatMap { bytes($0) } + bytes(UInt64(images.count))
    return magic + shape + bytes(UInt32(size)) + bytes(UInt32(size)) + digest(of: images).bytes
  }

  private static func digest(of images: [String]) -> Digest {
    Digest(of: images.map { $0 + "\n" }.joined())
  }
}
