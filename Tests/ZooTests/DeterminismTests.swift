import Foundation
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

extension ZooSuite {
  @Suite struct DeterminismTests {
    /// A training that can be saved and continued.
    private struct Training {
      let built: Built
      let optimizer: Adam
      let generator: Generator

      init(_ name: String, threads: Int = 1) throws {
        built = try Built(name, channels: 1, outputs: 2, headDropout: nil, threads: threads)
        optimizer = try Adam(built.store.parameters)
        generator = try Generator(seed: 11)
      }

      /// Trains on pictures that only the number of the step decides.
      func run(_ steps: Range<Int>, _ dtype: ScalarType?) throws {
        let target = try Tensor([0, 1, 1, 0] as [Int64])
        for step in steps {
          let x = try (formula([4, 1, 32, 32], step) * 4).to(.channelsLast)
          let loss = try withAutocast(dtype, .cpu) {
            try built.network(x, .training(generator)).crossEntropy(target).mean()
          }
          try built.store.clearGradients()
          try loss.backward()
          try optimizer.step(learningRate: 1e-3)
        }
      }

      func bytes() throws -> [[UInt8]] { try built.store.state.map { try $0.tensor.bytes() } }
    }

    /// Same seeds, same threads: the same bytes, in float32 and in bfloat16.
    @Test(
      arguments: [("medium", 1), ("medium", 2), ("resnet18", 1), ("densenet121", 1)],
      [nil, ScalarType.bfloat16])
    func `Two trainings give the same bytes`(
      of the: (name: String, threads: Int), dtype: ScalarType?
    ) throws {
      let first = try Training(the.name, threads: the.threads)
      try first.run(0..<4, dtype)
      let second = try Training(the.name, threads: the.threads)
      let initial = try second.bytes()
      try second.run(0..<4, dtype)
      #expect(try first.bytes() == second.bytes())
      #expect(try initial != second.bytes())
    }

    /// Saved in the middle and continued in a new process's objects, a training ends in the same
    /// bytes, in float32 and in bfloat16.
    @Test(arguments: ["medium", "resnet18", "densenet121"], [nil, ScalarType.bfloat16])
    func `A resumed training gives the same bytes`(name: String, dtype: ScalarType?) throws {
      let whole = try Training(name)
      try whole.run(0..<4, dtype)
      let start = try Training(name)
      try start.run(0..<2, dtype)
      let resumed = try Training(name)
      try withTemporaryFile { path in
        let random = try Tensor(start.generator.state())
        try Safetensors.write(
          start.built.store.state + start.optimizer.state.map { ("optimizer." + $0, $1) }
            + [("generator", random)], to: path)
        var saved = try Safetensors.read(path).tensors
        let state = try #require(saved.popLast()?.tensor).bytes()
        let split = start.built.store.state.count
        try resumed.built.store.load(Array(saved[..<split]))
        try resumed.optimizer.load(
          saved[split...].map { (String($0.name.trimmingPrefix("optimizer.")), $0.tensor) })
        try resumed.generator.restore(state)
      }
      try resumed.run(2..<4, dtype)
      #expect(try resumed.bytes() == whole.bytes())
    }
  }
}
