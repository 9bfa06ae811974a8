import Foundation
import Testing
import Torch
import TorchTestSupport

extension TorchSuite {
  @Suite struct TorchScriptTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    private static let file =
      tests.deletingLastPathComponent().appending(path: "EndToEndTests/Golden/network.pt").path

    private static func file(_ name: String) -> String {
      tests.appending(path: "Golden/\(name)").path
    }

    private static func golden() throws -> [[Double]] {
      let text = try String(
        contentsOf: tests.appending(path: "Golden/torchscript.txt"), encoding: .utf8)
      return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
        $0.split(separator: " ").compactMap { Double($0) }
      }
    }

    private static func close(_ values: [Double], _ expected: [Double]) -> Bool {
      values.count == expected.count
        && zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($1)) }
    }

    /// The numbers of `scripts/reference/torchscript.py`.
    @Test func `A network from Python gives here what it gives there`() throws {
      let golden = try Self.golden()
      let store = ParameterStore()
      let network = try TorchScript(Self.file, in: store)
      #expect(store.parameters.map(\.name).contains("last.bias"))
      let x = try formula([4, 1, 8, 8], 4000) * 4
      #expect(Self.close(try network(x, .evaluation).doubles(), golden[0]))
      // Its statistics move in training, and every parameter gets a gradient.
      let draws = try Generator.ofDevice(.cpu, seed: 1)
      try network(x, .training(draws)).square().mean().backward()
      for (name, tensor) in store.parameters {
        #expect(try tensor.gradient() != nil, "\(name)")
      }
      #expect(Self.close(try store["norm.running_mean"]?.doubles() ?? [], golden[1]))
    }

    /// A training that is continued draws as one that was not interrupted.
    @Test func `The dropout of a network from Python follows the generator`() throws {
      let network = try TorchScript(Self.file, in: ParameterStore())
      let x = try formula([4, 1, 8, 8], 4000) * 4
      let draws = try Generator.ofDevice(.cpu, seed: 5)
      let state = try draws.state()
      let first = try (0..<3).map { _ in try network(x, .training(draws)).floats() }
      #expect(Set(first).count > 1)
      try draws.restore(state)
      #expect(try (0..<3).map { _ in try network(x, .training(draws)).floats() } == first)
    }

    /// Batch normalisation whose parameters are frozen keeps its statistics.
    @Test func `A frozen part of a network from Python does not move`() throws {
      let store = ParameterStore()
      let network = try TorchScript(Self.file, in: store)
      try store.freeze { $0.hasPrefix("norm.") }
      let before = try store["norm.running_mean"]?.floats()
      _ = try network(formula([4, 1, 8, 8], 4000), .training(nil))
      #expect(try store["norm.running_mean"]?.floats() == before)
    }

    /// A parameter with two names (`scripts/reference/torchscript.py`) moves by one step, and both
    /// names are saved.
    @Test func `A parameter with two names is trained once`() throws {
      let store = ParameterStore()
      let network = try TorchScript(Self.file("tied.pt"), in: store)
      #expect(store.parameters.map(\.name) == ["first.weight", "last.weight"])
      #expect(store.state.map(\.name) == ["first.weight", "second.weight", "last.weight"])
      let before = try #require(store["first.weight"]).floats()
      let optimizer = try SGD(store.parameters)
      try network(formula([4, 3], 1), .training(nil)).sum().backward()
      let first = try #require(store["first.weight"])
      let gradient = try first.gradient()?.floats() ?? []
      try optimizer.step(learningRate: 0.5)
      let after = try #require(store["second.weight"]).floats()
      #expect(gradient.contains { $0 != 0 })
      for (index, value) in after.enumerated() {
        #expect(abs(value - (before[index] - 0.5 * gradient[index])) < 1e-5)
      }
      #expect(try store["first.weight"]?.floats() == after)
    }

    /// What Python froze, and a network without parameters.
    @Test func `Parameters without a gradient are not trained`() throws {
      let store = ParameterStore()
      _ = try TorchScript(Self.file("frozen.pt"), in: store)
      #expect(store.parameters.map(\.name) == ["last.weight"])
      #expect(store.parameterNames == ["first.weight", "last.weight"])
    }

    /// The file of somebody's checkpoint is no network.
    @Test func `A file that is no network is an error`() throws {
      try withTemporaryFile { path in
        try Safetensors.write([("a", try Tensor.zeros([1]))], to: path)
        let error = #expect(throws: TorchError.self) {
          try TorchScript(path, in: ParameterStore())
        }
        #expect(error?.description.hasPrefix("`\(path)` is no network of TorchScript: ") == true)
      }
    }
  }
}
