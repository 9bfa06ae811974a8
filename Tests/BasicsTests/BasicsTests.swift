import Basics
import Foundation
import Testing

@Suite struct BasicsTests {
  /// FIPS 180-4, example of one block.
  @Test func `the digest is SHA-256`() {
    let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(Digest(of: "abc").hex == expected)
    #expect(Digest(hex: expected) == Digest(of: "abc"))
    #expect(Digest(hex: "ba78") == nil)
  }

  /// The same name and seed give the same numbers, another name unrelated ones.
  @Test func `streams are named and seeded`() {
    var a = RandomStream("split", seed: 7)
    var b = RandomStream("split", seed: 7)
    var c = RandomStream("order", seed: 7)
    let first = (0..<8).map { _ in a.next() }
    #expect(first == (0..<8).map { _ in b.next() })
    #expect(first != (0..<8).map { _ in c.next() })
    // As computed by an independent implementation of xoshiro256** in Python.
    #expect(first[0] == 18_051_838_376_123_567_191)
  }

  /// Each number below the bound is equally likely, and a shuffle is a permutation.
  @Test func `draws are fair`() {
    var stream = RandomStream("test", seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.below(7)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    let normals = (0..<20_000).map { _ in stream.normal() }
    #expect(abs(normals.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normals.map { $0 * $0 }.reduce(0, +) / 20_000 - 1) < 0.05)
    var items = Array(0..<100)
    stream.shuffle(&items)
    #expect(items != Array(0..<100) && items.sorted() == Array(0..<100))
  }

  /// A name is suggested only when it is near.
  @Test func `near names are suggested`() {
    #expect(nearestName(to: "densnet121", among: ["densenet121", "resnet18"]) == "densenet121")
    #expect(nearestName(to: "vgg", among: ["densenet121", "resnet18"]) == nil)
  }

  /// The message stands with its place, the line and a caret.
  @Test func `a diagnostic shows its line`() {
    let place = Place(file: "a.yaml", line: 12, column: 3, length: 4)
    let text = Diagnostic("unknown arch `dens`", at: place, hint: "did you mean `x`?").rendered {
      _, _ in "  dens"
    }
    #expect(
      text == """
        error: unknown arch `dens`
          --> a.yaml:12:3
           |
        12 |   dens
           |   ^^^^

        hint: did you mean `x`?

        """)
  }

  /// Gzip files are inflated, damaged ones refused by name.
  @Test func `gzip is read`() throws {
    let folder = NSTemporaryDirectory() + "basics-\(UUID())"
    try Files.makeFolder(folder + "/deep/er")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let packed: [UInt8] = [
      31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 75, 212, 73, 226, 50, 212, 49, 226, 2, 0, 123, 7, 151, 10,
      8,
      0, 0, 0,
    ]
    try Files.write(packed, to: folder + "/a.csv.gz")
    let inflated = try? Files.readMaybeCompressed(folder + "/a.csv.gz")
    #expect(inflated.map { String(decoding: $0, as: UTF8.self) } == "a,b\n1,2\n")
    try Files.write(packed.dropLast(9), to: folder + "/a.csv.gz")
    #expect(throws: Diagnostic.self) { try Files.readMaybeCompressed(folder + "/a.csv.gz") }
    #expect(throws: Diagnostic.self) { try Files.read(folder + "/none") }
    #expect(throws: Diagnostic.self) { try Files.read(folder) }
  }
}
