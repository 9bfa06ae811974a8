import Foundation
import Testing
import Torch

/// Everything that touches libtorch: its settings are global, so these tests run one after another.
@Suite(.serialized) struct TorchSuite {}

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

/// A checked-in file of reference numbers.
func golden(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
}

/// Calls `body` with the path of a file that does not exist yet, in a folder of its own.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.appending(path: "file.safetensors").path)
}
