import CTorch

/// Over `dimensions`, or over all elements when there are none; `keep` leaves them with size 1.
extension Tensor {
  /// The sum.
  public func sum(_ dimensions: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try reduced(ct_sum, dimensions, keep)
  }

  /// The mean.
  public func mean(_ dimensions: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try reduced(ct_mean, dimensions, keep)
  }

  /// The largest element.
  public func max(_ dimensions: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try reduced(ct_amax, dimensions, keep)
  }

  /// The smallest element.
  public func min(_ dimensions: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try reduced(ct_amin, dimensions, keep)
  }

  /// The Euclidean norm.
  public func norm(_ dimensions: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try reduced(ct_norm, dimensions, keep)
  }

  /// The place of the largest element along a dimension, as int64.
  public func argmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_argmax(handle, Int64(dimension)))
  }

  /// Whether shape and every element are the same.
  public func isEqual(to other: Tensor) throws(TorchError) -> Bool {
    var equal = false
    try check(ct_equal(handle, other.handle, &equal))
    return equal
  }

  private typealias Reduction = (
    OpaquePointer?, UnsafePointer<Int64>?, Int, Bool
  ) -> OpaquePointer?

  private func reduced(
    _ reduction: Reduction, _ dimensions: [Int], _ keep: Bool
  ) throws(TorchError) -> Tensor {
    let dimensions = dimensions.map(Int64.init)
    return try Tensor(reduction(handle, dimensions, dimensions.count, keep))
  }
}
