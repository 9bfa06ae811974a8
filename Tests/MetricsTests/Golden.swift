import Foundation
import Metrics
import Testing

/// Reads a golden file; it names the script that wrote it.
func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
  return try JSONDecoder().decode(type, from: data)
}

/// Expects `measure` to be `expected` to `tolerance`, or undefined where the reference has no number.
func expectClose(
  _ measure: Measure, _ expected: Double?, _ name: String, within tolerance: Double = 1e-12,
  at location: SourceLocation = #_sourceLocation
) {
  switch (measure, expected) {
  case (.value(let number), let expected?):
    #expect(
      abs(number - expected) <= tolerance, "\(name): \(number) for \(expected)",
      sourceLocation: location)
  case (.undefined, nil): break
  default: Issue.record("\(name): \(measure) for \(String(describing: expected))")
  }
}
