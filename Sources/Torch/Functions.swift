import CTorch

/// Height and width of a window, its step or its border.
public struct Pair: Equatable, Sendable, ExpressibleByIntegerLiteral {
  let values: [Int64]

  /// Height, then width.
  public init(_ height: Int, _ width: Int) {
    values = [Int64(height), Int64(width)]
  }

  /// The same for both.
  public init(_ both: Int) { self.init(both, both) }

  /// The same for both.
  public init(integerLiteral both: Int) { self.init(both, both) }
}

/// Activations.
extension Tensor {
  /// max(x, 0).
  public func relu() throws(TorchError) -> Tensor { try Tensor(ct_relu(handle)) }

  /// max(x, 0) in the memory of x, whose old values are gone; for results of an operation that does
  /// not need them for its gradient, such as a normalisation. Where it would, `backward` throws.
  public func reluInPlace() throws(TorchError) -> Tensor { try Tensor(ct_relu_(handle)) }

  /// x Φ(x), or its approximation by tanh (Hendrycks & Gimpel 2016).
  public func gelu(tanhApproximation: Bool = false) throws(TorchError) -> Tensor {
    try Tensor(ct_gelu(handle, tanhApproximation))
  }

  /// x σ(x).
  public func silu() throws(TorchError) -> Tensor { try Tensor(ct_silu(handle)) }

  /// x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019).
  public func hardswish() throws(TorchError) -> Tensor { try Tensor(ct_hardswish(handle)) }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() throws(TorchError) -> Tensor { try Tensor(ct_sigmoid(handle)) }

  /// The hyperbolic tangent.
  public func tanh() throws(TorchError) -> Tensor { try Tensor(ct_tanh(handle)) }

  /// Exponentials that add up to 1 along a dimension.
  public func softmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_softmax(handle, Int64(dimension)))
  }

  /// The logarithm of `softmax`.
  public func logSoftmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try Tensor(ct_log_softmax(handle, Int64(dimension)))
  }

  /// Elements set to 0 with `probability` in [0, 1), the others scaled up so that the mean stays.
  ///
  /// With `wholeSamples` an entry of the first dimension is kept or dropped as a whole, which is
  /// stochastic depth (Huang et al. 2016).
  public func dropout(
    _ probability: Double, wholeSamples: Bool = false, _ generator: Generator
  ) throws(TorchError) -> Tensor {
    try Tensor(ct_dropout(handle, probability, wholeSamples, generator.handle))
  }
}

/// Pictures are `[batch, channels, height, width]`.
extension Tensor {
  /// x Wᵀ + b with a weight of `[out, in]`.
  public func linear(_ weight: Tensor, bias: Tensor? = nil) throws(TorchError) -> Tensor {
    defer { withExtendedLifetime(bias) {} }
    return try Tensor(ct_linear(handle, weight.handle, bias?.handle))
  }

  /// The cross-correlation with a weight of `[out, in / groups, height, width]`.
  public func conv2d(
    _ weight: Tensor, bias: Tensor? = nil, stride: Pair = 1, padding: Pair = 0, dilation: Pair = 1,
    groups: Int = 1
  ) throws(TorchError) -> Tensor {
    defer { withExtendedLifetime(bias) {} }
    return try Tensor(
      ct_conv2d(
        handle, weight.handle, bias?.handle, stride.values, padding.values, dilation.values,
        Int64(groups)))
  }

  /// Each channel normalised by the batch in training, which also moves the running statistics,
  /// else by these (Ioffe & Szegedy 2015).
  public func batchNorm(
    weight: Tensor, bias: Tensor, runningMean: Tensor, runningVar: Tensor, training: Bool,
    momentum: Double, epsilon: Double
  ) throws(TorchError) -> Tensor {
    try Tensor(
      ct_batch_norm(
        handle, weight.handle, bias.handle, runningMean.handle, runningVar.handle, training,
        momentum, epsilon))
  }

  /// The last dimensions, of the shape of `weight`, normalised per entry (Ba et al. 2016).
  public func layerNorm(
    weight: Tensor, bias: Tensor, epsilon: Double
  ) throws(TorchError) -> Tensor {
    let shape = weight.shape.map(Int64.init)
    return try Tensor(
      ct_layer_norm(handle, shape, shape.count, weight.handle, bias.handle, epsilon))
  }

  /// softmax(q kᵀ / √d + bias) v for this query `[…, n, d]`, keys `[…, m, d]` and values
  /// `[…, m, e]`, with a bias that broadcasts to `[…, n, m]`; gives `[…, n, e]` (Vaswani et al.
  /// 2017).
  public func attention(
    _ keys: Tensor, _ values: Tensor, bias: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    defer { withExtendedLifetime(bias) {} }
    return try Tensor(ct_attention(handle, keys.handle, values.handle, bias?.handle))
  }

  /// The picture in another size, by cubic convolution that averages where it shrinks.
  public func resizedBicubic(_ size: Pair) throws(TorchError) -> Tensor {
    try Tensor(ct_resize_bicubic(handle, size.values))
  }

  /// The largest element of each window.
  public func maxPool2d(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, ceilMode: Bool = false
  ) throws(TorchError) -> Tensor {
    let stride = stride ?? kernel
    return try Tensor(
      ct_max_pool2d(handle, kernel.values, stride.values, padding.values, ceilMode))
  }

  /// The mean of each window, the border counted as zeros or not at all.
  public func avgPool2d(
    _ kernel: Pair, stride: Pair? = nil, padding: Pair = 0, ceilMode: Bool = false,
    countPadding: Bool = true
  ) throws(TorchError) -> Tensor {
    let stride = stride ?? kernel
    return try Tensor(
      ct_avg_pool2d(handle, kernel.values, stride.values, padding.values, ceilMode, countPadding))
  }

  /// Means over windows that cover the picture in `size` steps.
  public func adaptiveAvgPool2d(_ size: Pair) throws(TorchError) -> Tensor {
    try Tensor(ct_adaptive_avg_pool2d(handle, size.values))
  }

  /// The mean over the picture, `[batch, channels]`.
  public func globalAveragePool() throws(TorchError) -> Tensor {
    try adaptiveAvgPool2d(1).flattened(from: 1)
  }
}

/// Losses, not reduced, so that who calls decides what to average over.
extension Tensor {
  /// −w_y log softmax(x)_y for logits `[batch, classes]` and targets `[batch]` int64; gives
  /// `[batch]`.
  ///
  /// A target of `ignored` costs 0. The weight is in the value: PyTorch's mean is the sum over the
  /// batch divided by the sum of the weights of its targets.
  public func crossEntropy(
    _ target: Tensor, classWeights: Tensor? = nil, ignored: Int = -100, labelSmoothing: Double = 0
  ) throws(TorchError) -> Tensor {
    defer { withExtendedLifetime(classWeights) {} }
    return try Tensor(
      ct_cross_entropy(
        handle, target.handle, classWeights?.handle, Int64(ignored), labelSmoothing))
  }

  /// −w [p y log σ(x) + (1 − y) log(1 − σ(x))] for logits and targets of one shape, which it keeps.
  public func binaryCrossEntropy(
    _ target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    defer { withExtendedLifetime((weight, positiveWeight)) {} }
    return try Tensor(
      ct_binary_cross_entropy(handle, target.handle, weight?.handle, positiveWeight?.handle))
  }
}
