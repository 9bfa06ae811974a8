import Catalogue
import Testing
import Torch
import TorchTestSupport

@testable import Zoo

extension ZooSuite {
  @Suite struct DroppingTests {
    /// A small network of each family.
    static let families: [(name: String, family: Architecture.Family)] = [
      ("simple", .plain), ("mini fractalnet", .fractalnet), ("mini vgg", .vgg),
      ("mini resnet", .resnet), ("densenet121", .densenet), ("legacy_xception", .xception),
      ("mnasnet_100", .efficientnet), ("regnety_008", .regnet), ("mini convnext", .convnext),
      ("mini mixer", .mixer), ("mini resmlp", .mixer), ("mini vit", .vit), ("mini deit3", .vit),
      ("mini beit", .beit), ("mini swin", .swin), ("mini levit", .levit),
      ("mobilevit_xs", .mobilevit), ("mini efficientformer", .efficientformer),
    ]

    /// What the catalogue says that a network can drop it drops, in training only; a spec that asks
    /// for more is refused by it, so that no share is without effect.
    @Test(arguments: families)
    func `Shares reach the network as the catalogue says`(
      name: String, family: Architecture.Family
    ) throws {
      try Backend.setThreads(1)
      let row = try #require(Catalogue.all.first { $0.family == family })
      let size = try Golden.network(name).size
      let x = try formula([4, 1, size, size], 1)
      func outputs(
        depth: Double = 0, inside: Double = 0, head: Double = 0
      ) throws -> (still: [Float], moving: [Float]) {
        let store = ParameterStore()
        let plan = Blueprint(
          channels: 1, outputs: 2, size: size, stochasticDepth: depth, dropout: inside,
          headDropout: head)
        let path = Path(store, nil)
        let network =
          try Miniatures.make(name, path, plan)
          ?? Zoo.make(name, plan, in: store, generator: nil)
        try fill(store)
        let still = try network(x, .evaluation).floats()
        return (still, try network(x, .training(Generator(seed: 3))).floats())
      }
      let whole = try outputs()
      let without = try outputs(depth: 0.9)
      let dropped = try outputs(inside: 0.5)
      let head = try outputs(head: 0.5)
      for other in [without, dropped, head] { #expect(other.still == whole.still) }
      #expect((without.moving != whole.moving) == row.hasStochasticDepth)
      #expect((dropped.moving != whole.moving) == row.hasDropout())
      #expect(head.moving != whole.moving)
    }

    /// A part of a larger network has no hidden layers, and so a VGG nothing to drop between them.
    @Test func `A joined VGG drops nothing inside`() throws {
      #expect(Catalogue.find("vgg19")?.hasDropout() == true)
      #expect(Catalogue.find("vgg19")?.hasDropout(joined: true) == false)
    }

    /// Dropped values become 0 and the others larger, so that the mean stays.
    @Test func `Dropout inside keeps the mean`() throws {
      let store = ParameterStore()
      let layer = try Perceptron(
        Path(store, Generator(seed: 1)), 64, hidden: 64, activation: .none, dropout: Dropout(0.5))
      try fill(store)
      let x = try formula([512, 64], 1)
      let still = try layer(x, .evaluation)
      let moving = try layer(x, .training(Generator(seed: 2)))
      let zeros = try moving.doubles().count { $0 == 0 }
      #expect(abs(Double(zeros) / Double(512 * 64) - 0.5) < 0.02)
      let slope = try (moving * still).mean().item() / still.square().mean().item()
      #expect(abs(slope - 1) < 0.1)
    }
  }
}
