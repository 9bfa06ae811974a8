import Foundation
import Testing
import Torch
import TorchTestSupport

extension TorchSuite {
  @Suite struct SafetensorsTests {
    /// What the Python library wrote reads here.
    @Test func `A file of Python's safetensors reads`() throws {
      let contents = try Safetensors.read(golden("python.safetensors").path)
      let tensors = Dictionary(uniqueKeysWithValues: contents.tensors.map { ($0.name, $0.tensor) })
      #expect(tensors.count == 6)
      #expect(try tensors["weight"]?.floats() == [0, 0.25, 0.5, 0.75, 1, 1.25])
      #expect(tensors["weight"]?.shape == [2, 3])
      #expect(try tensors["half"]?.dtype == .bfloat16)
      #expect(try tensors["half"]?.floats() == [1.5, -2])
      #expect(try tensors["count"]?.item() == 7)
      #expect(tensors["count"]?.shape == [])
      #expect(try tensors["mask"]?.bytes() == [1, 0, 1])
      #expect(try tensors["bytes"]?.bytes() == [0, 255])
      #expect(tensors["empty"]?.shape == [0, 3])
      #expect(contents.metadata.map(\.name) == ["format", "note"])
      #expect(contents.metadata.map(\.text) == ["pt", "quoted \"ü\" text"])
    }

    /// The same tensors give the same bytes, in the order given, with the memory at a multiple of
    /// 8.
    @Test func `Bytes are exactly as the format says`() throws {
      try withTemporaryFile { path in
        try Safetensors.write(
          [("b", Tensor([1, 2] as [Float])), ("a", Tensor([3] as [UInt8], shape: [1, 1]))],
          metadata: ["z": "1", "k\"": "a\nb"], to: path)
        let json =
          #"{"__metadata__":{"k\"":"a\u000ab","z":"1"},"#
          + #""b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
          + #""a":{"dtype":"U8","shape":[1,1],"data_offsets":[8,9]}}"#
        let padded = json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
        var expected = Data([UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0])
        expected += Data(padded.utf8) + Data([0, 0, 128, 63, 0, 0, 0, 64, 3])
        #expect(try Data(contentsOf: URL(filePath: path)) == expected)
        #expect(try Safetensors.read(path).tensors.map(\.name) == ["b", "a"])
        #expect(try Safetensors.read(path).metadata.map(\.text) == ["a\nb", "1"])
      }
    }

    /// A name that would overwrite another tensor is refused, and no file is left.
    @Test func `A name used twice is not written`() throws {
      try withTemporaryFile { path in
        let tensor = try Tensor([1] as [Float])
        #expect(throws: TorchError("tensor name `a` is used twice")) {
          try Safetensors.write([("a", tensor), ("a", tensor)], to: path)
        }
        #expect(throws: TorchError.self) {
          try Safetensors.write([("__metadata__", tensor)], to: path)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: TorchError.self) { try Safetensors.write([], to: path + "/inside") }
        #expect(throws: TorchError.self) { try Safetensors.read(path) }
      }
    }

    /// A header that lies about the file is an error that says what is wrong, never a crash.
    @Test(arguments: [
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "outside"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "belong to no tensor"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "no sense"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "outside"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "no sense"),
      (#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}"#, 4, "unknown dtype `F4`"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "lacks"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "odd member `x`"),
      (#"{"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]}}"#, 4, "shape"),
      (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, "sense"),
      (
        #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[1,4]}}"#,
        4, "overlaps"
      ),
      (
        #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
        4, "stands twice"
      ),
      (#"{"a":"#, 4, "no sense"), ("[]", 0, "no sense"), (#"{"a"#, 0, "no sense"),
      (#"{"\ud800":1}"#, 0, "no sense"), ("{} x", 0, "no sense"), ("", 0, "no sense"),
    ])
    func `A malformed file is a clear error`(header: String, bytes: Int, words: String) throws {
      try withTemporaryFile { path in
        var file = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
        file += Data(header.utf8) + Data(repeating: 0, count: bytes)
        try file.write(to: URL(filePath: path))
        let error = try #require(throws: TorchError.self) { try Safetensors.read(path) }
        #expect(error.description.contains(words))
        #expect(error.description.contains("is not a safetensors file"))
      }
    }

    /// A file cut anywhere, or with a byte changed, is read or refused, but never read beyond its
    /// end.
    @Test func `Cut and damaged files do not crash`() throws {
      let whole = try Data(contentsOf: golden("python.safetensors"))
      try withTemporaryFile { path in
        let file = URL(filePath: path)
        for length in 0..<whole.count {
          try whole.prefix(length).write(to: file)
          #expect(throws: TorchError.self) { try Safetensors.read(path) }
        }
        for place in 0..<min(whole.count, 400) {
          var damaged = whole
          damaged[place] ^= 0x15
          try damaged.write(to: file)
          _ = try? Safetensors.read(path)
        }
      }
    }
  }
}
