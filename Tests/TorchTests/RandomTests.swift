import Testing
import Torch

extension TorchSuite {
  @Suite struct RandomTests {
    /// A seed fixes every kind of draw, and another seed changes it.
    @Test func `A seed fixes the stream`() throws {
      func draws(_ seed: UInt64) throws -> [[Float]] {
        let generator = try Generator(seed: seed)
        let uniform = try Tensor.zeros([40])
        try uniform.fillUniform(0, 1, generator)
        let normal = try Tensor.zeros([40])
        try normal.fillNormal(generator)
        let coins = try Tensor.zeros([40])
        try coins.fillBernoulli(0.3, generator)
        let order = try generator.permutation(40).floats()
        #expect(order.sorted() == (0..<40).map(Float.init))
        return [try uniform.floats(), try normal.floats(), try coins.floats(), order]
      }
      let first = try draws(7)
      #expect(try draws(7) == first)
      for (one, other) in zip(first, try draws(8)) { #expect(one != other) }
    }

    /// A resumed training continues the stream of dropout.
    @Test func `State taken and given back continues the stream`() throws {
      let generator = try Generator(seed: 3)
      _ = try generator.permutation(5)
      let state = try generator.state()
      let next = try generator.permutation(100).integers()
      let other = try Generator(seed: 99)
      try other.restore(state)
      #expect(try other.permutation(100).integers() == next)
      #expect(throws: TorchError.self) { try other.restore([1, 2, 3]) }
    }

    /// Dropout keeps the mean, drops elements or whole samples, and is silent in evaluation.
    @Test func `Dropout drops and rescales`() throws {
      let generator = try Generator(seed: 1)
      let x = try Tensor.full([100, 100], 1)
      let dropped = try x.dropout(0.25, generator)
      #expect(abs(try dropped.mean().item() - 1) < 0.03)
      #expect(Set(try dropped.floats()) == [0, 1 / 0.75])
      let rows = try x.dropout(0.25, wholeSamples: true, generator)
      #expect(try rows.max([1]).isEqual(to: rows.min([1])))
      #expect(try rows.min().item() == 0)
      #expect(try Dropout(0.5)(x, .evaluation).isEqual(to: x))
      #expect(throws: TorchError.self) { try Dropout(0.5)(x, .training(nil)) }
      #expect(throws: TorchError.self) { try x.dropout(1, generator) }
    }
  }
}
