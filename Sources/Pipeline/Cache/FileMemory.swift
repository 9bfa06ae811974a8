import Basics
import Foundation

/// The digests of real files, remembered in the index for as long as the file system says that a
/// file is the same.
///
/// A file that was written while, or in the very moment before, it was read is not remembered: it
/// could be written once more without a sign of it. Paths do not matter, so that a folder can move.
final class FileMemory: FileDigests {
  private let index: Index
  private let store: Store
  private var seen: [String: FileState] = [:]

  init(index: Index, store: Store) {
    self.index = index
    self.store = store
  }

  func file(_ path: String) throws(Diagnostic) -> FileState {
    if let state = seen[path] { return state }
    // A second reading is needed only where someone writes the file at this moment.
    for _ in 0..<3 {
      guard let before = FileSignature(path: path) else {
        throw errno == ENOENT
          ? Diagnostic("`\(path)` does not exist") : Files.failure("read", path)
      }
      if let digest = index.digest(of: before) {
        let state = FileState(digest: digest, signature: before.text)
        seen[path] = state
        return state
      }
      let start = FileSignature.now()
      let digest = try Files.digest(of: path)
      guard FileSignature(path: path) == before else { continue }
      if before.newest < start { index.remember(digest, of: before) }
      let state = FileState(digest: digest, signature: before.text)
      seen[path] = state
      return state
    }
    throw Diagnostic("`\(path)` changes while it is read")
  }

  func listing(_ root: String) throws(Diagnostic) -> FileState {
    let name = "\(root)\nnames"
    if let state = seen[name] { return state }
    let state = FileState(digest: try names(below: root), signature: "")
    seen[name] = state
    return state
  }

  /// The digest of the names below `root`: as long as no folder there has changed, the one
  /// remembered.
  private func names(below root: String) throws(Diagnostic) -> Digest {
    guard let folder = FileSignature(path: root) else { throw Files.failure("read", root) }
    let key = Digest(of: "names \(root) \(folder.device) \(folder.inode)")
    if let known = index.set(key), let packed = index.packedSet(key) {
      let folders = packed.split(separator: UInt8(ascii: "\n")).map {
        String(decoding: $0, as: UTF8.self)
      }
      if FileSet.signature(of: folders)?.digest == known.signature { return known.digest }
    }
    let start = FileSignature.now()
    let listing = try FileListing(root)
    // A name with a line break cannot be packed so; such a listing is made anew each time.
    if let found = FileSet.signature(of: listing.folders), found.newest < start,
      !listing.folders.contains(where: { $0.contains("\n") })
    {
      index.rememberSet(
        key, signature: found.digest, digest: listing.digest,
        packed: Array(listing.folders.joined(separator: "\n").utf8))
    }
    return listing.digest
  }

  func set(root: String, listing: Digest) throws(Diagnostic) -> FileState? {
    let name = "\(root)\n\(listing.hex)"
    if let state = seen[name] { return state }
    guard Files.exists(store.objectPath(listing)) else { return nil }
    let set = try FileSet(root: root, listing: store.objectPath(listing))
    guard let known = index.set(Self.key(root, listing)), known.signature == set.signature else {
      return nil
    }
    let state = FileState(digest: known.digest, signature: set.signature.hex)
    seen[name] = state
    return state
  }

  /// What is needed to read a set on another thread.
  func reading(root: String, listing: Digest) -> SetReading {
    let key = Self.key(root, listing)
    return SetReading(
      root: root, listing: listing, key: key, listingPath: store.objectPath(listing),
      packed: index.packedSet(key) ?? [])
  }

  /// Remembers what such a reading found.
  func remember(_ found: SetReading.Found, of reading: SetReading) {
    seen["\(reading.root)\n\(reading.listing.hex)"] = found.state
    if let signature = Digest(hex: found.state.signature), found.isSettled {
      index.rememberSet(
        reading.key, signature: signature, digest: found.state.digest, packed: found.packed)
    }
  }

  private static func key(_ root: String, _ listing: Digest) -> Digest {
    let folder = FileSignature(path: root)
    return Digest(of: "\(folder?.device ?? 0) \(folder?.inode ?? 0) \(listing.hex)")
  }
}

/// The reading of a set of files whose content is not known.
struct SetReading: Sendable {
  let root: String
  let listing: Digest
  let key: Digest
  let listingPath: String
  let packed: [UInt8]

  /// What was read.
  struct Found: Sendable {
    let state: FileState
    let packed: [UInt8]
    /// Whether all files are older than their reading.
    let isSettled: Bool
  }

  /// Reads what is not known yet.
  ///
  /// - Parameter progress: is told, from any thread, how far the reading is, and says whether it
  ///   goes on.
  func read(progress: @Sendable (_ done: Int, _ total: Int) -> Bool) throws(Diagnostic) -> Found {
    let start = FileSignature.now()
    let set = try FileSet(root: root, listing: listingPath)
    let total = set.count
    let (digest, packed) = try set.digest(knowing: packed) { progress($0, total) }
    return Found(
      state: FileState(digest: digest, signature: set.signature.hex), packed: packed,
      isSettled: set.newest < start)
  }
}
