import Basics
import Foundation

/// The removal of results that nobody needs.
///
/// Kept is what the caller names, what the last runs used, and what any run that goes on uses or
/// makes; everything else goes: manifests first and then the objects that only they named, so that
/// a result that can be seen is whole at any moment.
public struct GarbageCollection: Sendable {
  /// What was, or would be, removed, and what stays.
  public struct Report: Sendable, Hashable {
    /// Results that stay.
    public var kept = 0
    /// Results that go.
    public var removed = 0
    /// Objects that go.
    public var objects = 0
    /// Folders of interrupted stages that go, with their checkpoints.
    public var workFolders = 0
    /// The bytes of all that goes.
    public var bytes = 0
    /// Runs whose results stay.
    public var runs = 0
    /// How many of them go on.
    public var activeRuns = 0
  }

  private let store: Store
  private let isDry: Bool
  private var report = Report()

  /// Collects in the folder `runs`.
  ///
  /// - Parameters:
  ///   - named: fingerprints of results that stay.
  ///   - lastRuns: how many of the last runs keep their results; runs that used the same count once.
  ///   - isDry: whether everything is only counted.
  public static func collect(
    runs: String, keeping named: Set<Digest>, lastRuns: Int, isDry: Bool
  ) throws(Diagnostic) -> Report {
    let store = Store(runs)
    let gate = CollectionGate(store, alone: true)
    var collection = GarbageCollection(store: store, isDry: isDry)
    let removed = try collection.collect(named, lastRuns)
    if !isDry, !removed.isEmpty {
      let cache = try Cache(runs: runs, sweep: "", creating: false)
      cache.forget(removed)
      cache.close()
    }
    _ = consume gate
    return collection.report
  }

  private init(store: Store, isDry: Bool) {
    self.store = store
    self.isDry = isDry
  }

  private mutating func collect(
    _ named: Set<Digest>, _ lastRuns: Int
  ) throws(Diagnostic) -> [Digest] {
    var kept = named
    var left = lastRuns
    var forgotten: [String] = []
    for run in PastRun.all(in: store) {
      if run.isActive || left > 0 {
        kept.formUnion(run.fingerprints)
        report.runs += 1
        report.activeRuns += run.isActive ? 1 : 0
      } else {
        forgotten.append(run.path)
      }
      left -= 1
    }
    var objects: Set<Digest> = []
    var doomed: [Digest] = []
    for fingerprint in store.allResults() {
      guard kept.contains(fingerprint) else {
        doomed.append(fingerprint)
        continue
      }
      report.kept += 1
      // What a kept result needs must be known before anything goes.
      guard let manifest = store.manifest(fingerprint) else {
        throw Diagnostic(
          "`\(store.manifestPath(fingerprint))` cannot be read, so nothing is removed",
          hint: "remove it, and its stage runs again")
      }
      for output in manifest.outputs.values {
        if let digest = Digest(hex: output.digest) { objects.insert(digest) }
      }
    }
    forgotten.forEach { remove($0) }
    for fingerprint in doomed {
      remove(store.manifestPath(fingerprint))
      report.removed += 1
    }
    for (digest, path) in store.allObjects() where !objects.contains(digest) {
      remove(path)
      report.objects += 1
    }
    removeRest(keeping: kept)
    if !isDry { Links.removeBroken(in: store) }
    return doomed
  }

  /// Logs, the folders of interrupted stages, damaged objects, and what a killed writer left.
  private mutating func removeRest(keeping kept: Set<Digest>) {
    for name in names("logs") {
      // Other logs belong to workers of runs that go on, or that died.
      guard let digest = Digest(hex: name.prefix { $0 != "." }), !kept.contains(digest) else {
        continue
      }
      remove("\(store.root)/logs/\(name)")
    }
    for name in names("work") {
      guard let digest = Digest(hex: name.prefix { $0 != "." }), !kept.contains(digest) else {
        continue
      }
      let folder = Files.join(store.workRoot, name)
      guard FileLock.holder(ofPath: "\(folder)/lock") == nil else { continue }
      report.workFolders += 1
      remove(folder)
    }
    for name in names("damaged") { remove("\(store.root)/damaged/\(name)") }
    for part in names("results") {
      for name in names("results/\(part)") where name.hasSuffix(".part") {
        remove("\(store.root)/results/\(part)/\(name)")
      }
    }
  }

  private func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(store.root)/\(folder)")) ?? [])
      .sorted()
  }

  private mutating func remove(_ path: String) {
    report.bytes += Self.bytes(below: path)
    guard !isDry else { return }
    if unlink(path) != 0 { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func bytes(below path: String) -> Int {
    guard Files.isFolder(path) else { return Int(FileSignature(path: path)?.size ?? 0) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.reduce(0) { $0 + bytes(below: "\(path)/\($1)") }
  }
}
