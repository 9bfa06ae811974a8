import CTorch

/// What moves parameters along their gradients; parameters without one stay where they are.
public protocol Optimizer {
  /// Moves every parameter one step.
  func step(learningRate: Double) throws(TorchError)

  /// What the optimizer remembers, named `<parameter>.<quantity>`, in the order of the parameters.
  var state: [(name: String, tensor: Tensor)] { get }
}

extension Optimizer {
  /// Continues from a saved `state`; throws and changes nothing when names or shapes differ.
  public func load(_ saved: [(name: String, tensor: Tensor)]) throws {
    let store = ParameterStore()
    for (name, tensor) in state { try store.register(name, tensor, .buffer) }
    try store.load(saved)
  }
}

/// Adam (Kingma & Ba 2015), or AdamW with decoupled weight decay (Loshchilov & Hutter 2019); fused.
public struct Adam: Optimizer {
  /// The settings, PyTorch's defaults for Adam.
  public struct Settings: Equatable, Sendable {
    /// The decay of the mean gradient.
    public var beta1 = 0.9
    /// The decay of the mean squared gradient.
    public var beta2 = 0.999
    /// What is added to the root of the mean squared gradient.
    public var epsilon = 1e-8
    /// The share of the weights added to the gradient, or taken off the weights when decoupled.
    public var weightDecay = 0.0
    /// Whether this is AdamW.
    public var decoupled = false

    /// The defaults.
    public init() {}
  }

  private let settings: Settings
  private let names: [String]
  private let parameters: [Tensor]
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]
  private let steps: [Tensor]

  /// Moves `parameters`, in their order.
  public init(
    _ parameters: [(name: String, tensor: Tensor)], _ settings: Settings = Settings()
  ) throws(TorchError) {
    self.settings = settings
    names = parameters.map(\.name)
    self.parameters = parameters.map(\.tensor)
    firstMoments = try zeros(like: self.parameters)
    secondMoments = try zeros(like: self.parameters)
    steps = try zeros(like: self.parameters) { tensor throws(TorchError) in
      try Tensor.zeros([], device: tensor.device)
    }
  }

  /// Moves every parameter one step.
  public func step(learningRate: Double) throws(TorchError) {
    defer { withExtendedLifetime(self) {} }
    try check(
      ct_adam_step(
        parameters.map(\.handle), firstMoments.map(\.handle), secondMoments.map(\.handle),
        steps.map(\.handle), parameters.count, learningRate, settings.beta1, settings.beta2,
        settings.weightDecay, settings.epsilon, settings.decoupled))
  }

  /// `step`, `exp_avg` and `exp_avg_sq` of each parameter.
  public var state: [(name: String, tensor: Tensor)] {
    names.indices.flatMap { i in
      [
        (names[i] + ".step", steps[i]), (names[i] + ".exp_avg", firstMoments[i]),
        (names[i] + ".exp_avg_sq", secondMoments[i]),
      ]
    }
  }
}

/// Stochastic gradient descent with momentum, PyTorch's form; fused.
public struct SGD: Optimizer {
  /// The settings, PyTorch's defaults.
  public struct Settings: Equatable, Sendable {
    /// The decay of the velocity.
    public var momentum = 0.0
    /// Whether the velocity looks one step ahead (Nesterov).
    public var nesterov = false
    /// The share of the weights that is added to the gradient.
    public var weightDecay = 0.0

    /// The defaults.
    public init() {}
  }

  private let settings: Settings
  private let names: [String]
  private let parameters: [Tensor]
  private let buffers: [Tensor]

  /// Moves `parameters`, in their order; Nesterov without momentum throws.
  public init(
    _ parameters: [(name: String, tensor: Tensor)], _ settings: Settings = Settings()
  ) throws(TorchError) {
    guard !settings.nesterov || settings.momentum > 0 else {
      throw TorchError("nesterov needs a momentum above 0")
    }
    self.settings = settings
    names = parameters.map(\.name)
    self.parameters = parameters.map(\.tensor)
    buffers = settings.momentum == 0 ? [] : try zeros(like: self.parameters)
  }

  /// Moves every parameter one step.
  public func step(learningRate: Double) throws(TorchError) {
    defer { withExtendedLifetime(self) {} }
    try check(
      ct_sgd_step(
        parameters.map(\.handle), buffers.map(\.handle), parameters.count, learningRate,
        settings.momentum, settings.weightDecay, settings.nesterov))
  }

  /// `momentum_buffer` of each parameter; nothing without momentum.
  public var state: [(name: String, tensor: Tensor)] {
    zip(names, buffers).map { ($0 + ".momentum_buffer", $1) }
  }
}

private func zeros(
  like tensors: [Tensor],
  _ make: (Tensor) throws(TorchError) -> Tensor = { tensor throws(TorchError) in
    try tensor.detached().zerosLike()
  }
) throws(TorchError) -> [Tensor] {
  var made: [Tensor] = []
  for tensor in tensors { made.append(try make(tensor)) }
  return made
}
