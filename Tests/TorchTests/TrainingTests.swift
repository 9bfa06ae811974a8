import Foundation
import Testing
import Torch
import TorchTestSupport

extension TorchSuite {
  @Suite struct TrainingTests {
    /// The derivative of x² is 2x; gradients add up until they are cleared, and not within
    /// `withoutGradients`.
    @Test func `Gradients flow, add up and stop`() throws {
      let x = try Tensor([1, -3] as [Float])
      try x.requireGradient()
      try x.square().sum().backward()
      try x.square().sum().backward()
      #expect(try x.gradient()?.floats() == [4, -12])
      try x.clearGradient()
      #expect(try x.gradient() == nil)
      let silent = try withoutGradients { () throws(TorchError) in try x.square() }
      #expect(!silent.requiresGradient)
      #expect(try x.square().requiresGradient)
      #expect(throws: TorchError.self) { try silent.sum().backward() }
    }

    /// Fused steps equal torch.optim's plain ones, with a rate that changes and a weight in
    /// channels-last order.
    @Test(arguments: ["adam", "adam-decay", "adamw", "sgd", "sgd-momentum", "sgd-nesterov"])
    func `Optimizers follow torch.optim`(name: String) throws {
      struct Golden: Decodable {
        let rates: [Double]
        let trajectories: [String: [[Float]]]
      }
      let file = try JSONDecoder().decode(
        Golden.self, from: Data(contentsOf: golden("optimizers.json")))
      let shape = [2, 3, 2, 2]
      let weight = try formula(shape, 1).to(.channelsLast)
      try weight.requireGradient()
      let optimizer = try Self.optimizer(name, weight)
      let target = try formula(shape, 2)
      let scale = try formula(shape, 3) + 1
      for (rate, expected) in zip(file.rates, try #require(file.trajectories[name])) {
        try weight.clearGradient()
        try ((weight - target).square() * scale).sum().backward()
        try optimizer.step(learningRate: rate)
        for (value, reference) in zip(try weight.floats(), expected) {
          #expect(abs(value - reference) < 2e-6)
        }
      }
    }

    /// What an optimizer remembers can be saved in the middle and given to a new one.
    @Test(arguments: ["adam", "adamw", "sgd-momentum"])
    func `Optimizer state continues a trajectory`(name: String) throws {
      func step(_ weight: Tensor, _ optimizer: any Optimizer) throws {
        try weight.clearGradient()
        try weight.square().sum().backward()
        try optimizer.step(learningRate: 0.1)
      }
      let weight = try formula([5], 1)
      try weight.requireGradient()
      let optimizer = try Self.optimizer(name, weight)
      for _ in 0..<3 { try step(weight, optimizer) }
      let copy = try Tensor(weight.floats())
      try copy.requireGradient()
      let resumed = try Self.optimizer(name, copy)
      try resumed.load(optimizer.state)
      for _ in 0..<3 {
        try step(weight, optimizer)
        try step(copy, resumed)
      }
      #expect(try weight.bytes() == copy.bytes())
      #expect(throws: StateMismatch.self) { try resumed.load([]) }
    }

    /// The cache of bfloat16 weights must not outlive a step: a network that learns in float32
    /// learns as well under autocast, with a scope for each step and with one scope around all of
    /// them.
    @Test(arguments: [false, true])
    func `Training under autocast learns`(oneScope: Bool) throws {
      func losses(_ dtype: ScalarType?) throws -> [Double] {
        let store = ParameterStore()
        let path = try Path(store, Generator(seed: 1))
        let first = try Linear(path / "first", 16, 32)
        let second = try Linear(path / "second", 32, 1)
        var settings = SGD.Settings()
        settings.momentum = 0.9
        let optimizer = try SGD(store.parameters, settings)
        let x = try formula([64, 16], 1)
        let y = try x.sum([1], keep: true)
        var losses: [Double] = []
        func step() throws {
          let loss = try withAutocast(dtype, .cpu) {
            try (second(first(x).relu()).to(.float32) - y).square().mean()
          }
          try store.clearGradients()
          try loss.backward()
          try optimizer.step(learningRate: 0.05)
          losses.append(try loss.item())
        }
        if oneScope {
          try withAutocast(dtype, .cpu) { for _ in 0..<30 { try step() } }
        } else {
          for _ in 0..<30 { try step() }
        }
        return losses
      }
      let plain = try losses(nil)
      let cast = try losses(.bfloat16)
      #expect(cast != plain, "autocast did not change the arithmetic")
      for (one, other) in zip(plain, cast) { #expect(abs(one - other) < 0.02 + 0.1 * one) }
      let last = try #require(cast.last)
      #expect(last < 0.1 * cast[0])
    }

    /// Outputs within one autocast scope change when weights do, without any step of an optimizer
    /// between scopes.
    @Test func `A new autocast scope sees new weights`() throws {
      let path = try Path(ParameterStore(), Generator(seed: 1))
      let layer = try Linear(path, 4, 4)
      let x = try Tensor.full([1, 4], 1)
      func output() throws -> [Float] {
        try withAutocast(.bfloat16, .cpu) { try layer(x).floats() }
      }
      let before = try output()
      try withoutGradients { try layer.weight.fill(1) }
      #expect(try output() != before)
      #expect(try withAutocast(.bfloat16, .cpu) { try layer(x).dtype } == .bfloat16)
      let inner = try withAutocast(.bfloat16, .cpu) {
        try withAutocast(nil, .cpu) { try layer(x).dtype }
      }
      #expect(inner == .float32)
      #expect(try layer(x).dtype == .float32)
    }

    private static func optimizer(_ name: String, _ weight: Tensor) throws -> any Optimizer {
      let parameters = [(name: "weight", tensor: weight)]
      var adam = Adam.Settings()
      var sgd = SGD.Settings()
      switch name {
      case "adam": return try Adam(parameters)
      case "adam-decay":
        (adam.beta1, adam.beta2, adam.epsilon, adam.weightDecay) = (0.8, 0.95, 1e-6, 0.1)
        return try Adam(parameters, adam)
      case "adamw":
        (adam.decoupled, adam.weightDecay) = (true, 0.1)
        return try Adam(parameters, adam)
      case "sgd": return try SGD(parameters)
      default:
        (sgd.momentum, sgd.weightDecay, sgd.nesterov) = (0.9, 0.01, name == "sgd-nesterov")
        return try SGD(parameters, sgd)
      }
    }
  }
}
