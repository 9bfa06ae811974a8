/// The named tensors of a network in the order they were registered, which is the order of a
/// checkpoint.
public final class ParameterStore {
  /// What training does with a tensor.
  enum Role { case parameter, buffer }

  struct Entry {
    let name: String
    let tensor: Tensor
    let role: Role
  }

  /// Where the tensors live.
  public let device: Device
  /// The type of parameters and running statistics, float32 but for checks of the arithmetic.
  public let dtype: ScalarType

  private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  /// An empty store whose tensors will live on `device`.
  public init(device: Device = .cpu, dtype: ScalarType = .float32) {
    self.device = device
    self.dtype = dtype
  }

  /// What is trained: the parameters that require a gradient.
  public var parameters: [(name: String, tensor: Tensor)] {
    entries.lazy.filter { $0.role == .parameter && $0.tensor.requiresGradient }
      .map { ($0.name, $0.tensor) }
  }

  /// Every tensor, buffers such as running statistics among them.
  public var state: [(name: String, tensor: Tensor)] { entries.map { ($0.name, $0.tensor) } }

  /// The number of elements of all parameters, trained or not.
  public var parameterCount: Int {
    entries.reduce(0) { $0 + ($1.role == .parameter ? $1.tensor.count : 0) }
  }

  /// The names of all parameters, trained or not.
  public var parameterNames: [String] {
    entries.lazy.filter { $0.role == .parameter }.map(\.name)
  }

  /// The tensor of that name, nil when there is none.
  public subscript(name: String) -> Tensor? {
    places[name].map { entries[$0].tensor }
  }

  /// Forgets the gradients of all parameters.
  public func clearGradients() throws(TorchError) {
    for entry in entries { try entry.tensor.clearGradient() }
  }

  /// Stops (or resumes) the training of every parameter whose name passes `filter`.
  public func freeze(_ frozen: Bool = true, where filter: (String) -> Bool) throws(TorchError) {
    for entry in entries where entry.role == .parameter && filter(entry.name) {
      try entry.tensor.requireGradient(!frozen)
    }
  }

  /// Overwrites every tensor with the one of its name, or throws a `StateMismatch` and changes
  /// nothing.
  public func load(_ state: [(name: String, tensor: Tensor)]) throws {
    let mismatch = StateMismatch(of: state, for: self)
    guard mismatch.isEmpty else { throw mismatch }
    try copy(state)
  }

  /// Copies the tensors whose names are known here.
  public func copy(_ state: [(name: String, tensor: Tensor)]) throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (name, tensor) in state { try self[name]?.copy(from: tensor) }
    }
  }

  /// Registers the tensors of `other` whose names pass `filter` below the path `part`: they are the
  /// same tensors in both.
  public func adopt(
    _ other: ParameterStore, below part: String, where filter: (String) -> Bool
  ) throws(TorchError) {
    for entry in other.entries where filter(entry.name) {
      try register("\(part).\(entry.name)", entry.tensor, entry.role)
    }
  }

  func register(_ name: String, _ tensor: Tensor, _ role: Role) throws(TorchError) {
    guard places.updateValue(entries.count, forKey: name) == nil else {
      throw TorchError("parameter `\(name)` is registered twice")
    }
    entries.append(Entry(name: name, tensor: tensor, role: role))
  }
}

/// How a checkpoint differs from the network it should fit, each list in order.
public struct StateMismatch: Error, Equatable, CustomStringConvertible {
  /// A tensor whose shape in the checkpoint is another than in the network.
  public struct Reshaped: Equatable, Sendable {
    /// The name of the tensor.
    public let name: String
    /// Its shape in the checkpoint.
    public let found: [Int]
    /// Its shape in the network.
    public let expected: [Int]
  }

  /// Names that the network has and the checkpoint lacks.
  public var missing: [String]
  /// Names that the checkpoint has and the network lacks.
  public var unexpected: [String]
  /// Tensors that have the right name and another shape.
  public var reshaped: [Reshaped]

  /// Compares `state` with the tensors of `store`.
  public init(of state: [(name: String, tensor: Tensor)], for store: ParameterStore) {
    let names = Set(state.map(\.name))
    missing = store.entries.map(\.name).filter { !names.contains($0) }
    unexpected = state.map(\.name).filter { store[$0] == nil }
    reshaped = state.compactMap { name, tensor in
      guard let expected = store[name]?.shape, expected != tensor.shape else { return nil }
      return Reshaped(name: name, found: tensor.shape, expected: expected)
    }
  }

  /// Whether everything fits.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && reshaped.isEmpty }

  /// The facts, one line for each kind.
  public var description: String {
    func quoted(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
    var lines: [String] = []
    if !missing.isEmpty { lines.append("missing: " + quoted(missing)) }
    if !unexpected.isEmpty { lines.append("unexpected: " + quoted(unexpected)) }
    lines += reshaped.map { "`\($0.name)` has shape \($0.found) instead of \($0.expected)" }
    return "the checkpoint does not fit the network\n" + lines.joined(separator: "\n")
  }
}
