import Foundation
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

extension ZooSuite {
  @Suite struct CombinedTests {
    /// System D: the features of six networks, those of VGG as its convolutions give them.
    @Test func `Six networks joined have as many features as in system D`() throws {
      let names = ["densenet121", "densenet169", "densenet201", "mnasnet_100", "vgg19_bn", "vgg19"]
      let built = try Built(
        names.joined(separator: "+"), channels: 3, outputs: 14, size: 64, seed: nil)
      #expect(built.network.featureWidth == 56_064)
      #expect(built.store["head.weight"]?.shape == [14, 56_064])
      #expect(built.store["parts.4.pre_logits.fc1.weight"] == nil)
      #expect(built.store["parts.0.classifier.weight"] == nil)
    }

    /// Each part is the network that it is alone, and has its own weights.
    @Test func `A part gives the features of its network, and learns`() throws {
      let alone = try Built("resnet18", channels: 3, outputs: 5, seed: 3)
      let joined = try Built("small+resnet18", channels: 1, outputs: 2, size: 64)
      try withTemporaryFile { path in
        try Safetensors.write(alone.store.state, to: path)
        let kept = try Zoo.load(
          weights: path, part: 1, of: joined.network, into: joined.store, colours: .sum)
        #expect(kept == [])
      }
      let name = "layer4.1.conv2.weight"
      #expect(try joined.store["parts.1.\(name)"]?.bytes() == alone.store[name]?.bytes())
      let gray = try formula([2, 1, 64, 64], 3)
      let expected = try alone.network.features(gray.expanded([2, 3, 64, 64]), .evaluation)
      let features = try joined.network.features(gray, .evaluation)
      #expect(features.shape == [2, 128 + 512])
      let own = try features.narrowed(1, from: 128, length: 512)
      expectClose(try own.doubles(), try expected.doubles(), relative: 1e-4, "features")
      let logits = try joined.network(gray, .training(Generator(seed: 1)))
      #expect(logits.shape == [2, 2])
      try logits.square().sum().backward()
      for (name, tensor) in joined.store.parameters {
        #expect(try tensor.gradient() != nil, "`\(name)` has no gradient")
      }
    }

    /// A checkpoint has every tensor once.
    @Test func `A joined network is saved and read again`() throws {
      let first = try Built("small+simple", channels: 1, outputs: 2, size: 32, seed: 3)
      let second = try Built("small+simple", channels: 1, outputs: 2, size: 32, seed: nil)
      try withTemporaryFile { path in
        try Safetensors.write(first.store.state, to: path)
        try second.store.load(Safetensors.read(path).tensors)
      }
      let x = try formula([2, 1, 32, 32], 1)
      let logits = try first.network(x, .evaluation).floats()
      #expect(try second.network(x, .evaluation).floats() == logits)
      #expect(first.store.state.first?.name == "parts.0.features.0.weight")
    }
  }
}
