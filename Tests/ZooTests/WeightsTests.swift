import Foundation
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

extension ZooSuite {
  @Suite struct WeightsTests {
    /// ImageNet weights have 1000 outputs and three channels: the last layer stays as drawn and is
    /// named, the first becomes the mean of its kernels.
    @Test(arguments: [1, 2])
    func `Weights fit another head and fewer channels`(channels: Int) throws {
      let source = try Built("resnet18", channels: 3, outputs: 5, seed: 2)
      let built = try Built("resnet18", channels: channels, outputs: 2)
      let before = try #require(built.store["fc.weight"]).floats()
      let kept = try withTemporaryFile { path in
        try Safetensors.write(source.store.state, to: path)
        return try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      #expect(kept == ["fc.weight", "fc.bias"])
      #expect(try built.store["fc.weight"]?.floats() == before)
      let first = try #require(built.store["conv1.weight"])
      let kernels = try #require(source.store["conv1.weight"]).mean([1], keep: true)
      for channel in 0..<channels {
        let own = try first.narrowed(1, from: channel, length: 1)
        #expect(try own.isEqual(to: kernels))
      }
      let name = "layer4.1.conv2.weight"
      #expect(try built.store[name]?.bytes() == source.store[name]?.bytes())
    }

    /// Weights of the same size are loaded whole; counters that old files lack are not missed.
    @Test func `Weights of the same size fit whole`() throws {
      let source = try Built("simple", channels: 1, outputs: 2, seed: 2)
      let built = try Built("simple", channels: 1, outputs: 2)
      let state = source.store.state.filter { !$0.name.hasSuffix("num_batches_tracked") }
      let kept = try withTemporaryFile { path in
        try Safetensors.write(state, to: path)
        return try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      #expect(kept == [])
      for (name, tensor) in state { #expect(try built.store[name]?.isEqual(to: tensor) == true) }
    }

    /// A wrapper's prefix is left off, and what lies beside the network with it.
    @Test func `A prefix before every name is left off`() throws {
      let source = try Built("simple", channels: 1, outputs: 2, seed: 2)
      let built = try Built("simple", channels: 1, outputs: 2)
      let state = source.store.state.map { ("module.model." + $0.name, $0.tensor) }
      let kept = try withTemporaryFile { path in
        try Safetensors.write(state + [("loss.weight", try Tensor.zeros([2]))], to: path)
        return try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      #expect(kept == [])
      for (name, tensor) in source.store.state {
        #expect(try built.store[name]?.isEqual(to: tensor) == true)
      }
    }

    /// Positions follow the size of the pictures: a ramp over the rows stays one, the class token's
    /// stays as it is.
    @Test func `Positions are interpolated to the size of the pictures`() throws {
      let name = "vit_base_patch16_224"
      let source = try Built(name, channels: 1, outputs: 2, size: 64, seed: nil)
      let built = try Built(name, channels: 1, outputs: 2, size: 128, seed: nil)
      let rows = (0..<4).flatMap { row in [Float](repeating: Float(row), count: 4 * 768) }
      let token = [Float](repeating: 9, count: 768)
      try source.store.copy([("pos_embed", try Tensor(token + rows, shape: [1, 17, 768]))])
      try withTemporaryFile { path in
        try Safetensors.write(source.store.state, to: path)
        _ = try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      let positions = try #require(built.store["pos_embed"]).floats()
      #expect(positions.count == 65 * 768)
      #expect(positions[0] == 9)
      let firsts = (0..<8).map { positions[(1 + 8 * $0) * 768] }
      #expect(zip(firsts, firsts.dropFirst()).allSatisfy { $0 < $1 })
      #expect(abs((firsts[3] + firsts[4]) / 2 - 1.5) < 1e-4)
    }

    /// Frozen parts keep their values and their statistics while the rest learns.
    @Test func `A frozen part does not move`() throws {
      let built = try Built("resnet18", channels: 1, outputs: 2)
      try built.store.freeze { !$0.hasPrefix("fc.") }
      let before = try built.store.state.map { try $0.tensor.copied() }
      let optimizer = try Adam(built.store.parameters)
      let x = try formula([4, 1, 64, 64], 1)
      try built.network(x, .training(nil)).square().mean().backward()
      try optimizer.step(learningRate: 0.1)
      for ((name, tensor), old) in zip(built.store.state, before) {
        #expect(try tensor.isEqual(to: old) != name.hasPrefix("fc."), "\(name)")
      }
    }

    /// Weights of another network are refused with the names, and change nothing.
    @Test func `Weights of another network are an error`() throws {
      let source = try Built("simple", channels: 1, outputs: 2, seed: 2)
      let built = try Built("medium", channels: 1, outputs: 2)
      let before = try built.store.state.map { try $0.tensor.bytes() }
      let error = try #require(throws: StateMismatch.self) {
        try withTemporaryFile { path in
          try Safetensors.write(source.store.state, to: path)
          _ = try Zoo.load(weights: path, of: built.network, into: built.store)
        }
      }
      #expect(error.missing.contains("features.12.weight"))
      #expect(error.reshaped.map(\.name) == ["classifier.2.weight"])
      #expect(try built.store.state.map { try $0.tensor.bytes() } == before)
    }

    /// timm, given the file written here, prints these logits
    /// (`scripts/reference/resnet18_timm.py`).
    @Test func `timm reads our checkpoint and agrees`() throws {
      let built = try Built("resnet18", channels: 1, outputs: 2)
      try fill(built.store)
      // The file that the script was given, where a path is named for it.
      if let path = ProcessInfo.processInfo.environment["CXR_WRITE_MODEL"] {
        try Safetensors.write(built.store.state, to: path)
      }
      let x = try formula([2, 1, 96, 96], 4000) * 4
      let logits = try built.network(x, .evaluation).doubles()
      let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Golden/resnet18_timm.txt")
      let lines = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n")
      let expected = lines.filter { !$0.hasPrefix("#") }.flatMap {
        $0.split(separator: " ").compactMap { Double($0) }
      }
      expectClose(logits, expected, relative: 1e-4, "logits")
    }
  }
}
