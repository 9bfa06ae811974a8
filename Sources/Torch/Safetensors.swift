import Glibc

/// Files of named tensors in the format of Hugging Face's `safetensors`: eight bytes with the
/// length of a JSON header, the header, then the memory of the tensors without gaps.
public enum Safetensors {
  /// What a file holds, in the order of its memory.
  public struct Contents {
    /// The tensors, on the CPU.
    public let tensors: [(name: String, tensor: Tensor)]
    /// Free text by name, sorted by name.
    public let metadata: [(name: String, text: String)]
  }

  /// Writes `tensors` in the given order; the same tensors give the same bytes.
  ///
  /// The file appears whole or not at all. Throws for a name that is used twice or is
  /// `__metadata__`.
  public static func write(
    _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:],
    to path: String
  ) throws(TorchError) {
    let header = try SafetensorsHeader(describing: tensors, metadata)
    let partial = path + ".partial"
    guard let file = fopen(partial, "wb") else { throw .system("cannot write", path) }
    do throws(TorchError) {
      defer { fclose(file) }
      try put(header.encoded(), file, path)
      for (_, tensor) in tensors { try put(try tensor.bytes(), file, path) }
      guard fflush(file) == 0, fsync(fileno(file)) == 0 else {
        throw .system("cannot write", path)
      }
    } catch {
      unlink(partial)
      throw error
    }
    guard rename(partial, path) == 0 else { throw .system("cannot write", path) }
  }

  /// Reads the file at `path`; a file that is cut short, or whose header and length disagree,
  /// throws.
  public static func read(_ path: String) throws(TorchError) -> Contents {
    try withMappedFile(path) { file throws(TorchError) in
      guard file.count >= SafetensorsHeader.prefix else {
        throw TorchError("`\(path)` is not a safetensors file: it has \(file.count) bytes")
      }
      do throws(TorchError) {
        return try contents(file)
      } catch {
        throw TorchError("`\(path)` is not a safetensors file: \(error.description)")
      }
    }
  }

  private static func contents(_ file: UnsafeRawBufferPointer) throws(TorchError) -> Contents {
    let header = try SafetensorsHeader(decoding: file)
    var tensors: [(name: String, tensor: Tensor)] = []
    tensors.reserveCapacity(header.entries.count)
    for entry in header.entries {
      let bytes = UnsafeRawBufferPointer(rebasing: file[entry.range])
      tensors.append(
        (entry.name, try Tensor(bytes: bytes, shape: entry.shape, dtype: entry.dtype)))
    }
    return Contents(tensors: tensors, metadata: header.metadata)
  }

  private static func put(
    _ bytes: [UInt8], _ file: UnsafeMutablePointer<FILE>, _ path: String
  ) throws(TorchError) {
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw .system("cannot write", path)
    }
  }
}

extension TorchError {
  static func system(_ action: String, _ path: String) -> TorchError {
    TorchError("\(action) `\(path)`: \(String(cString: strerror(errno)).lowercased())")
  }
}
