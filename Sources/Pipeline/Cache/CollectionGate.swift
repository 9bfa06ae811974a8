import Basics
import Foundation

/// Keeps the collection of garbage away from those who are about to use or to add a result.
///
/// Whoever looks a result up and notes that it is used, and whoever commits one, stands in the gate
/// meanwhile, many at a time; a collection waits until it is empty and then has it alone. It is held
/// for moments, never while a stage runs.
struct CollectionGate: ~Copyable {
  private let descriptor: Int32

  /// Waits for a place beside others, or `alone`. Where the cache is read-only the gate is open:
  /// nothing can be collected there.
  init(_ store: Store, alone: Bool = false) {
    let path = "\(store.historyFolder)/gate"
    try? Files.makeFolder(store.historyFolder)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    while flock(descriptor, alone ? LOCK_EX : LOCK_SH) != 0 && errno == EINTR {}
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
