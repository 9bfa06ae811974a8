import Basics
import Testing

@testable import Radiographs

@Suite struct ImagePackTests {
  private let files = ["gray.png", "palette.png", "rgb-420.jpg", "progressive.jpg"]

  private func cohort(_ paths: [String]) throws -> Cohort {
    try Cohort(
      images: paths.indices.map { "image\($0)" }, paths: paths,
      patients: paths.map { _ in "1" }, columns: [], table: "table.csv")
  }

  /// What is read is what the pictures say, in the order of the cohort.
  @Test func `a pack holds the resized pictures`() throws {
    let folder = try TemporaryFolder()
    let paths = (0..<200).map { files[$0 % 4] }
    var told: [Int] = []
    let report = try packImages(
      cohort(paths), root: golden + "/pictures", form: PictureForm(size: 16), onBadImage: .fail,
      to: folder.path,
      threads: 2
    ) { done, _ in told.append(done) }
    #expect(report.packed == 200 && report.skipped.isEmpty && told == [128, 200])
    #expect(report.digests[0] == (try Files.digest(of: golden + "/pictures/gray.png")))
    let pack = try ImagePack(folder: folder.path)
    #expect([pack.count, pack.height, pack.width] == [200, 16, 16])
    #expect(pack.position(of: pack.images[7]) == 7 && pack.position(of: "none") == nil)
    let order = try cohort(paths)
    for position in [0, 1, 57, 199] {
      let file = try MappedFile(golden + "/pictures/" + order.paths[position])
      let picture = try Picture(decoding: file.bytes)
      var expected = [UInt8](repeating: 0, count: 256)
      try expected.withUnsafeMutableBufferPointer {
        try picture.resize(width: 16, height: 16, into: $0)
      }
      #expect(pack[position].elementsEqual(expected))
    }
  }

  /// The bytes are the same however many threads decode.
  @Test func `threads do not change the bytes`() throws {
    let (one, four) = (try TemporaryFolder(), try TemporaryFolder())
    let cohort = try cohort((0..<70).map { files[$0 % 4] })
    for (folder, threads) in [(one, 1), (four, 4)] {
      try packImages(
        cohort, root: golden + "/pictures", form: PictureForm(size: 24), onBadImage: .fail,
        to: folder.path,
        threads: threads)
    }
    for name in ["images.pack", "pictures.csv"] {
      #expect(try Files.read(one.file(name)) == Files.read(four.file(name)))
    }
  }

  /// Pictures cut short, empty, missing or no picture are all named with their row, and nothing is
  /// left behind; or they are left out and their reason stands in the table.
  @Test func `bad pictures fail together or are skipped`() throws {
    let folder = try TemporaryFolder()
    let whole = try Files.read(golden + "/pictures/gray.jpg")
    try Files.write(whole, to: folder.file("a.jpg"))
    try Files.write(whole.prefix(700), to: folder.file("b.jpg"))
    try folder.write("", to: "c.jpg")
    try folder.write("not a picture", to: "d.jpg")
    let cohort = try cohort(["a.jpg", "b.jpg", "c.jpg", "d.jpg", "e.jpg"])
    let out = folder.file("out")
    func pack(_ policy: BadImagePolicy) throws -> PackReport {
      try packImages(
        cohort, root: folder.path, form: PictureForm(size: 8), onBadImage: policy, to: out,
        threads: 2)
    }
    let said = failure { try pack(.fail) }.split(separator: "\n")
    try #require(said.count == 4)
    #expect(said[0].hasPrefix("table.csv:3: picture `b.jpg` cannot be read: it is a damaged JPEG"))
    #expect(said[1] == "table.csv:4: picture `c.jpg` cannot be read: it is empty")
    #expect(
      said[2] == "table.csv:5: picture `d.jpg` cannot be read: it is not a JPEG or PNG picture")
    #expect(said[3] == "table.csv:6: picture `e.jpg` cannot be read: no such file or directory")
    #expect(!Files.exists(out + "/images.pack") && !Files.exists(out + "/images.pack.part"))
    #expect(!Files.exists(out + "/pictures.csv"))
    let report = try pack(.skip)
    #expect(report.packed == 1 && report.skipped == ["image1", "image2", "image3", "image4"])
    #expect(try ImagePack(folder: out).images == ["image0"])
    let table = try CSV(path: out + "/pictures.csv")
    let problem = try table.requiredColumn("problem")
    #expect(table.rowCount == 5 && table[0, problem].isEmpty && table[2, problem] == "it is empty")
    let bad = try Cohort(images: ["x"], paths: ["c.jpg"], patients: ["1"], columns: [])
    let none = failure {
      try packImages(
        bad, root: folder.path, form: PictureForm(size: 8), onBadImage: .skip, to: out, threads: 1)
    }
    #expect(none == "the only picture cannot be read")
  }

  /// A pack of 16 bits holds two bytes for a level, and says so; its moments are those of its levels.
  @Test func `a pack can hold sixteen bits`() throws {
    let folder = try TemporaryFolder()
    let order = try cohort(["gray-16-bit.png", "gray.jpg", "palette.png"])
    let form = PictureForm(size: 16, bits: 16)
    try packImages(
      order, root: golden + "/pictures", form: form, onBadImage: .fail, to: folder.path, threads: 2)
    let pack = try ImagePack(folder: folder.path)
    #expect(pack.bits == 16 && pack.width == 16 && pack[2].count == 512)
    let file = try MappedFile(golden + "/pictures/" + order.paths[0])
    let picture = try Picture(decoding: file.bytes, bits: 16)
    var expected = [UInt16](repeating: 0, count: 256)
    try expected.withUnsafeMutableBufferPointer { try picture.resize(form, into: $0) }
    var levels = [Int](repeating: 0, count: 256)
    levels.withUnsafeMutableBufferPointer { pack.levels(of: 0, into: $0) }
    #expect(levels == expected.map(Int.init) && levels.contains { $0 % 257 != 0 })
    let mean = Double(levels.reduce(0, +)) / 256 / 65535
    let squares = levels.map { (Double($0) / 65535 - mean) * (Double($0) / 65535 - mean) }
    let moments = pack.moments(of: [0])
    #expect(abs(moments.mean - mean) < 1e-12)
    #expect(abs(moments.deviation - (squares.reduce(0, +) / 256).squareRoot()) < 1e-9)
    #expect(pack.moments(of: []).deviation == 0)
    let said = failure {
      try packImages(
        order, root: golden + "/pictures", form: PictureForm(size: 16, bits: 12),
        onBadImage: .fail, to: folder.path, threads: 1)
    }
    #expect(said == "levels of 12 bits cannot be packed: 8 and 16 can")
  }

  /// A pack that is cut short, of another kind, or beside a strange table is refused.
  @Test func `a foreign or damaged pack is refused`() throws {
    let folder = try TemporaryFolder()
    try packImages(
      cohort(files), root: golden + "/pictures", form: PictureForm(size: 8), onBadImage: .fail,
      to: folder.path,
      threads: 1)
    let path = folder.file("images.pack")
    let bytes = try Files.read(path)
    #expect(bytes.count == 64 + 4 * 64)
    func said(_ changed: [UInt8]) throws -> String {
      try Files.write(changed, to: path)
      return failure { try ImagePack(folder: folder.path).count }
    }
    #expect(try said([]).contains("it has no header"))
    #expect(try said(Array(bytes.dropLast())).contains("it holds 319 bytes, not 4 pictures"))
    var changed = bytes
    changed[0] = 0
    #expect(try said(changed).contains("it starts otherwise"))
    changed = bytes
    changed.replaceSubrange(16..<32, with: [UInt8](repeating: 255, count: 16))
    #expect(try said(changed).contains("it holds 320 bytes"))
    changed = bytes
    changed[40] ^= 1
    #expect(try said(changed).contains("lists other pictures"))
    #expect(try said(bytes).isEmpty)
  }

  /// Statistics of a picture with a white border around black.
  @Test func `the border is a frame of a sixteenth`() throws {
    let file = try MappedFile(golden + "/pictures/gray.png")
    let picture = try Picture(decoding: file.bytes)
    let measured = PictureStatistics(picture, fileBytes: file.bytes.count)
    let pixels = Array(picture.pixels)
    let border = pixels.indices.filter {
      let (x, y) = ($0 % 45, $0 / 45)
      return x < 2 || y < 2 || x >= 43 || y >= 31
    }.map { Double(pixels[$0]) }
    let mean = border.reduce(0, +) / Double(border.count)
    #expect(abs(measured.borderMean - mean) < 1e-9)
    let squares = border.map { ($0 - mean) * ($0 - mean) }
    let sd = (squares.reduce(0, +) / Double(border.count)).squareRoot()
    #expect(abs(measured.borderSD - sd) < 1e-9)
    #expect(measured.darkFraction == Double(pixels.count { $0 < 16 }) / 1485)
    #expect(measured.brightFraction == Double(pixels.count { $0 >= 240 }) / 1485)
    #expect(measured.fileBytes == file.bytes.count)
  }
}
