import Foundation
import Testing
import Torch
import TorchTestSupport

/// The numbers of `scripts/reference/zoo.py`.
struct Golden: Decodable {
  struct Row: Decodable {
    let parameters: Int
    let multiplyAdds: Int
  }

  /// A tensor of a network after one step of training.
  struct Entry: Decodable {
    let name: String
    let shape: [Int]
    /// Of the gradient, or of a running statistic itself; nil for a counter.
    let norm: Double?
  }

  struct Network: Decodable {
    let arch: String
    let channels: Int
    let logits: [Double]
    let loss: Double
    let state: [Entry]
  }

  let catalogue: [String: Row]
  let networks: [Network]

  static func file() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Golden/zoo.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// Weights by formula, as `fill` of `scripts/reference/formula.py`.
func fill(_ store: ParameterStore) throws {
  let filled = try store.state.enumerated().filter {
    !$0.element.name.hasSuffix("num_batches_tracked")
  }.map { number, entry in
    let shape = entry.tensor.shape
    let u = try formula(shape, number)
    let fanIn = Double(shape.dropFirst().reduce(1, *))
    let value =
      if shape.count > 1 {
        try u * Double(Float(2 * (6 / fanIn).squareRoot()))
      } else if entry.name.hasSuffix("running_var") {
        try u * 0.5 + 1
      } else if entry.name.hasSuffix("weight") {
        try u * 0.2 + 1
      } else {
        try u * 0.2
      }
    return (name: entry.name, tensor: value)
  }
  try store.copy(filled)
}

/// Expects each value within a share of the largest reference, or `absolute`.
func expectClose(
  _ values: [Double], _ references: [Double], relative: Double, absolute: Double = 0,
  _ what: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(values.count == references.count, "\(what)", sourceLocation: sourceLocation)
  let scale = references.map(abs).max() ?? 0
  for (value, reference) in zip(values, references) {
    #expect(
      abs(value - reference) <= relative * scale + absolute, "\(what)",
      sourceLocation: sourceLocation)
  }
}
