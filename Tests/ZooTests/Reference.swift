import Foundation
import Testing
import Torch

/// The numbers of `scripts/reference/zoo.py`.
struct Golden: Decodable {
  struct Row: Decodable {
    let parameters: Int
    let multiplyAdds: Int
  }

  struct Network: Decodable {
    let arch: String
    let channels: Int
    let names: [String]
    let shapes: [[Int]]
    let logits: [Double]
    let loss: Double
    let gradients: [String: Double]
    let statistics: [String: Double]
  }

  let catalogue: [String: Row]
  let networks: [Network]

  static func file() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Golden/zoo.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

/// The numbers that `scripts/reference/formula.py` makes too: float32 in [−0.5, 0.5) for tensor
/// `number`.
func formula(_ shape: [Int], _ number: Int) throws -> Tensor {
  let first = UInt32(truncatingIfNeeded: 1 + 1_000_003 * number)
  let values = (0..<UInt32(shape.reduce(1, *))).map { i -> Float in
    var x = (first &+ i) &* 2_654_435_761
    x ^= x >> 16
    x = x &* 2_246_822_519
    x ^= x >> 13
    x = x &* 3_266_489_917
    x ^= x >> 16
    return Float(Double(x) / 4_294_967_296 - 0.5)
  }
  return try Tensor(values, shape: shape)
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

/// Calls `body` with the path of a file that does not exist yet, in a folder of its own.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.appending(path: "file.safetensors").path)
}
