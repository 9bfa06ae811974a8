import Basics
import Foundation
import Testing

/// The schemas of what stages write, judged by a validator that is not ours.
@Suite struct SchemaTests {
  private struct Verdicts: Decodable {
    struct Verdict: Decodable {
      let schema_sha256, document_sha256: String
      let valid: Bool
      let refused: [String: Bool]
    }
    let verdicts: [String: Verdict]
  }

  private static let golden = Files.parent(of: #filePath) + "/Golden"
  private static let schemas =
    Files.parent(of: Files.parent(of: Files.parent(of: #filePath)))
    + "/docs/schemas"

  /// A schema that nobody checks says what the documents once were.
  @Test("The documents are valid under docs/schemas, and copies with something wrong are not")
  func verdicts() throws {
    let found = try JSONDecoder().decode(
      Verdicts.self, from: Data(try Files.read(Self.golden + "/document_verdicts.json")))
    #expect(found.verdicts.keys.sorted() == ["fairness", "metrics", "summary"])
    for (name, verdict) in found.verdicts.sorted(by: { $0.key < $1.key }) {
      let again: Comment = "run scripts/reference/documents.py and look at what has changed"
      #expect(
        try Files.digest(of: "\(Self.schemas)/\(name).schema.json").hex == verdict.schema_sha256,
        again)
      #expect(
        try Files.digest(of: "\(Self.golden)/\(name).json").hex == verdict.document_sha256, again)
      #expect(verdict.valid, "\(name)")
      for (title, isRefused) in verdict.refused { #expect(isRefused, "\(name): \(title)") }
    }
  }

  /// The documents here have every key that there is, so that each is held against its schema.
  @Test("The documents use every key of the schemas")
  func keys() throws {
    for name in ["metrics", "fairness", "summary"] {
      let schema = try String(
        decoding: Files.read("\(Self.schemas)/\(name).schema.json"), as: UTF8.self)
      let document = try String(decoding: Files.read("\(Self.golden)/\(name).json"), as: UTF8.self)
      let object = try JSONSerialization.jsonObject(with: Data(schema.utf8))
      for key in Self.properties(object) where !["withheld", "undefined_replicates"].contains(key) {
        let isThere = document.contains("\"\(key)\" : ")
        #expect(isThere, "\(name): \(key)")
      }
    }
  }

  private static func properties(_ value: Any) -> Set<String> {
    guard let object = value as? [String: Any] else {
      return ((value as? [Any]) ?? []).reduce(into: []) { $0.formUnion(properties($1)) }
    }
    let own = Set((object["properties"] as? [String: Any])?.keys.map { $0 } ?? [])
    return object.values.reduce(into: own) { $0.formUnion(properties($1)) }
  }
}
