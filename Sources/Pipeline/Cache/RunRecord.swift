import Basics
import Foundation

/// Which results a run uses, in a file of `history/`, so that a collection of garbage keeps them.
///
/// While a run goes on the file is `<sweep>@<process>-<n>.open`, grows, and is locked; a run that was
/// killed leaves it as it is. At the end it is `<sweep>@<digest of what was used>`: runs that used
/// the same are one file, whose time is that of the last. A record holds 32 bytes for each
/// fingerprint.
public final class RunRecord: @unchecked Sendable {
  // Sendable because it changes on the thread of the run only, and ends with its last owner.
  private let store: Store
  private let sweep: String
  private var path: String
  private var descriptor: Int32 = -1

  /// The record of a run of `sweep`; nothing is written yet.
  init(_ store: Store, sweep: String) {
    self.store = store
    // A sweep names a folder, but not everything that runs stages is a sweep.
    let sweep = sweep.replacing("/", with: "_")
    self.sweep = sweep
    path = "\(store.historyFolder)/\(sweep)@\(getpid())-\(UUID().uuidString.prefix(8)).open"
  }

  /// Notes that the run uses these results or makes them. A record that cannot be written is no
  /// failure of the run: it matters where garbage is collected, which needs to write too.
  func add(_ fingerprints: some Sequence<Digest>) {
    if descriptor < 0 {
      try? Files.makeFolder(store.historyFolder)
      descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      if descriptor >= 0 { flock(descriptor, LOCK_SH) }
    }
    guard descriptor >= 0 else { return }
    let bytes = fingerprints.flatMap(\.bytes)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  /// The run is over and used these results; they stay in use until this object is gone.
  func finish(_ fingerprints: some Sequence<Digest>) {
    let bytes = fingerprints.flatMap(\.bytes)
    let final = "\(store.historyFolder)/\(sweep)@\(Digest(of: bytes).hex.prefix(16))"
    if utimes(final, nil) != 0 {
      guard (try? Files.write(bytes, to: final, durable: false)) != nil else { return }
    }
    let old = descriptor
    descriptor = open(final, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 { flock(descriptor, LOCK_SH) }
    if old >= 0 { close(old) }
    // A run that found everything ends twice.
    if path != final { unlink(path) }
    path = final
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

/// A record as a collection finds it.
struct PastRun {
  let path: String
  /// When a run used these last: nanoseconds of the file system's clock.
  let time: Int64
  /// Whether a run with this record goes on.
  let isActive: Bool
  let fingerprints: [Digest]

  /// The records of a store, the latest first.
  static func all(in store: Store) -> [PastRun] {
    let folder = store.historyFolder
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains("@") && !$0.hasSuffix(".part") }
      .compactMap { PastRun("\(folder)/\($0)") }
      .sorted { ($0.time, $0.path) > ($1.time, $1.path) }
  }

  private init?(_ path: String) {
    guard let signature = FileSignature(path: path), let bytes = try? Files.read(path) else {
      return nil
    }
    self.path = path
    time = signature.modified
    fingerprints = stride(from: 0, to: bytes.count - bytes.count % 32, by: 32).compactMap {
      Digest(raw: Array(bytes[$0..<$0 + 32]))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    isActive = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0
    if descriptor >= 0 { close(descriptor) }
  }
}
