import Basics
import Foundation
import Synchronization
import Testing

/// All tests of the programs: they share two cores, so they run one after another.
@Suite(.serialized) struct EndToEndTests {}

/// A folder of its own with data, a spec and results, gone when nobody needs it.
final class World: Sendable {
  let folder = NSTemporaryDirectory() + "end-to-end-\(UUID().uuidString)"

  /// The folders that are there; those of worlds that tests share are left for the end.
  private static let folders = Mutex<Set<String>>([])
  private static let cleaning: Void = {
    atexit {
      for folder in World.folders.withLock({ $0 }) {
        try? FileManager.default.removeItem(atPath: folder)
      }
    }
  }()

  /// A cohort of pictures in `data/` and `spec.yaml`.
  init(_ cohort: PaintedCohort = PaintedCohort(), spec: String = World.spec) throws {
    _ = (Self.cleaning, Self.folders.withLock { $0.insert(folder) })
    try write(spec, to: "spec.yaml")
    try cohort.write(to: path("data"))
  }

  /// A copy of `other` under another path.
  init(copying other: World) throws {
    _ = (Self.cleaning, Self.folders.withLock { $0.insert(folder) })
    try FileManager.default.copyItem(atPath: other.folder, toPath: folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
    _ = Self.folders.withLock { $0.remove(folder) }
  }

  /// Two arms, two seeds, groups.
  static let spec = """
    # Does it matter what a training makes of uncertain labels?
    name: small
    cohort: {source: csv, root: data}
    split: {fractions: {train: 0.6, valid: 0.2, test: 0.2}, seed: 7}
    labels: {findings: [Edema]}
    images: {size: 16}
    train: {arch: simple, epochs: 1, batch: 16, optimizer: {name: adam, lr: 1e-3}}
    eval: {bootstrap: 100}
    fairness: {by: [sex, age], age_edges: [50], min_group: 5}
    sweep:
      labels.uncertain: [u-zeros, u-ones]
      seed: [0, 1]

    """

  /// One experiment.
  static let one = spec.components(separatedBy: "sweep:")[0]

  /// A world with everything in the cache: to be copied, not changed.
  static func finished() throws -> World { try finishedOnce.get() }

  private static let finishedOnce = Result {
    let world = try World()
    let run = try world.run()
    try #require(run.code == 0, "\(run.errors)")
    return world
  }

  func path(_ name: String) -> String { Files.join(folder, name) }

  func write(_ text: String, to name: String) throws {
    try Files.makeFolder(Files.parent(of: path(name)))
    try Files.write(text, to: path(name))
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Files.read(path(name)), as: UTF8.self)
  }

  /// Replaces `old`, which must be there, in the file called `name`.
  func edit(_ name: String, _ old: String, _ new: String) throws {
    let before = try text(name)
    try #require(before.contains(old), "`\(old)` is not in \(name)")
    try Files.write(before.replacing(old, with: new), to: path(name))
  }

  /// Starts `cxr-pipeline` in the folder, or in one of its folders.
  func start(
    _ arguments: [String], below name: String = ".", environment: [String: String] = [:],
    onTerminal: Bool = false
  ) throws -> Program {
    try Program(arguments, in: path(name), environment: environment, onTerminal: onTerminal)
  }

  /// `cxr-pipeline` from start to end.
  func cxr(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Ended {
    try start(arguments, environment: environment).end()
  }

  /// `cxr-pipeline run spec.yaml --threads 1` with more options.
  @discardableResult
  func run(_ options: String..., spec: String = "spec.yaml") throws -> Program.Ended {
    try start(["run", spec, "--threads", "1"] + options).end()
  }

  /// The names of the files below a folder, sorted, relative to it.
  func files(below name: String) -> [String] {
    (FileManager.default.enumerator(atPath: path(name))?.allObjects as? [String] ?? []).sorted()
      .filter { file in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(
          atPath: "\(path(name))/\(file)", isDirectory: &isFolder)
          && !isFolder.boolValue
      }
  }

  /// The results in a cache: for each fingerprint its outputs and their digests.
  func results(_ runs: String = "runs") throws -> [String: [String: String]] {
    var found: [String: [String: String]] = [:]
    for file in files(below: "\(runs)/results") {
      let manifest = try JSONDecoder().decode(
        Manifest.self, from: Data(try Files.read(path("\(runs)/results/\(file)"))))
      found[manifest.fingerprint] = manifest.outputs.mapValues(\.digest)
    }
    return found
  }

  /// The files of the results in the cache, with what tells a file from one of the same name.
  func manifests() -> [String: UInt64] {
    var found: [String: UInt64] = [:]
    for file in files(below: "runs/results") where file.hasSuffix(".json") {
      var status = stat()
      if stat(path("runs/results/\(file)"), &status) == 0 { found[file] = UInt64(status.st_ino) }
    }
    return found
  }

  private struct Manifest: Decodable {
    struct Output: Decodable { let digest: String }
    let fingerprint: String
    let outputs: [String: Output]
  }

  /// The digests of the outputs called `name` of the stages of `kind`.
  func digests(_ kind: String, _ name: String, _ runs: String = "runs") throws -> Set<String> {
    Set(
      try results(runs).filter { $0.key.hasPrefix("kind \(kind.count):\(kind)\n") }
        .compactMap { $0.value[name] })
  }

  /// Whether every object is what its name says and every result has its objects.
  func isWhole(_ runs: String = "runs") throws -> Bool {
    let objects = files(below: "\(runs)/objects")
    let areTrue = try objects.allSatisfy { file in
      let digest = try Files.digest(of: path("\(runs)/objects/\(file)"))
      return file.hasSuffix("/\(digest.hex)")
    }
    let names = Set(objects.map { String($0.suffix(64)) })
    return try areTrue
      && results(runs).values.allSatisfy { names.isSuperset(of: $0.values) }
  }
}
