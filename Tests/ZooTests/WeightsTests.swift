import Catalogue
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

    /// A gray picture gives with the sum of the kernels what it gives in three equal channels, as in
    /// timm; with their mean a third of it.
    @Test func `Sums of kernels see a gray picture as three equal channels`() throws {
      let source = try Built("resnet18", channels: 3, outputs: 2, seed: 2)
      let gray = try formula([2, 1, 64, 64], 3)
      let expected = try source.network(gray.expanded([2, 3, 64, 64]), .evaluation).doubles()
      for channels in [1, 2] {
        let built = try Built("resnet18", channels: channels, outputs: 2)
        try withTemporaryFile { path in
          try Safetensors.write(source.store.state, to: path)
          _ = try Zoo.load(weights: path, of: built.network, into: built.store, colours: .sum)
        }
        let x = try gray.expanded([2, channels, 64, 64])
        let logits = try built.network(x, .evaluation).doubles()
        expectClose(logits, expected, relative: 1e-4, "\(channels) channels")
      }
    }

    /// A file without a last layer, and one with tables that follow from the sizes, as old files of
    /// timm have them.
    @Test func `A missing head keeps its values, and tables of places are not read`() throws {
      let source = try Built("mini swin", channels: 1, outputs: 2, size: 56, seed: 2)
      let built = try Built("mini swin", channels: 1, outputs: 2, size: 56)
      var state = source.store.state.filter { !$0.name.hasPrefix("head.") }
      state.append(("layers.0.blocks.0.attn.relative_position_index", try Tensor.zeros([49, 49])))
      let kept = try withTemporaryFile { path in
        try Safetensors.write(state, to: path)
        return try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      #expect(kept == ["head.fc.weight", "head.fc.bias"])
      let name = "patch_embed.proj.weight"
      #expect(try built.store[name]?.bytes() == source.store[name]?.bytes())
    }

    /// BEiT has a table of the places between two patches in each block, and three rows of the class
    /// token behind it.
    @Test func `Tables of places are interpolated to the size of the pictures`() throws {
      let source = try Built("mini beit", channels: 1, outputs: 2, size: 32, seed: nil)
      let built = try Built("mini beit", channels: 1, outputs: 2, size: 64, seed: nil)
      let name = "blocks.1.attn.relative_position_bias_table"
      let rows = (0..<3).flatMap { row in [Float](repeating: Float(row), count: 3 * 4) }
      let tokens = [Float](repeating: 9, count: 3 * 4)
      try source.store.copy([(name, try Tensor(rows + tokens, shape: [12, 4]))])
      try withTemporaryFile { path in
        try Safetensors.write(source.store.state, to: path)
        _ = try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      let table = try #require(built.store[name]).floats()
      #expect(table.count == 52 * 4)
      #expect(table.suffix(12).allSatisfy { $0 == 9 })
      let firsts = (0..<7).map { table[7 * 4 * $0] }
      #expect(zip(firsts, firsts.dropFirst()).allSatisfy { $0 <= $1 } && firsts[0] < firsts[6])
      #expect(abs(firsts[3] - 1) < 1e-4)
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

    /// Of each network the whole state is found below a wrapper's names, though parts of it have the
    /// names of the whole (`layer1.0.conv1.weight`); what follows from its sizes is not missed.
    @Test(arguments: ZooSuite.computed + ["efficientformer_l1"])
    func `A network starts from a file of its own`(name: String) throws {
      let size = try min(Golden.network(name).size, Catalogue.find(name)?.sizeStep == 32 ? 64 : 999)
      let source = try Built(name, channels: 1, outputs: 3, size: size, seed: 2)
      let built = try Built(name, channels: 1, outputs: 2, size: size)
      let beside = ("loss.weight", try Tensor.zeros([2]))
      for prefix in ["", "model.model."] {
        let state = source.store.state.map { (prefix + $0.name, $0.tensor) }
        let kept = try withTemporaryFile { path in
          try Safetensors.write(state + (prefix.isEmpty ? [] : [beside]), to: path)
          return try Zoo.load(weights: path, of: built.network, into: built.store)
        }
        #expect(kept == built.store.state.map(\.name).filter(built.network.isOutput))
        for (name, tensor) in source.store.state where !built.network.isOutput(name) {
          let own = try #require(built.store[name])
          #expect(try own.isEqual(to: tensor), "\(name)")
          // Forgotten before the next round, but for what follows from the sizes.
          guard try own.dtype.isFloatingPoint else { continue }
          try withoutGradients { () throws(TorchError) in try own.fill(0) }
        }
      }
    }

    /// A file in which two networks lie side by side does not say which is meant.
    @Test func `Two networks in a file are an error`() throws {
      let built = try Built("simple", channels: 1, outputs: 2, seed: 2)
      let state = ["student.", "teacher."].flatMap { prefix in
        built.store.state.map { (prefix + $0.name, $0.tensor) }
      }
      #expect(throws: StateMismatch.self) {
        try withTemporaryFile { path in
          try Safetensors.write(state, to: path)
          _ = try Zoo.load(weights: path, of: built.network, into: built.store)
        }
      }
    }

    /// A training that diverged leaves such files, and a mistake in a script the others.
    @Test func `Weights that are no numbers or whole numbers are an error`() throws {
      let built = try Built("simple", channels: 1, outputs: 2, seed: 2)
      let name = "features.4.weight"
      let before = try built.store.state.map { try $0.tensor.bytes() }
      let tensor = try #require(built.store[name])
      for (changed, message) in [
        (try tensor.detached() * Double.nan, "values that are no number, in `\(name)`"),
        (try tensor.detached().to(.int32), "in `\(name)`, where weights are fractions"),
      ] {
        let state = built.store.state.map { ($0.name, $0.name == name ? changed : $0.tensor) }
        let error = try #require(throws: TorchError.self) {
          try withTemporaryFile { path in
            try Safetensors.write(state, to: path)
            _ = try Zoo.load(weights: path, of: built.network, into: built.store)
          }
        }
        #expect(error.description.hasSuffix(message), "\(error)")
        #expect(try built.store.state.map { try $0.tensor.bytes() } == before)
      }
    }

    /// LeViT and EfficientFormer have a bias for each distance between two tokens: that of no distance
    /// stays the extreme that it is, and far ones stay far.
    @Test(arguments: [("mini levit", 64, 128, 16), ("mini efficientformer", 128, 256, 32)])
    func `Biases by distance are interpolated to the size of the pictures`(
      name: String, from: Int, to: Int, step: Int
    ) throws {
      let source = try Built(name, channels: 1, outputs: 2, size: from, seed: nil)
      let built = try Built(name, channels: 1, outputs: 2, size: to, seed: nil)
      let (before, after) = (from / step, to / step)
      let names = source.store.state.map(\.name).filter { $0.hasSuffix("attention_biases") }
      for name in names {
        let tensor = try #require(source.store[name])
        let side = Int(Double(tensor.shape[1]).squareRoot())
        let rows = (0..<tensor.shape[0]).flatMap { _ in
          (0..<side * side).map { Float($0 / side + $0 % side) }
        }
        try source.store.copy([(name, try Tensor(rows, shape: tensor.shape))])
      }
      try withTemporaryFile { path in
        try Safetensors.write(source.store.state, to: path)
        _ = try Zoo.load(weights: path, of: built.network, into: built.store)
      }
      let first = try #require(names.first)
      let table = try #require(built.store[first]).floats()
      #expect(before < after && table.count >= after * after)
      let row = table[..<after]
      #expect(zip(row, row.dropFirst()).allSatisfy { $0 < $1 })
      #expect(row[0] < 0.5 && abs(table[1] - table[after]) < 1e-5)
      let last = table[after * after - 1]
      #expect(abs(last - Float(2 * (before - 1))) < 1)
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

    /// Names, patterns, depth as in system B (−2: all but the last two layers), all but the head.
    @Test(arguments: [
      ("layer4", 30, "layer4.0.bn1.bias"), ("layer4.1.conv2", 1, "layer4.1.conv2.weight"),
      ("layer*.0.conv1", 4, "layer1.0.conv1.weight"), ("*.running_mean", 20, "bn1.running_mean"),
      ("*bn*", 85, "bn1.weight"), ("backbone", 120, "conv1.weight"), ("2", 6, "bn1.bias"),
      ("-1", 120, "conv1.weight"), ("-2", 115, "layer4.1.conv2.weight"), ("layer", 0, ""),
      ("0", 0, ""), ("100", 0, ""), ("-100", 0, ""),
    ])
    func `Frozen parts are found`(part: String, count: Int, one: String) throws {
      let built = try Built("resnet18", channels: 1, outputs: 2, seed: nil)
      let names = FrozenPart(part).names(in: built.store, of: built.network)
      #expect(names.count == count, "\(names)")
      #expect(count == 0 || names.contains(one), "\(names)")
      #expect(!names.contains("fc.weight"))
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
