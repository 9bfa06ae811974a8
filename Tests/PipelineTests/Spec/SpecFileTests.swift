import Basics
import Foundation
import Pipeline
import Testing

/// A spec that cannot be read says where and why, and places count characters.
@Suite struct SpecFileTests {
  let world = SpecWorld()

  /// Every value and key knows where it stands, in block and flow style.
  @Test("keys and values have their places")
  func places() {
    let root = world.parse(
      "# study\nname: first\nsplit: {by: patient, parts: [a, \"b c\"]}\nlist:\n  - x\n  - y: 1\n")
    func at(_ path: String...) -> String {
      guard let place = root.node(at: path)?.place else { return "none" }
      return "\(place.line):\(place.column ?? 0)+\(place.length)"
    }
    #expect(at("name") == "2:7+5")
    #expect(at("split") == "3:8+32")
    #expect(at("split", "by") == "3:13+7")
    #expect(at("split", "parts") == "3:29+10")
    #expect(root["split"]?["parts"]?.items?.last?.place.column == 33)
    #expect(root["list"]?.items?.first?.place.line == 5)
    #expect(root["list"]?.items?.last?["y"]?.place == Place(file: "spec.yaml", line: 6, column: 8))
    #expect(root.entries?.map(\.keyPlace.line) == [2, 3, 4])
    #expect(world.found.isEmpty)
  }

  /// A caret stands under its character whatever the characters before it are made of.
  @Test("columns count characters, not bytes or code points")
  func columns() {
    let root = world.parse("x: {é: 1, e\u{301}👩‍👩‍👧: bad}\r\ny: z\r\n")
    #expect(root["x"]?.entries?.last?.value.place.column == 15)
    #expect(root["y"]?.place == Place(file: "spec.yaml", line: 2, column: 4))
  }

  /// Everything about the file itself that is wrong has a message of its own.
  @Test(
    "what is not a spec is refused",
    arguments: [
      ("", "1:-+1 the spec is empty"),
      ("# only words\n", "1:-+1 the spec is empty"),
      ("- a\n- b\n", "1:1+1 expected keys with values at the top, found a list"),
      ("hello\n", "1:1+5 expected keys with values at the top, found `hello`"),
      ("a: 1\n---\nb: 2\n", "2:1+1 a spec is one YAML document, and another begins here"),
      ("a: [1, 2\nb: 3\n", "2:2+1 invalid YAML: did not find expected ',' or ']'"),
      ("a: b: c\n", "1:5+1 invalid YAML: mapping values are not allowed in this context"),
      ("a:\n\tb: 1\n", "2:1+1 invalid YAML: found character that cannot start any token"),
      ("a: *b\n", "1:4+1 invalid YAML: found undefined alias"),
      ("a: \u{7}\n", "1:4+1 invalid YAML: control characters are not allowed"),
      ("a: !!python/object 1\n", "1:4+15 tags are not understood here"),
      ("? [a, b]\n: 1\n", "1:3+6 expected a text for a key, found a list"),
      ("a: \"open\nb: 1\n", "2:5+1 invalid YAML: found unexpected end of stream"),
    ])
  func refused(text: String, message: String) {
    _ = world.parse(text)
    #expect(world.found == [message])
    for diagnostic in world.diagnostics.sorted {
      #expect(world.diagnostics.sources.line("spec.yaml", diagnostic.place?.line ?? 0) != nil)
    }
  }

  /// A key that occurs twice is reported where it occurs again, and reading goes on.
  @Test("every repeated key is reported at its place")
  func duplicates() {
    let root = world.parse(
      "a: 1\nb: {x: 1, y: 2, x: 3}\n\"a\": 2\nc:\n  d: 1\n  d: 2\n  d: 3\na: 4\n")
    #expect(
      world.found == [
        "2:17+1 key `x` occurs twice", "3:1+3 key `a` occurs twice", "6:3+1 key `d` occurs twice",
        "7:3+1 key `d` occurs twice", "8:1+1 key `a` occurs twice",
      ])
    #expect(world.hints.map { $0 ?? "" }.first == "it is also in line 2")
    #expect(world.hints.last == "it is also in line 1")
    #expect(root["a"]?.text == "1")
    #expect(root["c"]?["d"]?.text == "1")
  }

  /// Aliases are written out; one that multiplies without end is refused, and quickly.
  @Test("aliases are resolved, alias bombs and deep nests are refused")
  func aliases() {
    #expect(world.parse("a: &x [1, 2]\nb: *x\n")["b"]?.items?.count == 2)
    #expect(world.found.isEmpty)

    var bomb = "a0: &a0 [x, x, x, x, x, x]\n"
    for level in 1...6 {
      bomb += "a\(level): &a\(level) ["
      bomb += Array(repeating: "*a\(level - 1)", count: 6).joined(separator: ", ") + "]\n"
    }
    let values = SpecWorld()
    _ = values.parse(bomb)
    #expect(
      values.found.map { $0.split(separator: " ", maxSplits: 1)[1] } == [
        "the spec holds more than 100,000 values"
      ])
    let many = SpecWorld()
    _ = many.parse("a: &x 1\nb: [" + String(repeating: "*x, ", count: 41) + "]\n")
    #expect(many.found == ["2:165+1 more than 40 aliases in one file"])
    for depth in [65, 900, 5000] {
      let deep = SpecWorld()
      _ = deep.parse(
        "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
      #expect(deep.found.count == 1)
      #expect(deep.found.first?.contains("nested") == true, "\(deep.found)")
    }
  }

  /// Bytes that are no text, and files that cannot be read, are no crash.
  @Test("bytes that are not UTF-8 and files that are not there are reported")
  func unreadable() {
    let bytes = Array("a: 1\nb: ".utf8) + [0xff, 0xfe, 10]
    #expect(SpecFile.parse(bytes, file: "spec.yaml", diagnostics: world.diagnostics) == nil)
    #expect(world.found == ["2:-+1 the text is not UTF-8"])

    let folder = FileManager.default.temporaryDirectory.path
    let missing = SpecWorld()
    #expect(SpecFile.read(path: folder + "/none.yaml", diagnostics: missing.diagnostics) == nil)
    #expect(missing.found == ["cannot read `\(folder)/none.yaml`: no such file or directory"])
    let notFile = SpecWorld()
    #expect(SpecFile.read(path: folder, diagnostics: notFile.diagnostics) == nil)
    #expect(notFile.found.count == 1)
    let large = SpecWorld()
    _ = large.parse(String(repeating: "# too much\n", count: 100_000))
    #expect(large.found == ["`spec.yaml` is larger than 1 MiB and cannot be a spec"])
  }

  /// A byte-order mark is no part of the first key.
  @Test("a byte-order mark is skipped")
  func byteOrderMark() {
    #expect(world.parse("\u{feff}name: x\n")["name"]?.place.column == 7)
    #expect(world.found.isEmpty)
  }
}
