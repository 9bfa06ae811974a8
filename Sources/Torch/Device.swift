import CTorch

/// Where a tensor lives and its operations run.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu
  case cuda(Int)

  /// The CPU, and every GPU that this libtorch can use.
  public static var available: [Device] {
    [.cpu] + (0..<Int(ct_cuda_count())).map { .cuda($0) }
  }

  /// `cpu`, `cuda:0`, …
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }

  /// Whether the hardware computes in bfloat16 (AVX-512 BF16 or AMX; a GPU from compute capability
  /// 8 on).
  public var supportsBFloat16: Bool { ct_supports_bfloat16(index) }

  /// Waits until the work queued on this device is done.
  public func synchronize() throws(TorchError) { try check(ct_synchronize(index)) }

  var index: Int32 {
    switch self {
    case .cpu: -1
    case .cuda(let index): Int32(clamping: index)
    }
  }

  init(index: Int32) {
    self = index < 0 ? .cpu : .cuda(Int(index))
  }
}

/// Settings of libtorch that hold for the whole process.
public enum Backend {
  /// The version of the libtorch this program was built with, as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// The number of threads inside one operation; float results depend on it.
  public static var threads: Int { Int(ct_threads()) }

  /// Sets the number of threads inside one operation, at least 1.
  public static func setThreads(_ count: Int) throws(TorchError) {
    try check(ct_set_threads(Int32(clamping: count)))
  }

  /// Keeps freed memory for the next step instead of giving it back, for a process that trains and
  /// then ends.
  ///
  /// Otherwise each large activation is fresh pages, which the kernel has to clear in every step.
  public static func keepFreedMemory() { ct_keep_freed_memory() }

  /// Chooses algorithms that give the same bits each time; an operation that has none then throws.
  public static func setDeterministic(_ wanted: Bool) throws(TorchError) {
    try check(ct_set_deterministic(wanted))
  }
}
