import Basics
import Foundation

/// The store with its index, as one sweep sees it.
public final class Cache: ResultLookup {
  /// Objects and manifests.
  public let store: Store
  let files: FileMemory

  private let index: Index
  private let path: String
  private let sweep: String
  private var results: [Digest: StageResult] = [:]
  private var slots: [String: Digest] = [:]
  /// The slots as they were when the cache was opened.
  private lazy var kin = LabelKin(slots)
  private var changes = Index.Changes()

  /// Opens the cache in the folder `runs` for a sweep; an index that is missing, damaged or of
  /// another schema is rebuilt from the manifests.
  ///
  /// - Parameter creating: whether the folder is made where there is none; else the cache is empty.
  public init(runs: String, sweep: String, creating: Bool = true) throws(Diagnostic) {
    store = Store(runs)
    self.sweep = sweep
    path = Files.join(store.root, "cache.sqlite")
    if creating { try Files.makeFolder(store.root) }
    index =
      creating || Files.exists(store.root)
      ? try Self.open(path, store: store) : try Self.inMemory(of: store)
    files = FileMemory(index: index, store: store)
    for (label, result) in index.recent(sweep) {
      results[result.fingerprint] = result
      slots[label] = result.fingerprint
    }
  }

  /// Plans a graph over this cache.
  public func plan(
    _ graph: Graph, forced: (StageNode) -> Bool = { _ in false }
  ) throws(Diagnostics) -> Plan {
    try planner.plan(graph, forced: forced)
  }

  var planner: Planner { Planner(results: self, files: files) }

  // MARK: Looking up

  /// The result that answers a fingerprint: from the index, or else from its manifest.
  public func result(for fingerprint: Digest) -> StageResult? {
    if let result = results[fingerprint] { return result }
    if let result = index.result(fingerprint) {
      results[fingerprint] = result
      return result
    }
    guard let manifest = store.manifest(fingerprint), let result = store.result(fingerprint),
      let text = Fingerprint(text: manifest.fingerprint)
    else { return nil }
    add(result, of: text)
    return result
  }

  /// The outputs of `result` that are gone or damaged.
  public func damage(of result: StageResult) -> [Reason] {
    let start = FileSignature.now()
    let (reasons, wasRead) = store.damage(of: result)
    if wasRead, reasons.isEmpty,
      let text = index.text(result.fingerprint).flatMap(Fingerprint.init(text:))
    {
      var sealed = result
      sealed.sealed = start
      add(sealed, of: text)
    }
    return reasons
  }

  /// Whether any result was made by this kind, version and these parameters.
  public func hasResult(ofShape shape: Digest) -> Bool { index.hasResult(ofShape: shape) }

  /// What the stage with this label used last; where none had it, what a stage used whose label has
  /// one word less or more, so that a new axis, or one that is gone, is told as what it changes.
  public func previous(_ label: String) -> Fingerprint? {
    (slots[label] ?? kin.slot(near: label)).flatMap { digest in
      (index.text(digest) ?? store.manifest(digest)?.fingerprint)
        .flatMap(Fingerprint.init(text:))
    }
  }

  /// The options that decided what the files held that a result was made from.
  public func fileOptions(of fingerprint: Digest) -> [String: String] {
    store.manifest(fingerprint)?.provenance.fileOptions ?? [:]
  }

  /// The last result of a stage, where it was made by the same version and parameters, whatever its
  /// inputs were, and is whole.
  public func previousResult(of node: StageNode) -> StageResult? {
    let declaration = node.declaration
    let shape = Fingerprint.shape(
      kind: declaration.kind, version: declaration.version,
      parameters: declaration.parameters.leaves)
    guard let before = previous(node.label), before.shape == shape,
      let result = result(for: before.digest), damage(of: result).isEmpty
    else { return nil }
    return result
  }

  // MARK: Writing

  /// Notes a result that a worker committed.
  func add(_ result: StageResult, of fingerprint: Fingerprint) {
    results[result.fingerprint] = result
    changes.results.append((result, fingerprint))
  }

  /// Forgets a result whose outputs are damaged, and takes them out of the way.
  func discard(_ result: StageResult, damage: [Reason]) {
    for output in result.outputs
    where damage.contains(where: { $0.what == .outputDamaged && $0.name == output.name }) {
      store.quarantine(output.digest)
    }
    results[result.fingerprint] = nil
  }

  /// Notes which result a stage uses.
  func use(_ fingerprint: Digest, for label: String) {
    guard slots[label] != fingerprint else { return }
    slots[label] = fingerprint
    changes.slots.append((sweep, label, fingerprint))
  }

  /// Forgets results that were removed from the store.
  func forget(_ fingerprints: [Digest]) {
    for fingerprint in fingerprints { results[fingerprint] = nil }
    index.forget(fingerprints)
  }

  /// Writes what was noted.
  func flush() {
    index.record(changes)
    changes = Index.Changes()
  }

  /// Writes what was noted and closes the index; a damaged one is removed, to be rebuilt.
  public func close() {
    flush()
    try? index.finish()
    if index.isDamaged { Self.remove(path) }
  }

  // MARK: Opening

  private static func open(_ path: String, store: Store) throws(Diagnostic) -> Index {
    if Files.exists(path), let index = try? Index(path: path, isNew: false) { return index }
    // Where nothing can be written, the manifests can still be read.
    guard let lock = try? FileLock(path: path + ".lock") else {
      return try inMemory(of: store)
    }
    defer { lock.release() }
    // Another process may have rebuilt it while we waited.
    if Files.exists(path), let index = try? Index(path: path, isNew: false) { return index }
    let fresh = path + ".new"
    remove(fresh)
    do {
      try rebuild(Index(path: fresh, isNew: true), from: store)
      remove(path)
      guard rename(fresh, path) == 0 else { return try inMemory(of: store) }
      return try Index(path: path, isNew: false)
    } catch {
      remove(fresh)
      return try inMemory(of: store)
    }
  }

  private static func inMemory(of store: Store) throws(Diagnostic) -> Index {
    do {
      let index = try Index(path: nil, isNew: true)
      record(everythingIn: store, in: index)
      return index
    } catch {
      throw Diagnostic("cannot open the index of `\(store.root)`: \(error)")
    }
  }

  private static func rebuild(_ index: Index, from store: Store) throws {
    record(everythingIn: store, in: index)
    try index.finish()
  }

  private static func record(everythingIn store: Store, in index: Index) {
    var changes = Index.Changes()
    var newest: [String: (sealed: Int64, fingerprint: Digest)] = [:]
    for digest in store.allResults() {
      guard let manifest = store.manifest(digest), let result = store.result(digest),
        let fingerprint = Fingerprint(text: manifest.fingerprint)
      else { continue }
      changes.results.append((result, fingerprint))
      let slot = manifest.provenance.slot
      if result.sealed >= newest[slot]?.sealed ?? .min { newest[slot] = (result.sealed, digest) }
    }
    for (slot, value) in newest.sorted(by: { $0.key < $1.key }) {
      guard let slash = slot.firstIndex(of: "/") else { continue }
      changes.slots.append(
        (String(slot[..<slash]), String(slot[slot.index(after: slash)...]), value.fingerprint))
    }
    index.record(changes)
  }

  private static func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }
}
