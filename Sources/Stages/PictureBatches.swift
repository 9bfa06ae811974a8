import Basics
import Experiments
import Radiographs
import Torch

/// Pictures of the pack as normalised batches for a network.
///
/// Normalised channel by channel; the gray picture stands in every channel.
struct PictureBatches {
  private let pack: ImagePack
  private let device: Device
  private let channels: Int
  private let scale: Tensor
  private let shift: Tensor

  /// Batches of pictures of `pack`, normalised so, on `device`.
  init(_ pack: ImagePack, _ normalization: PictureNormalization, device: Device) throws {
    self.pack = pack
    self.device = device
    channels = normalization.mean.count
    let (mean, deviation) = (
      normalization.mean.map(Float.init), normalization.deviation.map(Float.init)
    )
    let shape = [1, channels, 1, 1]
    let brightest: Float = pack.bits == 16 ? 65535 : 255
    scale = try Tensor(deviation.map { 1 / (brightest * $0) }, shape: shape).to(device)
    shift = try Tensor(zip(mean, deviation).map { $0 / $1 }, shape: shape).to(device)
  }

  /// The pictures at `positions` of the pack: `[batch, channels, size, size]`, float32.
  func callAsFunction(_ positions: ArraySlice<Int>) throws -> Tensor {
    let gray = try (pack.bits == 8 ? bytes(positions) : levels(positions)).to(device).to(.float32)
    let pictures = try gray.expanded([positions.count, channels, pack.height, pack.width])
    return try (pictures * scale - shift).to(.channelsLast)
  }

  private func bytes(_ positions: ArraySlice<Int>) throws -> Tensor {
    let count = pack.height * pack.width
    var bytes = [UInt8](repeating: 0, count: positions.count * count)
    bytes.withUnsafeMutableBytes { buffer in
      for (row, position) in positions.enumerated() {
        let target = UnsafeMutableRawBufferPointer(
          rebasing: buffer[row * count..<(row + 1) * count])
        target.copyMemory(from: pack[position])
      }
    }
    let shape = [positions.count, 1, pack.height, pack.width]
    return try bytes.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: .uint8) }
  }

  /// Levels of 16 bits, for which libtorch's own type has no arithmetic.
  private func levels(_ positions: ArraySlice<Int>) throws -> Tensor {
    let count = pack.height * pack.width
    var levels = [Int32](repeating: 0, count: positions.count * count)
    levels.withUnsafeMutableBufferPointer { buffer in
      for (row, position) in positions.enumerated() {
        pack.levels(
          of: position,
          into: UnsafeMutableBufferPointer(rebasing: buffer[row * count..<(row + 1) * count]))
      }
    }
    let shape = [positions.count, 1, pack.height, pack.width]
    return try levels.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: .int32) }
  }
}

extension Device {
  /// The device that a job names: `cpu`, `cuda` or `cuda:1`.
  init(named name: String) throws {
    let parts = name.split(separator: ":")
    switch (parts.first, parts.count) {
    case ("cpu", 1): self = .cpu
    case ("cuda", 1): self = .cuda(0)
    case ("cuda", 2):
      guard let index = Int(parts[1]), index >= 0 else { fallthrough }
      self = .cuda(index)
    default: throw Diagnostic("unknown device `\(name)`")
    }
  }
}
