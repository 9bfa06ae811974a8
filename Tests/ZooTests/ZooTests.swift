import Catalogue
import Foundation
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

/// Everything here touches libtorch, whose settings are global, so it runs one after another.
@Suite(.serialized) struct ZooSuite {
  /// An architecture built for a number of channels.
  struct Case: CustomStringConvertible {
    let name: String
    let channels: Int
    var description: String { "\(name), \(channels) channels" }

    static let all = Catalogue.names.flatMap { name in
      [1, 3].map { Case(name: name, channels: $0) }
    }
  }

  /// What every network of the catalogue promises: the batch is kept, nothing is NaN, every
  /// parameter gets a gradient, and a checkpoint read back gives the same outputs.
  @Test(arguments: Case.all)
  func `A network keeps its promises`(of the: Case) throws {
    let generator = try Generator(seed: 5)
    let built = try Built(the.name, channels: the.channels, outputs: 2)
    let size = try #require(Catalogue.find(the.name)).minimumSize
    let x = try formula([3, the.channels, size * 2, size * 2], 1)
    let logits = try built.network(x, .training(generator))
    #expect(logits.shape == [3, 2])
    #expect(try built.network.features(x, .evaluation).shape == [3, built.network.featureWidth])
    #expect(try logits.isFinite().min().item() == 1)
    try logits.square().sum().backward()
    for (name, tensor) in built.store.parameters {
      #expect(try tensor.gradient() != nil, "`\(name)` has no gradient")
    }
    let smallest = try formula([2, the.channels, size, size], 1)
    let outputs = try built.network(smallest, .evaluation).floats()
    let other = try Built(the.name, channels: the.channels, outputs: 2, seed: 9)
    #expect(try other.network(smallest, .evaluation).floats() != outputs)
    try withTemporaryFile { path in
      try Safetensors.write(built.store.state, to: path)
      try other.store.load(Safetensors.read(path).tensors)
    }
    #expect(try other.network(smallest, .evaluation).floats() == outputs)
  }

  /// Names, shapes, logits, gradients and running statistics equal those of timm or of the
  /// reference modules.
  @Test(arguments: Case.all)
  func `A network equals its reference`(of the: Case) throws {
    let golden = try #require(
      Golden.file().networks.first { $0.arch == the.name && $0.channels == the.channels })
    let x = try (formula([4, the.channels, 64, 64], 4000) * 4).to(.channelsLast)
    let single = try Built(the.name, channels: the.channels, outputs: 2)
    #expect(single.store.state.map(\.name) == golden.state.map(\.name))
    #expect(single.store.state.map(\.tensor.shape) == golden.state.map(\.shape))
    try fill(single.store)
    let logits = try single.network(x, .evaluation).doubles()
    expectClose(logits, golden.logits, relative: 1e-4, "logits")

    let double = try Built(the.name, channels: the.channels, outputs: 2, dtype: .float64)
    try fill(double.store)
    // Dropout of the plain networks is left out by asking the parts: statistics of the batch, and a
    // head that drops nothing.
    let features = try double.network.features(x.to(.float64), .training(nil))
    let target = try Tensor([0, 1, 1, 0] as [Int64])
    let loss = try double.network.head(features, .evaluation).crossEntropy(target).mean()
    expectClose([try loss.item()], [golden.loss], relative: 1e-9, "loss")
    try loss.backward()
    for entry in golden.state {
      guard let expected = entry.norm else { continue }
      let tensor = try #require(double.store[entry.name])
      let norm = try (tensor.gradient() ?? tensor).norm().item()
      expectClose([norm], [expected], relative: 1e-8, absolute: 1e-12, entry.name)
    }
  }

  /// What the catalogue says of sizes is what is built.
  @Test(arguments: Catalogue.all.map(\.name))
  func `The catalogue's numbers are true`(name: String) throws {
    let row = try #require(Catalogue.find(name))
    let counted = try #require(try Golden.file().catalogue[name])
    #expect(row.multiplyAdds == counted.multiplyAdds)
    #expect(row.parameters == counted.parameters)
    #expect(try Built(name, channels: 1, outputs: 2).store.parameterCount == row.parameters)
    for channels in row.channels { _ = try Built(name, channels: channels, outputs: 1) }
  }

  /// A row of a family that the catalogue does not list could never be named in a spec.
  @Test func `Catalogue and families list the same networks`() {
    let built =
      Array(Plain.variants.keys) + Array(ResNet.variants.keys) + Array(DenseNet.variants.keys)
    #expect(built.sorted() == Catalogue.names.sorted())
  }

  /// The smallest size is where pooling still leaves a pixel; below it there is an error, no trap.
  @Test(arguments: ["simple", "medium", "densenet121"])
  func `A picture below the smallest size is an error`(name: String) throws {
    let built = try Built(name, channels: 1, outputs: 2)
    let size = try #require(Catalogue.find(name)).minimumSize - 1
    let x = try Tensor.zeros([1, 1, size, size])
    #expect(throws: TorchError.self) { try built.network(x, .evaluation) }
  }

  /// Arguments that no network can be built from are errors with the name.
  @Test func `Impossible networks are errors`() throws {
    #expect(throws: TorchError("unknown arch `resnet`")) {
      try Built("resnet", channels: 1, outputs: 2)
    }
    #expect(throws: TorchError("arch `simple` does not take 4 channels")) {
      try Built("simple", channels: 4, outputs: 2)
    }
    #expect(throws: TorchError("arch `simple` needs at least one output")) {
      try Built("simple", channels: 1, outputs: 0)
    }
  }

  /// The last normalisation of a residual block starts at zero, so that blocks start as the
  /// identity (timm).
  @Test func `Residual blocks start as the identity`() throws {
    let store = try Built("resnet18", channels: 1, outputs: 2).store
    #expect(try store["layer1.0.bn2.weight"]?.abs().max().item() == 0)
    #expect(try store["layer1.0.bn1.weight"]?.min().item() == 1)
  }

  /// Kernels are drawn by the fan in and the last bias starts at zero (timm).
  @Test func `Densely connected networks start as timm's`() throws {
    let store = try Built("densenet121", channels: 1, outputs: 2).store
    #expect(try store["classifier.bias"]?.abs().max().item() == 0)
    for (name, fan) in [("denselayer1.conv1", 64), ("denselayer6.conv2", 9 * 128)] {
      let kernels = try #require(store["features.denseblock1.\(name).weight"])
      #expect(abs(try kernels.square().mean().item() * Double(fan) / 2 - 1) < 0.1)
    }
  }
}

/// A network with the store its tensors are in.
struct Built {
  let store: ParameterStore
  let network: any Network

  /// Sets the number of threads too: where others use the cores, two wait for each other at every
  /// operation, and these tests have many small ones.
  init(
    _ name: String, channels: Int, outputs: Int, seed: UInt64 = 1, dtype: ScalarType = .float32,
    threads: Int = 1
  ) throws {
    try Backend.setThreads(threads)
    store = ParameterStore(dtype: dtype)
    network = try Zoo.make(
      name, channels: channels, outputs: outputs, in: store, generator: Generator(seed: seed))
  }
}
