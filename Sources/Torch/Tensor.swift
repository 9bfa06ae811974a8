import CTorch

/// An array of numbers on a device, and its place in the graph of gradients.
///
/// Not `Sendable`: grad mode and autocast belong to a thread, so only host memory crosses tasks.
public final class Tensor {
  let handle: OpaquePointer

  /// Takes over a handle that the shim returned; NULL is the last failure.
  init(_ handle: OpaquePointer?) throws(TorchError) {
    guard let handle else { throw .last }
    self.handle = handle
  }

  deinit { ct_free(handle) }

  /// A copy of `bytes`, row-major; throws when their number does not fit `shape` and `dtype`.
  public convenience init(
    bytes: UnsafeRawBufferPointer, shape: [Int], dtype: ScalarType
  ) throws(TorchError) {
    let sizes = try sizes(shape)
    try self.init(
      ct_from_bytes(bytes.baseAddress, bytes.count, sizes, sizes.count, dtype.rawValue))
  }

  /// A copy of `values`, row-major; one dimension unless `shape` says more.
  public convenience init(_ values: [Float], shape: [Int]? = nil) throws(TorchError) {
    try self.init(elements: values, shape: shape, dtype: .float32)
  }

  /// A copy of `values`, row-major; one dimension unless `shape` says more.
  public convenience init(_ values: [Int64], shape: [Int]? = nil) throws(TorchError) {
    try self.init(elements: values, shape: shape, dtype: .int64)
  }

  /// A copy of `values`, row-major; one dimension unless `shape` says more.
  public convenience init(_ values: [UInt8], shape: [Int]? = nil) throws(TorchError) {
    try self.init(elements: values, shape: shape, dtype: .uint8)
  }

  private convenience init<Element: BitwiseCopyable>(
    elements: [Element], shape: [Int]?, dtype: ScalarType
  ) throws(TorchError) {
    let sizes = try sizes(shape ?? [elements.count])
    try self.init(
      elements.withUnsafeBytes {
        ct_from_bytes($0.baseAddress, $0.count, sizes, sizes.count, dtype.rawValue)
      })
  }

  /// A tensor whose elements are all `value`.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: ScalarType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    let sizes = try sizes(shape)
    return try Tensor(ct_full(sizes, sizes.count, value, dtype.rawValue, device.index))
  }

  /// A tensor of zeros.
  public static func zeros(
    _ shape: [Int], dtype: ScalarType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try full(shape, 0, dtype: dtype, device: device)
  }

  /// Zeros of this tensor's shape, type, device and memory format.
  public func zerosLike() throws(TorchError) -> Tensor { try Tensor(ct_zeros_like(handle)) }

  /// The whole numbers from 0 to below `end`.
  public static func arange(_ end: Int, device: Device = .cpu) throws(TorchError) -> Tensor {
    try Tensor(ct_arange(Int64(end), device.index))
  }

  /// The sizes of the dimensions.
  public var shape: [Int] { (0..<ct_rank(handle)).map { Int(ct_size(handle, $0)) } }

  /// The number of elements.
  public var count: Int { Int(ct_element_count(handle)) }

  /// The size of the elements in bytes.
  public var byteCount: Int { ct_byte_count(handle) }

  /// The type of the elements; a type that `ScalarType` lacks throws.
  public var dtype: ScalarType {
    get throws(TorchError) {
      let number = ct_dtype(handle)
      guard let type = ScalarType(rawValue: number) else {
        throw TorchError("the element type with libtorch's number \(number) is not supported")
      }
      return type
    }
  }

  /// Where the tensor lives.
  public var device: Device { Device(index: ct_device(handle)) }

  /// Whether the memory of this `[batch, channels, height, width]` has the channels innermost.
  public var isChannelsLast: Bool { ct_is_channels_last(handle) }

  /// The same values on `device`, the same tensor when it is there already.
  public func to(_ device: Device) throws(TorchError) -> Tensor {
    try Tensor(ct_to_device(handle, device.index))
  }

  /// The same values as `dtype`.
  public func to(_ dtype: ScalarType) throws(TorchError) -> Tensor {
    try Tensor(ct_to_dtype(handle, dtype.rawValue))
  }

  /// The same values in the memory order `format`; channels-last needs four dimensions.
  public func to(_ format: MemoryFormat) throws(TorchError) -> Tensor {
    try Tensor(ct_to_format(handle, format == .channelsLast))
  }

  /// The elements as float32, row-major.
  public func floats() throws(TorchError) -> [Float] { try to(.float32).elements(of: Float.self) }

  /// The elements as float64, row-major.
  public func doubles() throws(TorchError) -> [Double] {
    try to(.float64).elements(of: Double.self)
  }

  /// The elements as int64, row-major.
  public func integers() throws(TorchError) -> [Int64] { try to(.int64).elements(of: Int64.self) }

  /// The memory of the elements, row-major.
  public func bytes() throws(TorchError) -> [UInt8] {
    try elements(of: UInt8.self, count: byteCount)
  }

  /// Writes the memory of the elements, row-major, to a buffer of exactly `byteCount` bytes.
  public func copy(into buffer: UnsafeMutableRawBufferPointer) throws(TorchError) {
    try check(ct_to_bytes(handle, buffer.baseAddress, buffer.count))
  }

  /// The one element of the tensor; throws when there is another number of them.
  public func item() throws(TorchError) -> Double {
    var value = 0.0
    try check(ct_item(handle, &value))
    return value
  }

  /// Overwrites the elements with those of `source`, cast and broadcast as needed.
  public func copy(from source: Tensor) throws(TorchError) {
    try check(ct_copy_(handle, source.handle))
  }

  /// Overwrites every element with `value`.
  public func fill(_ value: Double) throws(TorchError) { try check(ct_fill_(handle, value)) }

  /// Adds `value` to every element in place.
  public func increment(by value: Double) throws(TorchError) {
    try check(ct_add_(handle, value))
  }

  private func elements<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    of type: Element.Type, count: Int? = nil
  ) throws(TorchError) -> [Element] {
    var elements = [Element](repeating: 0, count: count ?? self.count)
    try check(elements.withUnsafeMutableBytes { ct_to_bytes(handle, $0.baseAddress, $0.count) })
    return elements
  }
}

/// Sizes as the shim takes them; a negative one throws.
func sizes(_ shape: [Int]) throws(TorchError) -> [Int64] {
  guard shape.allSatisfy({ $0 >= 0 }) else {
    throw TorchError("shape \(shape) has a negative size")
  }
  return shape.map(Int64.init)
}
