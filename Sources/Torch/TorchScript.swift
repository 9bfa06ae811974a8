import CTorch

/// A network that was exported from Python as TorchScript: its code and its tensors in one file.
///
/// The code is run as it is: a file is to be trusted like a program.
public final class TorchScript {
  private let handle: OpaquePointer

  /// Reads the file at `path` and registers its parameters and buffers in `store`, with the names
  /// that they have in Python. Parameters that required no gradient there are not trained here, and
  /// one with several names is trained under the first.
  public init(_ path: String, in store: ParameterStore) throws(TorchError) {
    guard let handle = ct_script_load(path, store.device.index) else {
      throw TorchError("`\(path)` is no network of TorchScript: \(TorchError.last.firstLine)")
    }
    self.handle = handle
    for index in 0..<ct_script_count(handle) {
      let isParameter = ct_script_is_parameter(handle, index)
      let tensor = try Tensor(ct_script_tensor(handle, index))
      try store.register(
        String(cString: ct_script_name(handle, index)), tensor, isParameter ? .parameter : .buffer)
    }
  }

  deinit { ct_script_free(handle) }

  /// What the network makes of `x`; in training it draws from `Generator.ofDevice`.
  public func callAsFunction(_ x: Tensor, _ mode: Mode) throws(TorchError) -> Tensor {
    do throws(TorchError) {
      return try Tensor(ct_script_forward(handle, x.handle, mode.training))
    } catch {
      throw TorchError("the network of TorchScript failed: \(error.lastLine)")
    }
  }
}

extension TorchError {
  fileprivate var firstLine: Substring {
    description.split(whereSeparator: \.isNewline).first ?? ""
  }
  fileprivate var lastLine: Substring { description.split(whereSeparator: \.isNewline).last ?? "" }
}
