import Foundation
import Testing
import TorchTestSupport

@testable import Torch

extension TorchSuite {
  /// Files of `scripts/reference/checkpoints.py`, written by torch 2.13.
  @Suite struct CheckpointTests {
    private func expectState(_ file: String, prefix: String = "") throws {
      let state = try TorchCheckpoint.read(golden(file).path)
      let shapes: [(String, [Int], ScalarType)] = [
        ("conv.weight", [2, 3, 2, 2], .float32), ("turned", [3, 4], .float32),
        ("shared", [4, 3], .float32), ("part", [2, 3], .float32), ("half", [5], .float16),
        ("brain", [5], .bfloat16), ("double", [2], .float64), ("parameter", [2, 2], .float32),
        ("count", [], .int64),
      ]
      #expect(state.map(\.name) == shapes.map { prefix + $0.0 })
      for ((name, tensor), (_, shape, dtype)) in zip(state, shapes) {
        #expect(tensor.shape == shape, "\(name)")
        #expect(try tensor.dtype == dtype, "\(name)")
        let expected =
          name.hasSuffix("count") ? [7] : (0..<tensor.count).map { Double($0) / 8 }
        #expect(try tensor.doubles() == expected, "\(name)")
      }
    }

    /// Both formats hold the same state, whatever the order of its memory.
    @Test(arguments: ["zip.pth", "old.pth"])
    func `A state that PyTorch saved is read`(file: String) throws { try expectState(file) }

    /// A training keeps more than the state; that is passed over.
    @Test(arguments: ["lightning.ckpt", "old.ckpt"])
    func `The state of a training is found`(file: String) throws {
      try expectState(file, prefix: "model.")
    }

    /// A pickle is a program. It is read, not run.
    @Test func `Nothing in a pickle is run`() throws {
      #expect(throws: TorchError.self) { try TorchCheckpoint.read(golden("hostile.pth").path) }
      #expect(!FileManager.default.fileExists(atPath: "pickle-was-run"))
    }

    /// A download that broke off, or a bit that fell over, is an error or another value, no crash.
    @Test(arguments: ["zip.pth", "old.pth", "lightning.ckpt", "old.ckpt"])
    func `A damaged file is no crash`(file: String) throws {
      let bytes = try [UInt8](Data(contentsOf: golden(file)))
      try withTemporaryFile { path in
        for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
          try Data(bytes[..<length]).write(to: URL(filePath: path))
          #expect(throws: TorchError.self) { try TorchCheckpoint.read(path) }
        }
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 300)) {
          var damaged = bytes
          damaged[place] ^= UInt8(1 << (place % 8))
          try Data(damaged).write(to: URL(filePath: path))
          _ = try? TorchCheckpoint.read(path)
        }
      }
    }

    /// An expanded tensor is a few bytes in the file and terabytes in memory.
    @Test func `A tensor with more elements than the file has is not made`() throws {
      let error = #expect(throws: TorchError.self) {
        try TorchCheckpoint.read(golden("expanded.pth").path)
      }
      #expect(
        error?.description.hasSuffix("has the shape [1000000, 1000000], for 1 values") == true,
        "\(String(describing: error))")
      // One that is not wanted is not looked at.
      let state = try TorchCheckpoint.read(golden("expanded.pth").path) { _ in
        { $0 == "big" ? nil : "own." + $0 }
      }
      #expect(state.map(\.name) == ["own.weight"])
      #expect(try state.first?.tensor.doubles() == [0, 0.125])
    }

    /// Programs and states have the same suffix, and the code of programs is compressed.
    @Test func `A program is not taken for a state`() throws {
      let error = #expect(throws: TorchError.self) {
        try TorchCheckpoint.read(golden("tied.pt").path)
      }
      #expect(error?.description.contains("it is a TorchScript program") == true)
    }

    /// A pipe has no end, and opening one waits for a writer.
    @Test func `A pipe is no file`() throws {
      try withTemporaryFile { path in
        try #require(mkfifo(path, 0o600) == 0)
        #expect(throws: TorchError("cannot read `\(path)`: it is not a file")) {
          try TorchCheckpoint.isOne(path)
        }
      }
    }

    /// Lists within lists, a million deep, do not exhaust the stack.
    @Test func `A deep pickle is no crash`() throws {
      let bytes =
        [UInt8](repeating: UInt8(ascii: "]"), count: 1_000_000)
        + [UInt8](repeating: UInt8(ascii: "a"), count: 999_999) + [UInt8(ascii: ".")]
      bytes.withUnsafeBytes { memory in
        var pickle = Unpickler(memory)
        #expect(throws: Never.self) { _ = try pickle.value() }
        pickle.dissolve()
      }
    }
  }
}
