import Basics
import Foundation
import Synchronization

/// The files below a folder that a listing names, one relative path a line, looked at all at once.
///
/// A set can have hundreds of thousands of files: paths stay bytes, and what is known of a file is
/// a record of fixed size in one block of memory.
struct FileSet {
  /// What the file system says of all files, as one digest.
  let signature: Digest
  /// The latest time of any file.
  let newest: Int64

  private let root: String
  private let listing: [UInt8]
  private let lines: [Range<Int>]
  /// Forty bytes a file: device, inode, size, and two times.
  private let signatures: [FileSignature?]

  /// Looks at the files without reading them.
  ///
  /// - Throws: where files are missing, with the first of them by name.
  init(root: String, listing path: String) throws(Diagnostic) {
    let listing = try Files.read(path)
    var lines: [Range<Int>] = []
    var start = 0
    for (index, byte) in listing.enumerated() where byte == UInt8(ascii: "\n") {
      if index > start { lines.append(start..<index) }
      start = index + 1
    }
    if start < listing.count { lines.append(start..<listing.count) }
    self.root = root
    self.listing = listing
    self.lines = lines
    let all = lines
    let signatures: [FileSignature?] = Self.parallel(lines.count) { index in
      FileSignature(path: Self.path(root, listing, all[index]))
    }
    self.signatures = signatures
    if let first = signatures.firstIndex(where: { $0 == nil }) {
      let count = signatures.count { $0 == nil }
      let others = count > 1 ? " (and \(count - 1) other files)" : ""
      throw Diagnostic("`\(Self.path(root, listing, lines[first]))` does not exist\(others)")
    }
    var hash = SHA256()
    for index in signatures.indices {
      hash.update(Self.bytes(of: signatures[index]))
    }
    signature = hash.finish()
    newest = signatures.reduce(0) { max($0, $1?.newest ?? 0) }
  }

  /// Reads the files that `packed` does not know, and digests paths and contents together.
  ///
  /// - Parameters:
  ///   - packed: what an earlier reading returned.
  ///   - progress: is told, from any thread, how many files have been read, and says whether the
  ///     reading goes on.
  /// - Returns: the digest, and the signature and digest of each file, packed, to be remembered.
  func digest(
    knowing packed: [UInt8], progress: @Sendable (_ done: Int) -> Bool
  ) throws(Diagnostic) -> (digest: Digest, packed: [UInt8]) {
    var known: [ArraySlice<UInt8>: ArraySlice<UInt8>] = [:]
    for start in stride(from: 0, to: packed.count - packed.count % 72, by: 72) {
      known[packed[start..<start + 40]] = packed[start + 40..<start + 72]
    }
    let remembered = known
    let (root, listing, lines, signatures) = (root, listing, lines, signatures)
    let counter = Counter()
    let digests: [Result<Digest, Diagnostic>] = Self.parallel(lines.count) { index in
      guard progress(counter.next()) else { return .failure(Diagnostic("the reading was ended")) }
      if let bytes = remembered[Self.bytes(of: signatures[index])[...]],
        let digest = Digest(raw: Array(bytes))
      {
        return .success(digest)
      }
      let path = Self.path(root, listing, lines[index])
      do throws(Diagnostic) {
        let digest = try Files.digest(of: path)
        guard FileSignature(path: path) == signatures[index] else {
          throw Diagnostic("`\(path)` changed while it was read")
        }
        return .success(digest)
      } catch {
        return .failure(error)
      }
    }
    var hash = SHA256()
    var result: [UInt8] = []
    result.reserveCapacity(72 * lines.count)
    for index in lines.indices {
      let digest = try digests[index].get()
      hash.update(Array("\(lines[index].count):".utf8))
      hash.update(Array(listing[lines[index]]))
      hash.update(Array(" \(digest.hex)\n".utf8))
      result += Self.bytes(of: signatures[index])
      result += digest.bytes
    }
    return (hash.finish(), result)
  }

  /// What the file system says of all of `paths`, as one digest, and the latest time of any of
  /// them; `nil` where one is not there.
  static func signature(of paths: [String]) -> (digest: Digest, newest: Int64)? {
    let signatures: [FileSignature?] = parallel(paths.count) { FileSignature(path: paths[$0]) }
    var hash = SHA256()
    var newest: Int64 = 0
    for signature in signatures {
      guard let signature else { return nil }
      newest = max(newest, signature.newest)
      hash.update(bytes(of: signature))
    }
    return (hash.finish(), newest)
  }

  /// How many files the set has.
  var count: Int { lines.count }

  private static func path(_ root: String, _ listing: [UInt8], _ line: Range<Int>) -> String {
    Files.join(root, String(decoding: listing[line], as: UTF8.self))
  }

  private static func bytes(of signature: FileSignature?) -> [UInt8] {
    guard let signature else { return [] }
    let words = [
      signature.device, signature.inode, UInt64(bitPattern: signature.size),
      UInt64(bitPattern: signature.modified), UInt64(bitPattern: signature.changed),
    ]
    return words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// Computes `count` values on all cores.
  private static func parallel<Element: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    let piece = 256
    let pieces = (count + piece - 1) / piece
    guard pieces > 1 else { return (0..<count).map(body) }
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let start = buffer.baseAddress
      DispatchQueue.concurrentPerform(iterations: pieces) { part in
        for index in part * piece..<min(count, (part + 1) * piece) {
          (start.map { $0 + index })?.initialize(to: body(index))
        }
      }
      initialized = count
    }
  }
}

/// Counts across threads.
private final class Counter: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}
