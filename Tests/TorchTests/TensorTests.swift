import Testing
import Torch
import TorchTestSupport

extension TorchSuite {
  @Suite struct TensorTests {
    /// Host memory goes in and comes out unchanged, for every type.
    @Test(arguments: ScalarType.allCases)
    func `Bytes survive the way in and out`(dtype: ScalarType) throws {
      let bytes = (0..<6 * dtype.byteCount).map { UInt8($0 % 2) }
      let tensor = try bytes.withUnsafeBytes { try Tensor(bytes: $0, shape: [2, 3], dtype: dtype) }
      #expect(try tensor.bytes() == bytes)
      #expect(tensor.shape == [2, 3])
      #expect(try tensor.dtype == dtype)
      #expect(tensor.device == .cpu)
    }

    /// A shape that does not fit the memory must not read beyond it.
    @Test func `A wrong number of bytes is an error`() throws {
      #expect(throws: TorchError("the shape needs 16 bytes, but there are 12")) {
        try Tensor([1, 2, 3] as [Float], shape: [4])
      }
      #expect(throws: TorchError.self) { try Tensor([1] as [Float], shape: [-1]) }
      #expect(try Tensor([] as [Float]).floats() == [])
    }

    /// An exception of libtorch becomes a Swift error with the reason and without a stack of C++
    /// frames.
    @Test func `What libtorch throws is thrown here`() throws {
      let tensor = try Tensor.zeros([2, 3])
      let error = try #require(throws: TorchError.self) { try tensor.matmul(tensor) }
      #expect(error.description.contains("2x3"))
      #expect(!error.description.contains("frame #"))
      #expect(throws: TorchError.self) { try tensor.item() }
      #expect(throws: TorchError.self) { try tensor.to(.cuda(99)) }
    }

    /// Values read by hand: arithmetic, comparison, masks.
    @Test func `Elements are computed as expected`() throws {
      let x = try Tensor([-1, 0, 2] as [Float])
      #expect(try (x + 1).floats() == [0, 1, 3])
      #expect(try (x * x - x / 2).floats() == [1.5, 0, 3])
      #expect(try x.greater(than: 0).integers() == [0, 0, 1])
      #expect(try x.less(than: 0).choose(x.negated(), x).floats() == [1, 0, 2])
      #expect(try x.filled(where: x.equal(to: 0), with: 9).floats() == [-1, 9, 2])
      #expect(try x.clamp(-0.5, 1).floats() == [-0.5, 0, 1])
      let counts = try Tensor([1, 2] as [Int64])
      #expect(try (counts + 1).dtype == .int64)
    }

    /// Values read by hand: shapes and choices.
    @Test func `Shapes and selections are as expected`() throws {
      let x = try Tensor.arange(6).reshaped([2, 3])
      #expect(try x.permuted([1, 0]).integers() == [0, 3, 1, 4, 2, 5])
      #expect(try x.selecting(Tensor([1, 0] as [Int64])).integers() == [3, 4, 5, 0, 1, 2])
      #expect(try x.selecting(Tensor([2] as [Int64]), along: 1).integers() == [2, 5])
      #expect(try x.narrowed(1, from: 1, length: 2).integers() == [1, 2, 4, 5])
      #expect(try x.flipped([1]).integers() == [2, 1, 0, 5, 4, 3])
      #expect(try Tensor.cat([x, x], along: 1).shape == [2, 6])
      #expect(try Tensor.stack([x, x]).shape == [2, 2, 3])
      #expect(try x.unsqueezed(0).flattened(from: 0, to: 1).shape == [2, 3])
      #expect(throws: TorchError.self) { try x.selecting(Tensor([2] as [Int64])) }
    }

    /// Values read by hand: reductions over all and over some dimensions.
    @Test func `Reductions are as expected`() throws {
      let x = try Tensor([1, 2, 3, 6] as [Float], shape: [2, 2])
      #expect(try x.sum().item() == 12)
      #expect(try x.mean([0]).floats() == [2, 4])
      #expect(try x.max([1], keep: true).shape == [2, 1])
      #expect(try x.argmax(1).integers() == [1, 1])
      #expect(try Tensor([3, 4] as [Float]).norm().item() == 5)
    }

    /// Channels-last changes the order in memory, not the values.
    @Test func `Memory format leaves values alone`() throws {
      let x = try formula([2, 3, 4, 5], 1)
      let last = try x.to(.channelsLast)
      #expect(last.isChannelsLast && !x.isChannelsLast)
      #expect(try last.floats() == x.floats())
      let gray = try formula([2, 1, 4, 5], 1).to(.channelsLast)
      #expect(gray.isChannelsLast)
      #expect(try gray.conv2d(formula([4, 1, 3, 3], 2)).isChannelsLast)
      let weight = try formula([4, 3, 3, 3], 2)
      let difference = try x.conv2d(weight, padding: 1) - last.conv2d(weight, padding: 1)
      #expect(try difference.abs().max().item() < 1e-6)
    }

    /// Grouped and dilated convolution by a window that can be added up by hand.
    @Test func `Groups and dilation reach the convolution`() throws {
      let x = try Tensor((0..<18).map(Float.init), shape: [1, 2, 3, 3])
      let weight = try Tensor.full([2, 1, 2, 2], 1)
      let y = try x.conv2d(weight, dilation: 2, groups: 2)
      #expect(try y.floats() == [0 + 2 + 6 + 8, 9 + 11 + 15 + 17])
      #expect(try x.avgPool2d(3).floats() == [4, 13])
      #expect(try x.maxPool2d(3).floats() == [8, 17])
      #expect(try x.globalAveragePool().floats() == [4, 13])
    }

    /// Losses come per sample, with their weights, so that the caller decides on the mean.
    @Test func `Losses are per sample and weighted`() throws {
      let logits = try Tensor([0, 0, 1, -1] as [Float], shape: [2, 2])
      let target = try Tensor([0, 1] as [Int64])
      let weights = try Tensor([1, 3] as [Float])
      let cross = try logits.crossEntropy(target, classWeights: weights).doubles()
      #expect(abs(cross[0] - 0.693147) < 1e-5 && abs(cross[1] - 3 * 2.126928) < 1e-5)
      let x = try Tensor([0, 2] as [Float])
      let binary = try x.binaryCrossEntropy(
        Tensor([1, 0] as [Float]), weight: Tensor([2, 1] as [Float]),
        positiveWeight: Tensor([5] as [Float])
      ).doubles()
      #expect(abs(binary[0] - 10 * 0.693147) < 1e-5 && abs(binary[1] - 2.126928) < 1e-5)
    }

    /// A thread count is a setting that results depend on; it must be the one asked for.
    @Test func `Settings can be set and read`() throws {
      let before = Backend.threads
      defer { try? Backend.setThreads(before) }
      try Backend.setThreads(1)
      #expect(Backend.threads == 1)
      #expect(throws: TorchError.self) { try Backend.setThreads(0) }
      #expect(Device.available.first == .cpu)
      #expect(Backend.version.hasPrefix("2."))
    }
  }
}
