import CTorch

/// Element by element; shapes broadcast as in NumPy, types promote as in PyTorch.
extension Tensor {
  /// The sum.
  public static func + (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_add(left.handle, right.handle))
  }

  /// The sum.
  public static func + (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_add_number(left.handle, right))
  }

  /// The difference.
  public static func - (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_sub(left.handle, right.handle))
  }

  /// The difference.
  public static func - (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_sub_number(left.handle, right))
  }

  /// The product.
  public static func * (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_mul(left.handle, right.handle))
  }

  /// The product.
  public static func * (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_mul_number(left.handle, right))
  }

  /// The quotient.
  public static func / (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_div(left.handle, right.handle))
  }

  /// The quotient.
  public static func / (left: Tensor, right: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_div_number(left.handle, right))
  }

  /// The sum in the memory of this tensor, whose old values are gone; as for `reluInPlace`.
  public func adding(inPlace other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_accumulate_(handle, other.handle))
  }

  /// The matrix product `[…, n, k] · […, k, m]`.
  public func matmul(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_matmul(handle, other.handle))
  }

  /// The larger of two elements.
  public func maximum(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_maximum(handle, other.handle))
  }

  /// The smaller of two elements.
  public func minimum(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_minimum(handle, other.handle))
  }

  /// The elements raised to `exponent`.
  public func pow(_ exponent: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_pow_number(handle, exponent))
  }

  /// The elements, but not below `low` nor above `high`.
  public func clamp(_ low: Double, _ high: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_clamp(handle, low, high))
  }

  /// The negative.
  public func negated() throws(TorchError) -> Tensor { try Tensor(ct_neg(handle)) }

  /// The absolute value.
  public func abs() throws(TorchError) -> Tensor { try Tensor(ct_abs(handle)) }

  /// e to the element.
  public func exp() throws(TorchError) -> Tensor { try Tensor(ct_exp(handle)) }

  /// The natural logarithm.
  public func log() throws(TorchError) -> Tensor { try Tensor(ct_log(handle)) }

  /// The square root.
  public func sqrt() throws(TorchError) -> Tensor { try Tensor(ct_sqrt(handle)) }

  /// The square.
  public func square() throws(TorchError) -> Tensor { try Tensor(ct_square(handle)) }

  /// The nearest whole number, halves to even.
  public func round() throws(TorchError) -> Tensor { try Tensor(ct_round(handle)) }

  /// The largest whole number not above the element.
  public func floor() throws(TorchError) -> Tensor { try Tensor(ct_floor(handle)) }
}

/// Comparisons and masks, as tensors of bool.
extension Tensor {
  /// Where the elements are equal.
  public func equal(to other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_eq(handle, other.handle))
  }

  /// Where the elements are `value`.
  public func equal(to value: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_eq_number(handle, value))
  }

  /// Where the elements are not `value`.
  public func notEqual(to value: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_ne_number(handle, value))
  }

  /// Where the elements are smaller.
  public func less(than other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_lt(handle, other.handle))
  }

  /// Where the elements are below `value`.
  public func less(than value: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_lt_number(handle, value))
  }

  /// Where the elements are larger.
  public func greater(than other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_gt(handle, other.handle))
  }

  /// Where the elements are above `value`.
  public func greater(than value: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_gt_number(handle, value))
  }

  /// Where both hold.
  public func and(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_logical_and(handle, other.handle))
  }

  /// Where one holds.
  public func or(_ other: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_logical_or(handle, other.handle))
  }

  /// Where it does not hold.
  public func not() throws(TorchError) -> Tensor { try Tensor(ct_logical_not(handle)) }

  /// Where the elements are not a number.
  public func isNaN() throws(TorchError) -> Tensor { try Tensor(ct_isnan(handle)) }

  /// Where the elements are finite.
  public func isFinite() throws(TorchError) -> Tensor { try Tensor(ct_isfinite(handle)) }

  /// The elements of `yes` where this mask holds, of `no` elsewhere.
  public func choose(_ yes: Tensor, _ no: Tensor) throws(TorchError) -> Tensor {
    try Tensor(ct_where(handle, yes.handle, no.handle))
  }

  /// The elements, but `value` where `mask` holds.
  public func filled(where mask: Tensor, with value: Double) throws(TorchError) -> Tensor {
    try Tensor(ct_masked_fill(handle, mask.handle, value))
  }
}
