import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// The bytes that stages write.
  @Suite struct PinnedDigestTests {
    /// A manifest, as far as it is needed here.
    private struct Manifest: Decodable {
      struct Output: Decodable { let digest: String }
      struct Provenance: Decodable { let slot: String }
      let fingerprint: String
      let outputs: [String: Output]
      let provenance: Provenance
    }

    private static let golden = Files.parent(of: #filePath) + "/Golden/stage-digests.tsv"

    /// What stages without libtorch made of the painted cohort: a line each of stage, version, output
    /// and digest.
    private func lines(of world: World) throws -> [String] {
      try world.files(below: "runs/results").flatMap { file -> [String] in
        let manifest = try JSONDecoder().decode(
          Manifest.self, from: Data(try Files.read(world.path("runs/results/\(file)"))))
        let label = manifest.provenance.slot.drop { $0 != "/" }.dropFirst()
        let kind = label.prefix { $0 != " " }
        let isOfNetwork = ["train", "predict", "eval", "fairness", "summary", "consistency"]
          .contains(kind)
        guard !isOfNetwork || label.contains("of shortcut") else { return [] }
        let version =
          manifest.fingerprint.split(separator: "\n").dropFirst().first?.split(separator: ":").last
          ?? ""
        return manifest.outputs.map { "\(label)\t\(version)\t\($0.key)\t\($0.value.digest)" }
      }.sorted()
    }

    /// Old results are found under the name of new ones unless the version says that bytes changed.
    @Test("The outputs of each stage without libtorch have the digests that belong to its version")
    func digests() throws {
      let found = try lines(of: .finished())
      let text = String(decoding: try Files.read(Self.golden), as: UTF8.self)
      let pinned = text.split(separator: "\n").map(String.init)
      #expect(found.count >= 20)
      let old = Dictionary(uniqueKeysWithValues: pinned.map(Self.parts))
      for (name, now) in found.map(Self.parts) where old[name] != now {
        let before = old[name]
        let advice =
          before?.version == now.version
          ? "its bytes changed: raise its version in Sources/Experiments/Stages/StageKind.swift"
          : "note its digest in Tests/EndToEndTests/Golden/stage-digests.tsv"
        Issue.record("`\(name)`: \(advice)")
      }
      if found != pinned { Issue.record("now:\n\(found.joined(separator: "\n"))\n") }
    }

    private static func parts(
      _ line: String
    ) -> (name: String, value: Pin) {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard words.count == 4 else { return (line, Pin(version: "", digest: "")) }
      return ("\(words[2]) of \(words[0])", Pin(version: words[1], digest: words[3]))
    }

    private struct Pin: Equatable {
      let version: String
      let digest: String
    }
  }
}
