import Foundation
import Testing
import Torch
import TorchTestSupport

/// The numbers of `scripts/reference/zoo.py`.
struct Golden: Decodable {
  struct Network: Decodable {
    let arch: String
    /// Of these: the state, its names and shapes as a hash, and what the catalogue says.
    let defaultSize: Int
    let parameters: Int
    let multiplyAdds: Int
    let tensors: Int
    let names: String
    /// Of these: what is computed.
    let size: Int
    let batch: Int
    let logits: [Double]
    /// The logits with three channels.
    let colour: [Double]
    let loss: Double
    /// Of each gradient or, for a running statistic, of its value after a step.
    let norms: [Double]
  }

  let networks: [Network]

  static func file() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Golden/zoo.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  static func network(_ name: String) throws -> Network {
    try #require(try file().networks.first { $0.arch == name }, "`\(name)` has no golden numbers")
  }
}

/// Names and shapes of a state in order, as the script hashes them (FNV-1a).
func hash(_ state: [(name: String, tensor: Tensor)]) -> String {
  var value: UInt64 = 0xcbf2_9ce4_8422_2325
  for (name, tensor) in state {
    for byte in "\(name) \(tensor.shape)\n".utf8 {
      value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
    }
  }
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}

/// Weights by formula, as `fill` of `scripts/reference/formula.py`.
func fill(_ store: ParameterStore) throws {
  let filled = try store.state.enumerated().filter {
    try $0.element.tensor.dtype != .int64
  }.map { number, entry in
    let shape = entry.tensor.shape
    let u = try formula(shape, number)
    let fanIn = Double(shape.dropFirst().reduce(1, *))
    let value =
      if shape.count > 1 {
        try u * Double(Float(2 * (6 / fanIn).squareRoot()))
          * (shape.count == 2 && entry.name.hasSuffix(".linear.weight") ? 0.5 : 1)
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
