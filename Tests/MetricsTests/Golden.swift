import Foundation
import Metrics
import Testing

/// Reads a golden file that `scripts/reference/metrics.py` wrote.
func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  let data = try Data(contentsOf: folder.appending(path: "\(name).json"))
  return try JSONDecoder().decode(type, from: data)
}

/// Expects `measure` to be `expected` to 1e-12, or undefined where the reference has no number.
func expectClose(
  _ measure: Measure, _ expected: Double?, _ name: String,
  at location: SourceLocation = #_sourceLocation
) {
  switch (measure, expected) {
  case (.value(let number), let expected?):
    #expect(abs(number - expected) <= 1e-12, "\(name)", sourceLocation: location)
  case (.undefined, nil): break
  default: Issue.record("\(name): \(measure) for \(String(describing: expected))")
  }
}
