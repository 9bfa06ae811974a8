import CBasics
import Foundation
import Synchronization

/// Reading and writing whole files, with errors that name the file and the reason.
public enum Files {
  /// The bytes of the file at `path`.
  public static func read(_ path: String) throws(Diagnostic) -> [UInt8] {
    let file = try MappedFile(path)
    return file.bytes.isEmpty ? [] : Array(file.bytes)
  }

  /// The bytes of a file, inflated where they are gzip.
  ///
  /// - Throws: where the file cannot be read, or is a damaged gzip file.
  public static func readMaybeCompressed(_ path: String) throws(Diagnostic) -> [UInt8] {
    let file = try MappedFile(path)
    let bytes = file.bytes
    guard bytes.count >= 2, bytes[0] == 0x1f, bytes[1] == 0x8b else { return Array(bytes) }
    var count = 0
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard let inflated = cbasics_gunzip(start, bytes.count, 1 << 34, &count) else {
      throw Diagnostic("`\(path)` is a damaged gzip file")
    }
    defer { cbasics_free(inflated) }
    return Array(UnsafeBufferPointer(start: inflated, count: count))
  }

  /// Writes `bytes` to `path` through a temporary file beside it, so that a reader sees the old
  /// content or the new, never half of it.
  ///
  /// - Parameter durable: whether to wait until the disk has it; many small files that can be made
  ///   again are written hundreds of times faster without.
  public static func write(
    _ bytes: some Collection<UInt8>, to path: String, durable: Bool = true
  ) throws(Diagnostic) {
    let temporary = temporaryPath(beside: path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("write", path) }
    let contiguous = Array(bytes)
    var written = 0
    while written < contiguous.count {
      let count = contiguous.withUnsafeBytes {
        Foundation.write(
          descriptor, $0.baseAddress.map { $0 + written }, contiguous.count - written)
      }
      guard count > 0 else {
        if count < 0 && errno == EINTR { continue }
        let failed = failure("write", path)
        close(descriptor)
        unlink(temporary)
        throw failed
      }
      written += count
    }
    guard !durable || fsync(descriptor) == 0, close(descriptor) == 0,
      rename(temporary, path) == 0
    else {
      let failed = failure("write", path)
      unlink(temporary)
      throw failed
    }
  }

  /// A name beside `path` that no other writer uses, in this process or another.
  public static func temporaryPath(beside path: String) -> String {
    let number = temporaries.add(1, ordering: .relaxed).newValue
    return "\(path).\(getpid()).\(number).part"
  }

  private static let temporaries = Atomic<Int>(0)

  /// Writes the UTF-8 bytes of `text`.
  public static func write(_ text: String, to path: String) throws(Diagnostic) {
    try write(Array(text.utf8), to: path)
  }

  /// Makes a folder and those above it.
  public static func makeFolder(_ path: String) throws(Diagnostic) {
    if mkdir(path, 0o777) == 0 { return }
    if errno == EEXIST {
      if isFolder(path) { return }
      throw Diagnostic("cannot make the folder `\(path)`: a file has this name")
    }
    guard errno == ENOENT else { throw failure("make", path) }
    let parent = parent(of: path)
    guard parent != path else { throw failure("make", path) }
    try makeFolder(parent)
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make", path) }
  }

  /// Whether something exists at `path`.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Refuses a path that a person names for a file, where something lies that must not be replaced: a
  /// folder, a link, a device.
  public static func checkReplaceable(_ path: String) throws(Diagnostic) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else { return }
    throw Diagnostic("`\(path)` is no plain file, and is not replaced")
  }

  /// What lies in `folder`, in no order; links count as what they lead to.
  public static func entries(
    of folder: String
  ) throws(Diagnostic) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else { throw failure("read", folder) }
    defer { closedir(stream) }
    var entries: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let type = Int32(entry.pointee.d_type)
      let isUnsure = type == Int32(DT_LNK) || type == Int32(DT_UNKNOWN)
      entries.append((name, isUnsure ? isFolder(join(folder, name)) : type == Int32(DT_DIR)))
    }
    return entries
  }

  /// The folder that holds `path`: `a/b` → `a`, `a` → `.`, `/a` → `/`.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` below `folder`, or `path` itself where it is absolute.
  public static func join(_ folder: String, _ path: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty || folder == "." { return path }
    return folder.hasSuffix("/") ? folder + path : folder + "/" + path
  }

  /// The digest of the file at `path`, read in pieces.
  public static func digest(of path: String) throws(Diagnostic) -> Digest {
    let file = try MappedFile(path)
    var hash = SHA256()
    hash.update(file.bytes)
    return hash.finish()
  }

  /// What the last system call on `path` failed with, in words.
  public static func failure(_ verb: String, _ path: String) -> Diagnostic {
    Diagnostic("cannot \(verb) `\(path)`: \(String(cString: strerror(errno)).lowercased())")
  }
}

/// A file mapped into memory, read-only, for as long as this object lives.
public final class MappedFile: @unchecked Sendable {
  // Sendable because the mapping is never written and never moves.
  /// The content; empty for an empty file.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the regular file at `path`.
  public init(_ path: String) throws(Diagnostic) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Files.failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Files.failure("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic("cannot read `\(path)`: it is not a file")
    }
    guard status.st_size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let size = Int(status.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { throw Files.failure("read", path) }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }
}
