import Basics
import Foundation

/// Writes a pack from front to back into a temporary file, which takes its name only when whole.
final class PackWriter {
  private let path: String
  private var descriptor: Int32

  init(_ path: String) throws(Diagnostic) {
    self.path = path
    descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Files.failure("write", path) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(path + ".part")
  }

  func write(_ bytes: some Collection<UInt8>) throws(Diagnostic) {
    let whole: Void? =
      bytes.withContiguousStorageIfAvailable { buffer in
        var left = UnsafeRawBufferPointer(buffer)
        while !left.isEmpty {
          let count = Foundation.write(descriptor, left.baseAddress, left.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return nil }
          left = UnsafeRawBufferPointer(rebasing: left[count...])
        }
        return ()
      } ?? nil
    guard whole != nil else { throw Files.failure("write", path) }
  }

  /// Puts `header` in front, flushes, and gives the file its name.
  func finish(header: [UInt8]) throws(Diagnostic) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Files.failure("write", path) }
    try write(header)
    guard fsync(descriptor) == 0, rename(path + ".part", path) == 0 else {
      throw Files.failure("write", path)
    }
    close(descriptor)
    descriptor = -1
  }
}
