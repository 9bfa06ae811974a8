import Basics
import Foundation

/// The header of a safetensors file: what can be known of its tensors without reading them.
package struct CheckpointHeader: Sendable {
  /// Free text by name.
  package let metadata: [String: String]
  /// The shapes of the tensors.
  package let shapes: [String: [Int]]
  /// The bytes behind the last tensor; negative where so many are missing.
  package let surplus: Int

  /// Reads the file at `path`.
  ///
  /// - Throws: where the file cannot be read or is no safetensors file.
  package init(path: String) throws(Diagnostic) {
    let file = try MappedFile(path)
    let foreign = Diagnostic(
      "`\(path)` is no safetensors file", hint: "a training writes `model.safetensors`")
    guard file.bytes.count >= 8 else { throw foreign }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(file.bytes.count - 8), length <= 100_000_000 else { throw foreign }
    let text = Data(UnsafeRawBufferPointer(rebasing: file.bytes[8..<8 + Int(length)]))
    guard let entries = try? JSONDecoder().decode(Entries.self, from: text) else { throw foreign }
    metadata = entries.metadata
    shapes = entries.shapes
    let (surplus, overflows) = (file.bytes.count - 8 - Int(length)).subtractingReportingOverflow(
      entries.end)
    guard !overflows else { throw foreign }
    self.surplus = surplus
  }

  private struct Entries: Decodable {
    var metadata: [String: String] = [:]
    var shapes: [String: [Int]] = [:]
    var end = 0

    private struct Entry: Decodable {
      let shape: [Int]
      let data_offsets: [Int]
    }
    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let entries = try decoder.container(keyedBy: Name.self)
      for name in entries.allKeys {
        if name.stringValue == "__metadata__" {
          metadata = try entries.decode([String: String].self, forKey: name)
        } else {
          let entry = try entries.decode(Entry.self, forKey: name)
          shapes[name.stringValue] = entry.shape
          end = max(end, entry.data_offsets.max() ?? 0)
        }
      }
    }
  }
}
