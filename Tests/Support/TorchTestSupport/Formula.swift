import Torch

/// The numbers that `scripts/reference/formula.py` makes too: float32 in [−0.5, 0.5) for tensor
/// `number`.
public func formula(_ shape: [Int], _ number: Int) throws -> Tensor {
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
