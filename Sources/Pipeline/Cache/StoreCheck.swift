import Basics
import Foundation
import Synchronization

/// Every object of a store read and compared with its name.
public struct StoreCheck: Sendable {
  /// An output of a result that is not there as it was made.
  public struct Fault: Sendable, Hashable {
    /// The stage that asked for the result first (`uncertainty/train arch=simple seed=0`).
    public var slot: String
    /// The output.
    public var output: String
    /// The object.
    public var object: Digest
    /// `gone` or `damaged`.
    public var what: String
  }

  /// How many objects were read.
  public var objects = 0
  /// The bytes that were read.
  public var bytes = 0
  /// What is wrong with results, sorted by stage.
  public var faults: [Fault] = []
  /// Objects that are damaged and that no result names.
  public var strays = 0

  /// Reads the objects of the folder `runs` on all cores; damaged ones are taken out of the way, so
  /// that the next run makes them anew.
  public init(
    runs: String, progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Diagnostic) {
    let store = Store(runs)
    let gate = CollectionGate(store)
    let all = store.allObjects()
    let damaged = Mutex<Set<Digest>>([])
    let done = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: all.count) { index in
      let (digest, path) = all[index]
      if (try? Files.digest(of: path)) != digest { damaged.withLock { _ = $0.insert(digest) } }
      progress(
        done.withLock {
          $0 += 1; return $0
        }, all.count)
    }
    objects = all.count
    bytes = all.reduce(0) { $0 + Int(FileSignature(path: $1.path)?.size ?? 0) }
    let (wrong, there) = (damaged.withLock { $0 }, Set(all.map(\.digest)))
    var named: Set<Digest> = []
    for fingerprint in store.allResults() {
      guard let manifest = store.manifest(fingerprint) else {
        faults.append(
          Fault(
            slot: store.manifestPath(fingerprint), output: "manifest", object: fingerprint,
            what: "damaged"))
        continue
      }
      for (name, output) in manifest.outputs.sorted(by: { $0.key < $1.key }) {
        guard let digest = Digest(hex: output.digest) else { continue }
        named.insert(digest)
        guard wrong.contains(digest) || !there.contains(digest) else { continue }
        faults.append(
          Fault(
            slot: manifest.provenance.slot, output: name, object: digest,
            what: wrong.contains(digest) ? "damaged" : "gone"))
      }
    }
    faults.sort { ($0.slot, $0.output) < ($1.slot, $1.output) }
    strays = wrong.subtracting(named).count
    for digest in wrong { store.quarantine(digest) }
    _ = consume gate
  }
}
