import Foundation

/// Standard output and error, which can be files on a disk that is full.
public enum StandardStreams {
  /// Writes `text` to standard error; what cannot be written is lost, since nothing could say so.
  public static func say(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes `text` to standard output.
  ///
  /// - Returns: the reason where that is not possible.
  public static func put(_ text: String) -> String? {
    let problem = write(text, to: STDOUT_FILENO)
    return problem == 0 ? nil : String(cString: strerror(problem))
  }

  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        let count = Foundation.write(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count == 0 ? EIO : errno }
        rest = rest.dropFirst(count)
      }
      return 0
    }
  }
}
