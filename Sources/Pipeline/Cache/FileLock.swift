import Basics
import Foundation

/// A lock on a file that ends with the process that holds it, however that ends.
///
/// The locks are fcntl's: they work between machines on file systems that support them, and name
/// the process that holds them.
public final class FileLock {
  private var descriptor: Int32

  /// Waits until the lock on `path` is ours; makes the file and its folder where there is none.
  ///
  /// - Parameter waiting: is told, once, which process holds the lock.
  public init(path: String, waiting: (_ holder: Int32) -> Void = { _ in }) throws(Diagnostic) {
    var hasWaited = false
    while true {
      try Files.makeFolder(Files.parent(of: path))
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      // The holder before us removed the folder in this moment.
      if descriptor < 0 && errno == ENOENT { continue }
      guard descriptor >= 0 else { throw Files.failure("lock", path) }
      var request = Self.request()
      var taken = fcntl(descriptor, F_SETLK, &request) == 0
      if !taken && (errno == EAGAIN || errno == EACCES) {
        if !hasWaited, let holder = Self.holder(of: descriptor) {
          waiting(holder)
          hasWaited = true
        }
        repeat {
          request = Self.request()
          taken = fcntl(descriptor, F_SETLKW, &request) == 0
        } while !taken && errno == EINTR
      }
      guard taken else {
        let failure = Files.failure("lock", path)
        close(descriptor)
        throw failure
      }
      // The holder before us may have removed the file; then this lock keeps nobody out.
      var status = stat()
      if fstat(descriptor, &status) == 0, let named = FileSignature(path: path),
        named.inode == UInt64(status.st_ino), named.device == UInt64(status.st_dev)
      {
        return
      }
      close(descriptor)
    }
  }

  /// The process that holds the lock on `path`; `nil` where none does.
  public static func holder(ofPath path: String) -> Int32? {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return holder(of: descriptor)
  }

  /// Gives the lock back.
  public func release() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  deinit { release() }

  private static func holder(of descriptor: Int32) -> Int32? {
    var request = request()
    guard fcntl(descriptor, F_GETLK, &request) == 0, request.l_type != Int16(F_UNLCK) else {
      return nil
    }
    return request.l_pid
  }

  private static func request() -> flock {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    return request
  }
}
