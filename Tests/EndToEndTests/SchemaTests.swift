import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// The schema that editors use, judged by a validator that is not ours.
  @Suite struct SchemaTests {
    private struct Verdicts: Decodable {
      struct Verdict: Decodable {
        let sha256: String
        let valid: Bool
      }
      let schema_sha256: String
      let verdicts: [String: Verdict]
    }

    private static func verdicts() throws -> Verdicts {
      let path = SharedData.repository + "/Tests/EndToEndTests/Golden/schema_verdicts.json"
      return try JSONDecoder().decode(Verdicts.self, from: Data(try Files.read(path)))
    }

    private static func schema() throws -> String {
      let ended = try Program(["schema"], in: NSTemporaryDirectory()).end()
      try #require(ended.code == 0, "\(ended.errors)")
      return ended.output
    }

    /// A schema that calls good specs wrong is worse than none.
    @Test("Every spec in experiments/ is valid under the schema, and wrong specs are not")
    func verdicts() throws {
      let golden = try Self.verdicts()
      let again: Comment = "run scripts/reference/schema.py and look at what has changed"
      #expect(try Digest(of: Self.schema()).hex == golden.schema_sha256, again)
      for folder in ["experiments", "Tests/EndToEndTests/Golden/Specs"] {
        let root = "\(SharedData.repository)/\(folder)"
        let names = try FileManager.default.contentsOfDirectory(atPath: root)
          .filter { $0.hasSuffix(".yaml") }
        try #require(!names.isEmpty)
        for name in names {
          let verdict = try #require(golden.verdicts["\(folder)/\(name)"], again)
          #expect(try Files.digest(of: "\(root)/\(name)").hex == verdict.sha256, again)
          #expect(verdict.valid == !name.hasPrefix("wrong-"), "\(name)")
        }
      }
    }

    /// The reader and the schema do not contradict each other.
    @Test("What the schema calls wrong the reader refuses, what it calls good it knows")
    func agreement() throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.write(World.one, to: "base.yaml")
      for (name, verdict) in try Self.verdicts().verdicts.sorted(by: { $0.key < $1.key })
      where name.hasPrefix("Tests/") {
        let text = String(
          decoding: try Files.read("\(SharedData.repository)/\(name)"), as: UTF8.self)
        // The wrong ones say only what is wrong with them.
        let full = text.contains("extends:") || verdict.valid ? text : "extends: base.yaml\n" + text
        try world.write(full, to: "case.yaml")
        let reports = try world.cxr("validate", "case.yaml").reports
        if verdict.valid {
          let strange = reports.filter {
            $0.message.hasPrefix("unknown key") || $0.message.hasPrefix("expected ")
          }
          #expect(strange.isEmpty, "\(name): \(strange)")
        } else {
          #expect(!reports.isEmpty, "\(name)")
        }
      }
    }

    /// A key without a word is a key that nobody finds.
    @Test("Every key of the schema says what it is and stands in docs/spec.md")
    func keys() throws {
      let object = try JSONSerialization.jsonObject(with: Data(Self.schema().utf8))
      let schema = try #require(object as? [String: Any])
      let keys = try #require(schema["$defs"] as? [String: [String: Any]])
      let page = String(
        decoding: try Files.read(SharedData.repository + "/docs/spec.md"), as: UTF8.self)
      for (key, definition) in keys.sorted(by: { $0.key < $1.key })
      where !["overrides", "point"].contains(key) {
        #expect(definition["description"] != nil, "\(key)")
        let last = key.split(separator: ".").last.map(String.init) ?? key
        #expect(page.contains("`\(last)`") || page.contains("\(last):"), "\(key)")
      }
      // Defaults and limits are those of the reader.
      #expect(keys["train.epochs"]?["default"] as? Int == 10)
      #expect(keys["train.epochs"]?["maximum"] as? Int == 100_000)
      #expect(keys["train.optimizer.lr"]?["exclusiveMinimum"] as? Int == 0)
      let kinds = keys["train.arch"]?["anyOf"] as? [[String: Any]] ?? []
      let names = kinds.compactMap { $0["enum"] as? [Any] }.first
      #expect(names?.contains { $0 as? String == "resnet18" } == true)
    }

    /// What an editor asks the shell for.
    @Test("Completions are made for three shells and know the subcommands")
    func completions() throws {
      for shell in ["bash", "zsh", "fish"] {
        let ended = try Program(
          ["--generate-completion-script", shell], in: NSTemporaryDirectory()
        ).end()
        #expect(ended.code == 0)
        for word in ["schema", "diff", "only"] { #expect(ended.output.contains(word), "\(shell)") }
      }
    }
  }
}
