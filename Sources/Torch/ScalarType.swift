/// The type of a tensor's elements; the raw value is libtorch's own number.
public enum ScalarType: Int32, CaseIterable, Sendable {
  case uint8 = 0
  case int8 = 1
  case int16 = 2
  case int32 = 3
  case int64 = 4
  case float16 = 5
  case float32 = 6
  case float64 = 7
  case bool = 11
  case bfloat16 = 15

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }

  /// Whether elements are fractions.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    case .uint8, .int8, .int16, .int32, .int64, .bool: false
    }
  }
}

/// The order of elements in memory; channels-last is what convolutions are fastest with.
public enum MemoryFormat: Sendable {
  case contiguous
  case channelsLast
}
