/// Where in a network a layer stands: it registers its tensors below this path, so that the keys of
/// a checkpoint can be read off the code.
public struct Path {
  /// Where the tensors are registered.
  public let store: ParameterStore
  /// What initial values are drawn from; always on the CPU, so that they do not depend on the
  /// device. Without one every value is zero: for networks that are filled from a checkpoint.
  public let generator: Generator?
  /// The part before the last dot of the names, empty at the root.
  public let name: String

  /// The root of `store`.
  public init(_ store: ParameterStore, _ generator: Generator?) {
    self.init(store, generator, name: "")
  }

  private init(_ store: ParameterStore, _ generator: Generator?, name: String) {
    self.store = store
    self.generator = generator
    self.name = name
  }

  /// The path of a part.
  public static func / (path: Path, part: String) -> Path {
    Path(path.store, path.generator, name: path.full(part))
  }

  /// The path of a numbered part, as in PyTorch's `Sequential`.
  public static func / (path: Path, index: Int) -> Path { path / String(index) }

  /// Registers a trained tensor.
  public func parameter(
    _ part: String, _ shape: [Int], _ initial: Initialization
  ) throws(TorchError) -> Tensor {
    let tensor = try made(shape, initial)
    try tensor.requireGradient()
    try store.register(full(part), tensor, .parameter)
    return tensor
  }

  /// Registers a tensor that is saved but not trained.
  public func buffer(
    _ part: String, _ shape: [Int], _ initial: Initialization, dtype: ScalarType? = nil
  ) throws(TorchError) -> Tensor {
    let tensor = try made(shape, initial, dtype)
    try store.register(full(part), tensor, .buffer)
    return tensor
  }

  private func made(
    _ shape: [Int], _ initial: Initialization, _ dtype: ScalarType? = nil
  ) throws(TorchError) -> Tensor {
    // Drawn in float32 whatever the type, so that the values are the same.
    let drawn = try Tensor.zeros(shape)
    if let generator { try initial.fill(drawn, generator) }
    let tensor = try drawn.to(dtype ?? store.dtype)
    // Weights of convolutions in the order that channels-last pictures want.
    let ordered = shape.count == 4 ? try tensor.to(.channelsLast) : tensor
    return try ordered.to(store.device)
  }

  private func full(_ part: String) -> String { name.isEmpty ? part : "\(name).\(part)" }
}

/// The distribution of a tensor's first values.
public enum Initialization: Equatable, Sendable {
  case constant(Double)
  case uniform(bound: Double)
  case normal(deviation: Double)

  /// All zeros.
  public static var zeros: Initialization { .constant(0) }

  /// All ones.
  public static var ones: Initialization { .constant(1) }

  /// U(−1/√fan, 1/√fan), what PyTorch gives the weights and biases of linear layers and
  /// convolutions.
  public static func fanIn(_ fan: Int) -> Initialization {
    .uniform(bound: 1 / Double(max(fan, 1)).squareRoot())
  }

  /// N(0, 2 / fan), for a ReLU behind (He et al. 2015, equation 14 with the fan out, 10 with the fan in).
  public static func kaimingNormal(_ fan: Int) -> Initialization {
    .normal(deviation: (2 / Double(max(fan, 1))).squareRoot())
  }

  func fill(_ tensor: Tensor, _ generator: Generator) throws(TorchError) {
    switch self {
    case .constant(let value): try tensor.fill(value)
    case .uniform(let bound): try tensor.fillUniform(-bound, bound, generator)
    case .normal(let deviation): try tensor.fillNormal(deviation: deviation, generator)
    }
  }
}
