import Basics
import Foundation

/// What a store holds.
public struct StoreStatistics: Sendable {
  /// Results of one kind of stage.
  public struct Kind: Sendable {
    /// The kind.
    public var name: String
    /// How many results there are.
    public var results = 0
    /// The bytes of their outputs; those that results share count for each.
    public var bytes = 0
  }

  /// By kind of stage, sorted by name.
  public var kinds: [Kind] = []
  /// The objects, each once.
  public var objects = 0
  /// What they occupy.
  public var objectBytes = 0
  /// Stages that were interrupted or are running.
  public var workFolders = 0
  /// Objects that were found damaged.
  public var damaged = 0
  /// Runs on record; those that used the same count once.
  public var runs = 0
  /// How many of them go on.
  public var activeRuns = 0

  /// Counts the folder `runs`, from its manifests.
  public init(runs: String) {
    let store = Store(runs)
    var kinds: [String: Kind] = [:]
    for fingerprint in store.allResults() {
      guard let manifest = store.manifest(fingerprint),
        let kind = Fingerprint(text: manifest.fingerprint)?.kind
      else { continue }
      kinds[kind, default: Kind(name: kind)].results += 1
      kinds[kind, default: Kind(name: kind)].bytes += manifest.outputs.values
        .reduce(0) { $0 + $1.bytes }
    }
    self.kinds = kinds.values.sorted { $0.name < $1.name }
    let all = store.allObjects()
    objects = all.count
    objectBytes = all.reduce(0) { $0 + Int(FileSignature(path: $1.path)?.size ?? 0) }
    let past = PastRun.all(in: store)
    self.runs = past.count
    activeRuns = past.count { $0.isActive }
    let names = { (folder: String) in
      (try? FileManager.default.contentsOfDirectory(atPath: "\(store.root)/\(folder)")) ?? []
    }
    workFolders = names("work").count { Digest(hex: $0) != nil }
    damaged = names("damaged").count
  }
}
