import Basics
import Testing

@testable import Radiographs

@Suite struct PictureFormTests {
  private func resized(_ path: String, _ form: PictureForm, isScaled: Bool) throws -> [UInt8] {
    let file = try MappedFile(path)
    let picture = try Picture(decoding: file.bytes, for: isScaled ? form.size : 0)
    var pixels = [UInt8](repeating: 7, count: form.size * form.size)
    try pixels.withUnsafeMutableBufferPointer { try picture.resize(form, into: $0) }
    return pixels
  }

  /// Pillow's BICUBIC, pixel by pixel, and its `ImageOps.equalize`; squeezed, padded and cropped.
  @Test func `forms are those of the reference`() throws {
    let table = try CSV(path: golden + "/pictures/forms.csv")
    #expect(table.rowCount == 8)
    for row in 0..<table.rowCount {
      let form = PictureForm(
        size: try #require(Int(table[row, 1])),
        fit: try #require(PictureForm.Fit(rawValue: table[row, 2])),
        filter: try #require(PictureForm.Filter(rawValue: table[row, 3])),
        equalize: table[row, 4] == "1")
      let pixels = try resized(golden + "/pictures/" + table[row, 0], form, isScaled: false)
      let digits = Array(table[row, 5])
      let expected = stride(from: 0, to: digits.count, by: 2).map {
        UInt8(String(digits[$0...$0 + 1]), radix: 16) ?? 0
      }
      #expect(pixels == expected, "row \(row)")
    }
  }

  private func numbers(_ hex: String, digits: Int) -> [Int] {
    let text = Array(hex)
    return stride(from: 0, to: text.count, by: digits).map {
      Int(String(text[$0..<$0 + digits]), radix: 16) ?? 0
    }
  }

  /// Levels of 16 bits keep all their bits: those of Pillow's floating-point resizing, rounded.
  @Test func `sixteen bits are resized as such`() throws {
    let table = try CSV(path: golden + "/pictures/deep.csv")
    #expect(table.rowCount == 3)
    for row in 0..<table.rowCount {
      let file = try MappedFile(golden + "/pictures/" + table[row, 0])
      let picture = try Picture(decoding: file.bytes, bits: 16)
      let form = PictureForm(
        size: try #require(Int(table[row, 1])),
        filter: try #require(PictureForm.Filter(rawValue: table[row, 2])), bits: 16)
      var levels = [UInt16](repeating: 7, count: form.size * form.size)
      try levels.withUnsafeMutableBufferPointer { try picture.resize(form, into: $0) }
      let expected = numbers(table[row, 3], digits: 4)
      #expect(levels.count == expected.count)
      #expect(zip(levels, expected).allSatisfy { abs(Int($0) - $1) <= 1 }, "row \(row)")
      // A file of 8 bits has 257 times its levels.
      let plain = try MappedFile(golden + "/pictures/gray.png")
      let other = try Picture(decoding: plain.bytes, bits: 16)
      try levels.withUnsafeMutableBufferPointer { try other.resize(form, into: $0) }
      #expect(
        zip(levels, expected).allSatisfy { abs(Int($0) - $1) <= 300 } && Set(levels).count > 200)
    }
  }

  /// Decoded at a fraction of its size, a picture still is Pillow's: at most 0.5 gray levels off on
  /// average, 3 for 99 % of the pixels.
  @Test func `scaled decoding is that of the reference, nearly`() throws {
    let table = try CSV(path: golden + "/pictures/scaled.csv")
    #expect(table.rowCount == 6)
    for row in 0..<table.rowCount {
      let form = PictureForm(
        size: try #require(Int(table[row, 1])),
        filter: try #require(PictureForm.Filter(rawValue: table[row, 2])))
      let path = golden + "/pictures/" + table[row, 0]
      let file = try MappedFile(path)
      #expect(try Picture(decoding: file.bytes, for: form.size).width < 640)
      let pixels = try resized(path, form, isScaled: true)
      let off = zip(pixels, numbers(table[row, 3], digits: 2)).map { abs(Int($0) - $1) }.sorted()
      #expect(Double(off.reduce(0, +)) / Double(off.count) <= 0.5, "row \(row)")
      #expect(off[off.count * 99 / 100] <= 3, "row \(row)")
    }
  }

  /// A JPEG file decoded at a fraction of its size gives nearly what the whole picture does: at most
  /// 0.5 gray levels off on average, 3 for 99 % of the pixels. Whole pictures give Pillow's pixels.
  @Test(
    .enabled(if: SharedData.exists, SharedData.skipped),
    arguments: [
      (224, PictureForm.Filter.bilinear), (224, .bicubic), (96, .bilinear), (64, .bicubic),
    ])
  func `scaled decoding is close`(size: Int, filter: PictureForm.Filter) throws {
    let cohort = try CohortSource(source: "nih").read(root: SharedData.path("nih-pneumonia")).cohort
    let form = PictureForm(size: size, filter: filter)
    var counts = [Int](repeating: 0, count: 256)
    for path in cohort.paths.enumerated().filter({ $0.offset % 12 == 0 }).map(\.element) {
      let file = SharedData.path("nih-pneumonia/" + path)
      let (whole, scaled) = (
        try resized(file, form, isScaled: false), try resized(file, form, isScaled: true)
      )
      for (a, b) in zip(whole, scaled) { counts[abs(Int(a) - Int(b))] += 1 }
    }
    let all = counts.reduce(0, +)
    let sum = counts.enumerated().reduce(0) { $0 + $1.offset * $1.element }
    #expect(sum > 0 && Double(sum) / Double(all) <= 0.5)
    #expect(Double(counts[...3].reduce(0, +)) >= 0.99 * Double(all))
    let first = try MappedFile(SharedData.path("nih-pneumonia/" + cohort.paths[0]))
    let picture = try Picture(decoding: first.bytes, for: size)
    #expect(picture.width < 512 && picture.fullSize == (512, 512))
    // Whole, where that is asked for.
    let folder = try TemporaryFolder()
    try packImages(
      Cohort(
        images: ["a"], paths: ["nih-pneumonia/" + cohort.paths[0]], patients: ["1"], columns: []),
      root: SharedData.path(""), form: PictureForm(size: size, filter: filter, decode: .whole),
      onBadImage: .fail, to: folder.path, threads: 1)
    let expected = try resized(
      SharedData.path("nih-pneumonia/" + cohort.paths[0]), form, isScaled: false)
    let pack = try ImagePack(folder: folder.path)
    withExtendedLifetime(pack) { #expect(pack[0].elementsEqual(expected)) }
  }

  /// Negatives are found, and radiographs are not taken for them.
  @Test(.enabled(if: SharedData.exists, SharedData.skipped))
  func `negatives are flagged`() throws {
    let survey = PictureSurvey(
      try CohortSource(source: "nih").read(root: SharedData.path("nih-tiny")).cohort.paths,
      root: SharedData.path("nih-tiny"), threads: 2)
    #expect(survey.inverted.isEmpty && survey.problems.allSatisfy { $0 == nil })
    var pixels = try resized(
      SharedData.path("awkward/inverted.jpg"), PictureForm(size: 64), isScaled: true)
    pixels.withUnsafeMutableBufferPointer {
      #expect(GrayLevels.looksInverted($0, size: 64))
    }
  }
}
