import Basics
import Foundation

/// What the file system says of a file: as long as it says the same, the content is the same.
struct FileSignature: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64
  /// Nanoseconds since 1970; no program can set it back.
  var changed: Int64

  /// The signature of the file at `path`; `nil` where there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
  }

  /// The later of the two times.
  var newest: Int64 { max(modified, changed) }

  /// One line that is the same for equal signatures only.
  var text: String { "\(device) \(inode) \(size) \(modified) \(changed)" }

  /// The time as the file system writes it into files, in nanoseconds since 1970.
  ///
  /// A file whose times are before the moment at which its reading began cannot have been written
  /// since without getting other times; the precise clock runs ahead of this one by some
  /// milliseconds and would hide such a write.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return nanoseconds(time)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
