import Testing

@testable import Torch

extension TorchSuite {
  @Suite struct ParameterTests {
    /// A layer registers under its path, in PyTorch's order, so that checkpoints need no mapping.
    @Test func `Layers register under their path`() throws {
      let store = ParameterStore()
      let root = try Path(store, Generator(seed: 1))
      _ = try Conv2d(root / "conv1", 1, 2, kernel: 3, bias: false)
      _ = try BatchNorm2d(root / "layer1" / 0 / "bn1", 2)
      _ = try Linear(root / "fc", 2, 1)
      let norm = "layer1.0.bn1."
      #expect(
        store.state.map(\.name) == [
          "conv1.weight", norm + "weight", norm + "bias", norm + "running_mean",
          norm + "running_var", norm + "num_batches_tracked", "fc.weight", "fc.bias",
        ])
      #expect(store.parameters.count == 5)
      #expect(store.parameterCount == 18 + 4 + 3)
      #expect(throws: TorchError("parameter `fc.weight` is registered twice")) {
        _ = try Linear(root / "fc", 2, 1)
      }
      #expect(throws: TorchError.self) { try Conv2d(root / "odd", 3, 4, kernel: 1, groups: 2) }
    }

    /// First values have the spread that PyTorch and timm give them.
    @Test func `First values have PyTorch's spread`() throws {
      let root = try Path(ParameterStore(), Generator(seed: 1))
      let uniform = try Conv2d(root / "a", 32, 64, kernel: 3).weight
      #expect(try uniform.abs().max().item() <= 1 / 288.0.squareRoot())
      #expect(abs(try uniform.square().mean().item() * 288 * 3 - 1) < 0.05)
      let normal = try Conv2d(root / "b", 32, 64, kernel: 3, weights: .normalFanOut).weight
      #expect(abs(try normal.square().mean().item() * 576 / 2 - 1) < 0.05)
      #expect(abs(try normal.mean().item()) < 0.002)
      let inward = try Conv2d(root / "c", 32, 64, kernel: 3, weights: .normalFanIn).weight
      #expect(abs(try inward.square().mean().item() * 288 / 2 - 1) < 0.05)
    }

    /// A checkpoint that does not fit is refused whole, with every name that is wrong.
    @Test func `Load lists everything that does not fit`() throws {
      let store = ParameterStore()
      let root = try Path(store, Generator(seed: 1))
      let layer = try Linear(root / "fc", 2, 1)
      let before = try layer.weight.floats()
      let error = try #require(throws: StateMismatch.self) {
        try store.load([
          ("fc.weight", try Tensor.zeros([1, 3])), ("extra", try Tensor.zeros([1])),
        ])
      }
      #expect(error.missing == ["fc.bias"])
      #expect(error.unexpected == ["extra"])
      #expect(error.reshaped == [.init(name: "fc.weight", found: [1, 3], expected: [1, 2])])
      #expect(error.description.contains("`fc.weight` has shape [1, 3] instead of [1, 2]"))
      #expect(try layer.weight.floats() == before)
      try store.load([("fc.bias", Tensor.zeros([1])), ("fc.weight", Tensor.full([1, 2], 3))])
      #expect(try layer.weight.floats() == [3, 3])
      #expect(layer.weight.requiresGradient)
    }

    /// A frozen parameter is not handed to an optimizer.
    @Test func `Frozen parameters are not trained`() throws {
      let store = ParameterStore()
      let root = try Path(store, Generator(seed: 1))
      _ = try Linear(root / "body", 2, 2)
      _ = try Linear(root / "fc", 2, 1)
      try store.freeze { $0.hasPrefix("body.") }
      #expect(store.parameters.map(\.name) == ["fc.weight", "fc.bias"])
      try store.freeze(false) { _ in true }
      #expect(store.parameters.count == 4)
    }
  }
}
