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
