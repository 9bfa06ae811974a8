import Basics
import Testing

@testable import Pipeline

@Suite struct FingerprintTests {
  private let example = Fingerprint(
    kind: "train", version: 3,
    parameters: Value.map([
      "train": .map(["epochs": .int(4), "lr": .double(1e-4), "name": .string("α\nβ")])
    ]).leaves,
    inputs: [("split", Digest(of: "split")), ("images", Digest(of: "images"))])

  /// Caches outlive programs: a changed text would orphan every result that was ever made.
  @Test func `the text and its digest are pinned`() {
    #expect(
      example.text == """
        kind 5:train
        version 1:3
        parameter 12:train.epochs 1:4
        parameter 8:train.lr 6:0.0001
        parameter 10:train.name 11:"α\\u{a}β"
        input 6:images 64:\(Digest(of: "images").hex)
        input 5:split 64:\(Digest(of: "split").hex)

        """)
    #expect(
      example.digest.hex == "76eb601b5d6b8e699274e52ae1f56bc2207f929d22c202dd763cded7b09e0a8e")
  }

  /// Reasons come from texts, so a text says all that went into it.
  @Test func `a text reads back as what it was made of`() throws {
    let read = try #require(Fingerprint(text: example.text))
    #expect(read.kind == "train" && read.version == 3)
    #expect(read.parameters.map(\.name) == example.parameters.map(\.name))
    #expect(read.parameters.map(\.text) == example.parameters.map(\.text))
    #expect(read.inputs.map(\.name) == ["images", "split"])
    #expect(read.digest == example.digest && read.shape == example.shape)
  }

  /// A damaged text is no fingerprint, and reading it never traps.
  @Test func `a text cut short or altered is refused`() {
    for count in 0..<example.text.utf8.count {
      let cut = String(decoding: Array(example.text.utf8.prefix(count)), as: UTF8.self)
      #expect(Fingerprint(text: cut).map { $0.text == cut } ?? true)
    }
    #expect(Fingerprint(text: "kind 999999999999999999999:x\n") == nil)
    #expect(Fingerprint(text: "kind -1:x\n") == nil)
    #expect(Fingerprint(text: "kind 5:train\nversion 1:3\ncolour 3:red\n") == nil)
  }

  /// Two different things written alike would share one result.
  @Test func `no two values are written alike`() {
    let values: [Value] = [
      .null, .string("null"), .string(""), .bool(true), .string("true"), .int(4), .double(4),
      .string("4"), .string("4.0"), .double(.nan), .string("nan"), .double(.infinity),
      .string("inf"), .list([]), .string("[]"), .map([:]), .string("{}"),
      .list([.string("a, b")]), .list([.string("a"), .string("b")]), .list([.string("a\", \"b")]),
      .list([.list([.string("a")]), .string("b")]), .list([.list([.string("a"), .string("b")])]),
      .list([.map(["a": .string("b: c")])]), .list([.map(["a: b": .string("c")])]),
      .string("\"a\""), .string("a"), .string("a\\"), .string("\"a\\\""), .string(" a"),
      .string("a\nb"), .string("a\\nb"), .map(["a.b": .int(1)]),
      .map(["a": .map(["b": .int(1)])]),
    ]
    let written = values.map { $0.leaves.map { "\($0.name)=\($0.text)" }.joined(separator: ";") }
    for (index, text) in written.enumerated() {
      #expect(written.firstIndex(of: text) == index, "\(text)")
      #expect(!text.contains("\n"))
    }
  }
}
