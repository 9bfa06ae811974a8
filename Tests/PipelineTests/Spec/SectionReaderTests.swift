import Basics
import Pipeline
import Testing

/// A section is read whole: all that is wrong is found in one reading.
@Suite struct SectionReaderTests {
  var world = SpecWorld()

  /// The sample that the style of messages is defined by.
  @Test("an unknown name is shown with its line, a caret and the nearest name")
  func sample() {
    var lines = (1...10).map { "# line \($0)" }
    lines += ["train:", "    arch: densnet121"]
    let root = SpecFile.parse(
      text: lines.joined(separator: "\n"), file: "experiments/first.yaml",
      diagnostics: world.diagnostics)?.root
    if let root {
      let reader = SectionReader(root, diagnostics: world.diagnostics)
      _ = reader.section("train")?.choice("arch", among: ["resnet18", "densenet121"])
    }
    #expect(
      world.diagnostics.rendered == """
        error: unknown arch `densnet121`
          --> experiments/first.yaml:12:11
           |
        12 |     arch: densnet121
           |           ^^^^^^^^^^

        hint: did you mean `densenet121`?

        """)
  }

  /// Values are read as their types; absent and null keys give the default.
  @Test("values are read by type")
  func values() {
    let reader = world.reader(
      """
      text: hello
      year: 2024
      nothing: ~
      empty:
      count: 12
      rate: 1e-4
      half: .5
      flag: true
      one: Edema
      many: [Edema, "No Finding"]
      numbers: [1, 2.5]
      sub: {deep: {x: 1}}
      """)
    #expect(reader.string("text") == "hello")
    #expect(reader.string("year") == "2024")
    #expect(reader.string("nothing", default: "d") == "d")
    #expect(reader.int("empty", in: 0..., default: 7) == 7)
    #expect(reader.int("count", in: 1...20) == 12)
    #expect(reader.double("count", in: 0...) == 12)
    #expect(reader.double("rate", in: .positive) == 1e-4)
    #expect(reader.double("half", in: 0...1, default: 1) == 0.5)
    #expect(reader.bool("flag", default: false))
    #expect(reader.strings("one") == ["Edema"])
    #expect(reader.strings("many") == ["Edema", "No Finding"])
    #expect(reader.doubles("numbers", in: 0...10) == [1, 2.5])
    #expect(reader.section("sub")?.section("deep")?.int("x", in: 0...) == 1)
    #expect(reader.section("absent") == nil)
    #expect(reader.sectionOrEmpty("absent").int("x", in: 0..., default: 3) == 3)
    reader.finish()
    #expect(world.found.isEmpty)
  }

  /// One reading finds every mistake, in the order of the file.
  @Test("many mistakes are reported at once, sorted and without repeats")
  func manyMistakes() {
    let reader = world.reader(
      """
      train:
        epochs: ten
        batch: 0
        lr: fast
        epoch: 3
        arch: [a]
        flag: yes
      split: 7
      labels: {findings: [A, [B]], uncertan: x}
      zebra: 1
      """)
    for _ in 1...2 {
      let train = reader.section("train")
      #expect(train?.int("epochs", in: 1..., default: 4) == 4)
      #expect(train?.int("batch", in: 1...512) == nil)
      #expect(train?.double("lr", in: .positive) == nil)
      #expect(train?.choice("arch", among: ["a", "b"]) == nil)
      #expect(train?.bool("flag") == nil)
      #expect(train?.requiredString("optimizer") == nil)
      #expect(reader.section("split") == nil)
      #expect(reader.section("labels")?.strings("findings") == nil)
      _ = reader.section("labels")?.string("uncertain")
      #expect(reader.requiredSection("cohort") == nil)
      reader.finish()
    }
    #expect(
      world.found == [
        "1:1+5 missing key `optimizer` in `train`",
        "1:1+5 missing key `cohort`",
        "2:11+3 expected a whole number of at least 1 for `train.epochs`, found `ten`",
        "3:10+1 expected a whole number from 1 to 512 for `train.batch`, found `0`",
        "4:7+4 expected a positive number for `train.lr`, found `fast`",
        "5:3+5 unknown key `epoch` in `train`",
        "6:9+3 expected one of `a`, `b` for `train.arch`, found a list",
        "7:9+3 expected `true` or `false` for `train.flag`, found `yes`",
        "8:8+1 expected a section with keys for `split`, found `7`",
        "9:24+3 expected a text for `labels.findings`, found a list",
        "9:30+8 unknown key `uncertan` in `labels`",
        "10:1+5 unknown key `zebra`",
      ])
    #expect(world.hints[5] == "did you mean `epochs`?")
    #expect(world.hints.last == "the known keys are `train`, `split`, `labels`, `cohort`")
  }

  /// Nothing but a decimal number is a number, and no number is too large to be refused.
  @Test(
    "what only looks like a number is refused",
    arguments: [
      "0x10", "010", "0o17", "1_000", "nan", ".nan", "inf", "-.inf", "1e999", "\"10\"", "12:30",
      "99999999999999999999", "--1", "1e", "1.5.2", ".", "10%", "\u{661}",
    ])
  func strictNumbers(text: String) {
    let reader = world.reader("a: \(text)\nb: [\(text)]\n")
    #expect(reader.int("a", in: Int.min...) == nil)
    #expect(reader.ints("b", in: Int.min...) == nil)
    if text != "99999999999999999999" {
      #expect(reader.double("a", in: (-Double.infinity)...) == nil)
    }
    #expect(world.found.count >= 2)
    #expect(world.found.first?.contains("number for `a`, found `") == true)
  }

  /// A fraction is no whole number, and a number outside its range is named with the range.
  @Test("ranges are said in words")
  func ranges() {
    let reader = world.reader("a: 1.5\nb: 2\n")
    #expect(reader.int("a", in: 0...) == nil)
    #expect(reader.double("a", in: 0...1) == nil)
    #expect(reader.double("a", in: 0..<1.5) == nil)
    #expect(reader.double("b", in: ...1.0) == nil)
    #expect(reader.int("b", in: ..<2) == nil)
    #expect(
      world.diagnostics.sorted.map(\.message) == [
        "expected a whole number of at least 0 for `a`, found `1.5`",
        "expected a number from 0 to 1 for `a`, found `1.5`",
        "expected a number from 0 to below 1.5 for `a`, found `1.5`",
        "expected a number of at most 1 for `b`, found `2`",
        "expected a whole number below 2 for `b`, found `2`",
      ])
  }

  /// Paths belong to the file they are written in.
  @Test("paths are relative to their file, with `~` and variables expanded")
  func paths() {
    let root = SpecFile.parse(
      text: """
        a: data/x.csv
        b: ~/x
        c: ${DATA}/${DATA}.csv
        d: /abs
        e: ${DATS}/x
        f: ${DATA
        g: ${NOWHERE_AT_ALL}
        h: ~other/x
        """, file: "studies/spec.yaml", diagnostics: world.diagnostics)?.root
    guard let root else { return #expect(Bool(false)) }
    let reader = SectionReader(
      root, environment: world.environment, diagnostics: world.diagnostics)
    #expect(reader.path("a") == "studies/data/x.csv")
    #expect(reader.path("b") == "/home/ada/x")
    #expect(reader.path("c") == "/data//data.csv")
    #expect(reader.path("d") == "/abs")
    #expect(reader.path("e") == nil)
    #expect(reader.path("f") == nil)
    #expect(reader.requiredPath("g") == nil)
    #expect(reader.path("h") == "studies/~other/x")
    #expect(
      world.found == [
        "5:4+9 `${DATS}` needs the environment variable `DATS`, which is not set",
        "6:4+6 `${` is never closed in `${DATA`",
        "7:4+17 `${NOWHERE_AT_ALL}` needs the environment variable `NOWHERE_AT_ALL`, "
          + "which is not set",
      ])
    #expect(world.hints == ["did you mean `DATA`?", nil, nil])
  }

  /// A terminal shows a tab as many columns and obeys escape codes; a quoted line has neither.
  @Test("a line is shown without tabs and control characters")
  func shownLines() {
    let reader = world.reader("a:\t\t\"\\e[31m\"\n")
    _ = reader.bool("a")
    #expect(world.found == ["1:5+8 expected `true` or `false` for `a`, found ` [31m`"])
    #expect(world.diagnostics.sources.line("spec.yaml", 1) == "a:  \"\\e[31m\"")
  }
}
