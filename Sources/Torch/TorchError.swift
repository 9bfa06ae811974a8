import CTorch

/// What libtorch, or a check in front of it, says is wrong.
public struct TorchError: Error, Equatable, CustomStringConvertible {
  /// The fact, without a place.
  public let description: String

  /// An error with the words `description`.
  public init(_ description: String) {
    self.description = description
  }

  /// The reason of the last failed call on this thread.
  static var last: TorchError {
    var words = String(cString: ct_last_error())[...]
    while words.last?.isNewline == true || words.last == "." { words.removeLast() }
    return TorchError(String(words))
  }
}

/// Throws the reason when a call gives something else than 0.
func check(_ status: Int32) throws(TorchError) {
  guard status == 0 else { throw .last }
}
