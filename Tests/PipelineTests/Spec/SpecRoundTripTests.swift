import Basics
import Pipeline
import Testing

/// What is written is what was read, and no text crashes the reader.
@Suite struct SpecRoundTripTests {
  static let sample = """
    # Which uncertainty policy costs which group?
    name: "uncertainty: é 👩‍👩‍👧"
    extends: base.yaml
    cohort:
      source: chexpert              # a comment
      root: ~/data/CheXpert-v1.0-small
      demographics: ${DATA}/demo.csv
      views: [frontal]
    split: {by: patient, fractions: {train: 0.6, valid: 0.2, test: 0.2}, seed: 7}
    labels: &labels
      findings: [Cardiomegaly, Edema, 'Pleural Effusion', "1", no, ~]
      uncertain: u-ones
      nothing:
      text: |
        two
          lines
      folded: plain
        over lines
    copy: *labels
    nested:
    - - 1
      - [2, {}]
    - a: -1e-4
      b: []
    sweep:
      train.arch: [simple, medium, resnet18]
      labels.findings: [Edema, [Edema, Cardiomegaly]]
      seed: [0, 1, 2]

    """

  /// `experiment.yaml` is the experiment.
  @Test("the YAML that is written reads back as the same tree")
  func roundTrip() {
    let world = SpecWorld()
    let root = world.parse(Self.sample)
    let again = world.parse(root.yaml)
    #expect(world.found.isEmpty)
    #expect(root.entries?.isEmpty == false)
    #expect(again == root)
    #expect(again.yaml == root.yaml)
  }

  /// Quotes are kept where they make a difference and dropped where they make none.
  @Test(
    "texts that look like something else keep their quotes",
    arguments: [
      ("'1'", "\"1\""), ("'true'", "\"true\""), ("''", "\"\""), ("'~'", "\"~\""),
      ("'a b'", "a b"), ("~", "null"), ("'- a'", "\"- a\""), ("'a: b'", "\"a: b\""),
      ("'#a'", "\"#a\""), ("\"\\u2028\\0\"", "\"\\U00002028\\U00000000\""), ("1e-4", "1e-4"),
      ("'---'", "\"---\""), ("'{a}'", "\"{a}\""), ("no", "no"),
    ])
  func quotes(written: String, emitted: String) {
    let world = SpecWorld()
    let root = world.parse("a: \(written)\n")
    #expect(root.yaml == "a: \(emitted)\n")
    #expect(world.parse(root.yaml) == root)
    #expect(world.found.isEmpty)
  }

  /// Whatever is done to a spec, reading it ends in a tree or in messages that point into it.
  @Test("two thousand damaged specs are read or refused")
  func damaged() {
    var random = RandomStream("damage", seed: 1)
    var parsed = 0
    for round in 0..<2000 {
      let bytes = Self.damaged(&random)
      let world = SpecWorld()
      let root = SpecFile.parse(bytes, file: "spec.yaml", diagnostics: world.diagnostics)?.root
      #expect(root != nil || !world.diagnostics.isEmpty, "round \(round)")
      for diagnostic in world.diagnostics.sorted {
        #expect(Self.isInside(diagnostic, world, bytes), "round \(round): \(diagnostic)")
      }
      guard let root else { continue }
      parsed += 1
      let again = SpecWorld()
      #expect(again.parse(root.yaml) == root, "round \(round)")
      _ = Sweep.points(of: root, diagnostics: world.diagnostics)
      let reader = SectionReader(root, environment: [:], diagnostics: world.diagnostics)
      _ = reader.section("split")?.section("fractions")?.double("train", in: 0...1)
      _ = reader.section("labels")?.strings("findings")
      _ = reader.section("cohort")?.path("demographics")
      reader.finish()
      #expect(world.diagnostics.rendered.hasPrefix("error: "), "round \(round)")
    }
    #expect((200...1900).contains(parsed))
  }

  private static func damaged(_ random: inout RandomStream) -> [UInt8] {
    var bytes = Array(sample.utf8)
    let alphabet = Array("[]{}:,-*&!|>'\"#%@`?\n\t \\~0a".utf8) + [0, 0xff, 0xc3, 0x85]
    for _ in 0...random.below(4) where !bytes.isEmpty {
      let at = random.below(bytes.count)
      let end = min(bytes.count, at + 1 + random.below(12))
      switch random.below(6) {
      case 0: bytes[at] = UInt8(random.below(256))
      case 1: bytes[at] = alphabet[random.below(alphabet.count)]
      case 2: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(alphabet[random.below(alphabet.count)], at: at)
      case 4: bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count))
      default: bytes.removeSubrange(max(at, 1)...)
      }
    }
    return bytes
  }

  /// Whether a diagnostic points at a line of the text, at most one character past its end.
  private static func isInside(
    _ diagnostic: Diagnostic, _ world: SpecWorld, _ bytes: [UInt8]
  ) -> Bool {
    guard let place = diagnostic.place, place.file == "spec.yaml", place.line >= 1 else {
      return false
    }
    guard let column = place.column else {
      return place.line <= bytes.split(separator: 10, omittingEmptySubsequences: false).count
    }
    guard let line = world.diagnostics.sources.line("spec.yaml", place.line) else { return false }
    return column >= 1 && column <= line.count + 1 && column + place.length <= line.count + 2
  }
}
