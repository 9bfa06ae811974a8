import Catalogue
import Foundation
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

/// Everything here touches libtorch, whose settings are global, so it runs one after another.
@Suite(.serialized) struct ZooSuite {
  /// The rows that each run of the tests computes; the others are too large for that, and have a
  /// miniature of their family here. `CXR_SOAK=1` computes all of them.
  static let quick =
    [
      "simple", "small", "medium", "resnet18", "densenet121", "legacy_xception", "mnasnet_100",
      "tf_efficientnet_b0", "regnety_008", "mobilevit_xs",
    ] + Miniatures.names

  static let computed =
    ProcessInfo.processInfo.environment["CXR_SOAK"] == nil
    ? quick : Catalogue.names + Miniatures.names

  /// What every network promises, for gray and for colour: the batch is kept, nothing is NaN, every
  /// parameter gets a gradient, another size is taken, and a checkpoint read back gives the same
  /// outputs.
  @Test(arguments: computed, [1, 3])
  func `A network keeps its promises`(of name: String, channels: Int) throws {
    let golden = try Golden.network(name)
    let built = try Built(
      name, channels: channels, outputs: 2, size: golden.size, seed: 5, headDropout: nil)
    let x = try formula([3, channels, golden.size, golden.size], 1)
    let logits = try built.network(x, .training(Generator(seed: 5)))
    #expect(logits.shape == [3, 2])
    let features = try built.network.features(x, .evaluation)
    #expect(features.shape == [3, built.network.featureWidth])
    #expect(try logits.isFinite().min().item() == 1)
    try logits.square().sum().backward()
    for (name, tensor) in built.store.parameters {
      #expect(try tensor.gradient() != nil, "`\(name)` has no gradient")
    }
    if channels == 1, let row = Catalogue.find(name) {
      let size = row.minimumSize == golden.size ? row.minimumSize + row.sizeStep : row.minimumSize
      let other = try Built(name, channels: 1, outputs: 3, size: size)
      #expect(try other.network(formula([2, 1, size, size], 1), .evaluation).shape == [2, 3])
    }
    try fill(built.store)
    let outputs = try built.network(x, .evaluation).floats()
    let other = try Built(name, channels: channels, outputs: 2, size: golden.size, seed: nil)
    try withTemporaryFile { path in
      try Safetensors.write(built.store.state, to: path)
      try other.store.load(Safetensors.read(path).tensors)
    }
    #expect(try other.network(x, .evaluation).floats() == outputs)
  }

  /// Logits, gradients and running statistics equal those of timm or of the reference modules.
  @Test(arguments: computed)
  func `A network equals its reference`(of name: String) throws {
    let golden = try Golden.network(name)
    func pictures(_ channels: Int) throws -> Tensor {
      try (formula([golden.batch, channels, golden.size, golden.size], 4000) * 4).to(.channelsLast)
    }
    for (channels, expected) in [(1, golden.logits), (3, golden.colour)] {
      let single = try Built(name, channels: channels, outputs: 2, size: golden.size, seed: nil)
      try fill(single.store)
      let logits = try single.network(pictures(channels), .evaluation).doubles()
      expectClose(logits, expected, relative: 1e-4, "logits, \(channels) channels")
    }
    let double = try Built(
      name, channels: 1, outputs: 2, size: golden.size, seed: nil, dtype: .float64)
    try fill(double.store)
    let exact = try double.network(pictures(1).to(.float64), .evaluation).doubles()
    expectClose(exact, golden.logits, relative: 1e-6, "logits in float64")
    let logits = try double.network(pictures(1).to(.float64), .training(nil))
    let target = try Tensor([0, 1, 1, 0] as [Int64]).narrowed(0, from: 0, length: golden.batch)
    let loss = try logits.crossEntropy(target).mean()
    expectClose([try loss.item()], [golden.loss], relative: 1e-8, "loss")
    try loss.backward()
    let largest = golden.norms.max() ?? 0
    #expect(double.store.state.count == golden.norms.count)
    for ((name, tensor), expected) in zip(double.store.state, golden.norms)
    where try tensor.dtype != .int64 {
      let norm = try (tensor.gradient() ?? tensor).norm().item()
      expectClose([norm], [expected], relative: 1e-5, absolute: 1e-12 * largest, name)
    }
  }

  /// Names and shapes of every network at its default size are those of its reference, and what the
  /// catalogue says of it is what is built.
  @Test(arguments: Catalogue.names)
  func `A row is what its reference is`(name: String) throws {
    let row = try #require(Catalogue.find(name))
    let golden = try Golden.network(name)
    #expect(row.defaultSize == golden.defaultSize)
    #expect(row.parameters == golden.parameters)
    #expect(row.multiplyAdds == golden.multiplyAdds)
    let store = try Built(name, channels: 1, outputs: 2, size: row.defaultSize, seed: nil).store
    #expect(store.parameterCount == row.parameters)
    #expect(store.state.count == golden.tensors)
    #expect(store[row.firstTensor]?.shape[1] == 1)
    for last in row.lastTensors { #expect(store[last]?.shape.first == 2, "\(last)") }
    #expect(hash(store.state) == golden.names, "names or shapes of `\(name)` differ")
    // For `scripts/reference/strict.py`, where a folder is named for it.
    if let folder = ProcessInfo.processInfo.environment["CXR_WRITE_MODELS"] {
      try Safetensors.write(store.state, to: "\(folder)/\(name).safetensors")
    }
  }

  /// A backbone that is drawn is the same whatever head stands on it.
  @Test(arguments: quick)
  func `First values of a backbone do not depend on the outputs`(name: String) throws {
    let size = try Golden.network(name).size
    let few = try Built(name, channels: 1, outputs: 1, size: size)
    let many = try Built(name, channels: 1, outputs: 3, size: size)
    for (name, tensor) in few.store.state where !few.network.isOutput(name) {
      let other = try #require(many.store[name])
      #expect(try tensor.isEqual(to: other), "\(name)")
    }
  }

  /// A row of a family that the catalogue does not list could never be named in a spec.
  @Test func `Catalogue and families list the same networks`() {
    let built = Architecture.Family.allCases.flatMap { Zoo.family($0).names }
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

  /// Positions and windows fit only some sizes; the others are errors that name some that do.
  @Test func `A size between the steps is an error`() throws {
    let message = "arch `vit_base_patch16_224` takes pictures of 16, 32, 48, … pixels, not 100"
    #expect(throws: TorchError(message)) {
      try Built("vit_base_patch16_224", channels: 1, outputs: 2, size: 100)
    }
  }

  /// Stochastic depth leaves out whole branches of a picture, and none in evaluation.
  @Test func `Stochastic depth drops branches in training only`() throws {
    let plan = Blueprint(channels: 1, outputs: 2, size: 64, stochasticDepth: 0.5)
    let store = ParameterStore()
    let network = try #require(
      try Miniatures.make("mini vit", Path(store, Generator(seed: 1)), plan))
    try fill(store)
    let x = try formula([2, 1, 64, 64], 1)
    let still = try network(x, .evaluation).floats()
    #expect(try network(x, .evaluation).floats() == still)
    let draws = try Generator(seed: 3)
    let moving = try (0..<4).map { _ in try network(x, .training(draws)).floats() }
    #expect(Set(moving).count > 1)
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
    _ name: String, channels: Int, outputs: Int, size: Int? = nil, seed: UInt64? = 1,
    dtype: ScalarType = .float32, headDropout: Double? = 0, threads: Int = 1
  ) throws {
    try Backend.setThreads(threads)
    store = ParameterStore(dtype: dtype)
    let generator = try seed.map { try Generator(seed: $0) }
    let plan = Blueprint(
      channels: channels, outputs: outputs,
      size: size ?? Catalogue.find(name)?.defaultSize ?? 224, headDropout: headDropout)
    network =
      try Miniatures.make(name, Path(store, generator), plan)
      ?? Zoo.make(name, plan, in: store, generator: generator)
  }
}
