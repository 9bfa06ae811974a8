import Basics
import Testing

@testable import Radiographs

@Suite struct PictureTests {
  private func statistics(_ path: String) throws -> PictureStatistics {
    let file = try MappedFile(path)
    return PictureStatistics(try Picture(decoding: file.bytes), fileBytes: file.bytes.count)
  }

  /// Gray, colour, palette, key colour, fewer and more than 8 bits, alpha, progressive and CMYK come
  /// out as Pillow decodes them.
  @Test func `pixels are those of the reference`() throws {
    let table = try CSV(path: golden + "/pictures/decoded.csv")
    #expect(table.rowCount == 15)
    for row in 0..<table.rowCount {
      let file = try MappedFile(golden + "/pictures/" + table[row, 0])
      let picture = try Picture(decoding: file.bytes)
      #expect([picture.width, picture.height].map(String.init) == [table[row, 1], table[row, 2]])
      #expect(Digest(of: Array(picture.pixels)).hex == table[row, 3], "\(table[row, 0])")
      let measured = PictureStatistics(picture, fileBytes: 0)
      #expect(abs(measured.mean - (Double(table[row, 4]) ?? -1)) < 1e-9)
      #expect(abs(measured.sd - (Double(table[row, 5]) ?? -1)) < 1e-9)
    }
  }

  /// Smaller, larger, along one side only: every pixel is Pillow's, but for a level where Pillow
  /// starts with the columns because that is less work.
  @Test func `resizing is antialiased bilinear`() throws {
    let table = try CSV(path: golden + "/pictures/resized.csv")
    #expect(table.rowCount == 8)
    for row in 0..<table.rowCount {
      let file = try MappedFile(golden + "/pictures/" + table[row, 0])
      let picture = try Picture(decoding: file.bytes)
      let (width, height) = (try #require(Int(table[row, 1])), try #require(Int(table[row, 2])))
      var resized = [UInt8](repeating: 0, count: width * height)
      try resized.withUnsafeMutableBufferPointer {
        try picture.resize(width: width, height: height, into: $0)
      }
      let digits = Array(table[row, 3])
      let expected = stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
      }
      #expect(zip(resized, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
      if height > 3 { #expect(resized == expected, "\(width) x \(height)") }
    }
  }

  /// Odd files as they occur: each is read with the right pixels or refused with a reason.
  @Test(.enabled(if: SharedData.exists, SharedData.skipped))
  func `awkward files behave as listed`() throws {
    let table = try CSV(path: SharedData.path("awkward/awkward.csv"))
    func column(_ name: String) throws -> Int { try table.requiredColumn(name) }
    let (path, expect) = (try column("path"), try column("expect"))
    let references = try ["ref_width", "ref_height", "ref_mean", "ref_std"].map(column)
    var refused: [String: String] = [:]
    for row in 0..<table.rowCount {
      let name = table[row, path]
      guard table[row, expect] == "read" else {
        refused[name] = failure { try statistics(SharedData.path("awkward/" + name)).mean }
        continue
      }
      let measured = try statistics(SharedData.path("awkward/" + name))
      // The table blends `gray-alpha.png` with black; we drop transparency, as Pillow's
      // `convert("L")` does, which gives 108.44 and 51.03.
      let reference =
        name == "gray-alpha.png"
        ? [512, 512, 108.44, 51.03] : references.map { Double(table[row, $0]) ?? -1 }
      #expect(Double(measured.width) == reference[0], "\(name)")
      #expect(Double(measured.height) == reference[1], "\(name)")
      #expect(abs(measured.mean - reference[2]) < 0.02, "\(name)")
      // 16 bits are rounded to 8 before they are measured.
      #expect(abs(measured.sd - reference[3]) < 0.05, "\(name)")
    }
    #expect(refused.count == 10 && refused.values.allSatisfy { !$0.isEmpty })
    #expect(refused["empty.jpg"] == "it is empty")
    #expect(refused["gray16.tif"] == "it is a TIFF picture, not a JPEG or PNG picture")
    #expect(refused["monochrome1-12bit.dcm"] == "it is a DICOM file, not a JPEG or PNG picture")
    #expect(refused["login-page.jpg"] == "it is an HTML page, not a JPEG or PNG picture")
    #expect(refused["lfs-pointer.jpg"]?.contains("Git LFS pointer") == true)
    #expect(refused["directory.jpg"]?.hasSuffix("it is not a file") == true)
    for cut in ["truncated-60pct.jpg", "header-only.jpg"] {
      #expect(refused[cut]?.hasPrefix("it is a damaged JPEG file: ") == true)
    }
    #expect(refused["truncated-60pct.png"] == "it is a damaged PNG file: it ends too early")
    #expect(refused["bad-crc.png"] == "it is a damaged PNG file: bad adaptive filter value")
  }

  /// A picture cut anywhere is refused, never read beyond its end and never filled up.
  @Test(arguments: ["gray.png", "palette.png", "gray.jpg", "progressive.jpg", "rgb-420.jpg"])
  func `a picture cut short is refused`(name: String) throws {
    let bytes = try Files.read(golden + "/pictures/" + name)
    for count in 0..<bytes.count - 2 {
      let said = failure {
        try Array(bytes[..<count]).withUnsafeBytes { try Picture(decoding: $0).width }
      }
      #expect(!said.isEmpty, "\(count) of \(bytes.count) bytes")
    }
  }

  /// Any damage gives an error or a picture, nothing else.
  @Test(arguments: ["rgba.png", "palette-4-bit.png", "progressive.jpg", "cmyk.jpg"])
  func `a damaged picture does no harm`(name: String) throws {
    let bytes = try Files.read(golden + "/pictures/" + name)
    var stream = RandomStream("test", seed: 3)
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<1 + stream.below(4) {
        damaged[stream.below(bytes.count)] = UInt8(stream.below(256))
      }
      _ = failure { try damaged.withUnsafeBytes { try Picture(decoding: $0).width } }
    }
  }

  /// A few bytes must not make us ask for gigabytes.
  @Test func `a picture that claims to be huge is refused`() throws {
    var png = try Files.read(golden + "/pictures/gray.png")
    png.replaceSubrange(16..<24, with: [0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff])
    var crc = UInt32.max
    for byte in png[12..<29] {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    png.replaceSubrange(29..<33, with: (0..<4).map { UInt8(~crc >> (24 - 8 * $0) & 255) })
    let said = failure { try png.withUnsafeBytes { try Picture(decoding: $0).width } }
    #expect(said == "it claims to be 65535 x 65535 pixels, more than is read")
  }
}
