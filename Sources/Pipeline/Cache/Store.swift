import Basics
import Foundation

/// The folder `runs/`: objects named by their content, and one manifest for each result.
///
/// Everything arrives by a rename on the same file system, objects before the manifest that names
/// them, so that what can be seen is whole, whatever is killed and when.
public struct Store: Sendable {
  /// Names in the folder that no sweep can have.
  public static let reservedNames: Set<String> = [
    "objects", "results", "work", "logs", "damaged", "history", "phantoms", "lists", "tables",
    "cache.sqlite",
  ]

  /// The absolute path of the folder.
  public let root: String

  /// The store in the folder `root`; nothing is made yet.
  public init(_ root: String) {
    self.root =
      root.hasPrefix("/")
      ? root : Files.join(FileManager.default.currentDirectoryPath, root)
  }

  /// Where the object with this digest lies.
  public func objectPath(_ digest: Digest) -> String {
    let hex = digest.hex
    return "\(root)/objects/\(hex.prefix(2))/\(hex)"
  }

  /// Where the manifest of the result with this fingerprint lies.
  public func manifestPath(_ fingerprint: Digest) -> String {
    let hex = fingerprint.hex
    return "\(root)/results/\(hex.prefix(2))/\(hex).json"
  }

  /// What a stage's body prints.
  public func logPath(_ fingerprint: Digest) -> String { "\(root)/logs/\(fingerprint.hex).log" }

  /// The folder of results that are being made.
  var workRoot: String { Files.join(root, "work") }

  /// The folder in which the result is being made.
  public func workFolder(_ fingerprint: Digest) -> String {
    Files.join(workRoot, fingerprint.hex)
  }

  /// Which results runs used: a file for each run.
  var historyFolder: String { "\(root)/history" }

  /// The manifest of a result; `nil` where there is none or it is not whole.
  public func manifest(_ fingerprint: Digest) -> Manifest? {
    guard let bytes = try? Files.read(manifestPath(fingerprint)),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)),
      Digest(of: manifest.fingerprint) == fingerprint
    else { return nil }
    return manifest
  }

  /// The result that a manifest records, sealed when the manifest was written.
  public func result(_ fingerprint: Digest) -> StageResult? {
    guard let signature = FileSignature(path: manifestPath(fingerprint)) else { return nil }
    return manifest(fingerprint)?.result(sealed: signature.modified)
  }

  /// The outputs of `result` that are gone or damaged, as reasons.
  ///
  /// Objects are read-only and their manifest is written after them, so that an object with the
  /// right size that was not touched since is whole; one that was touched is read.
  /// - Returns: the reasons, and whether an object had to be read to find out.
  func damage(of result: StageResult) -> (reasons: [Reason], wasRead: Bool) {
    var reasons: [Reason] = []
    var wasRead = false
    // Sealed in what is the future now: the clock was set back, and its times say nothing.
    let isTimeless = result.sealed > FileSignature.now()
    for output in result.outputs {
      let path = objectPath(output.digest)
      guard let signature = FileSignature(path: path) else {
        reasons.append(Reason(.outputMissing, output.name))
        continue
      }
      guard signature.size == output.bytes else {
        reasons.append(Reason(.outputDamaged, output.name))
        continue
      }
      guard isTimeless || signature.changed > result.sealed else { continue }
      wasRead = true
      if (try? Files.digest(of: path)) != output.digest {
        reasons.append(Reason(.outputDamaged, output.name))
      }
    }
    return (reasons, wasRead)
  }

  /// Takes a damaged object out of the way, where a person can look at it.
  func quarantine(_ digest: Digest) {
    try? Files.makeFolder("\(root)/damaged")
    rename(objectPath(digest), "\(root)/damaged/\(digest.hex)")
  }

  /// Moves the files `names` of `folder` into the store and records them as the result of a
  /// fingerprint.
  ///
  /// - Throws: where a file was not written, and where the disk refuses.
  func commit(
    _ fingerprint: Fingerprint, outputs names: [String], from folder: String,
    provenance: Manifest.Provenance
  ) throws(Diagnostic) -> StageResult {
    // Until its manifest is there, an object is garbage to a collector.
    let gate = CollectionGate(self)
    var outputs: [String: Manifest.Output] = [:]
    for name in names {
      let path = Files.join(folder, name)
      guard Files.exists(path) else {
        throw Diagnostic("`\(fingerprint.kind)` did not write its output `\(name)`")
      }
      let size = try flush(path)
      let digest = try Files.digest(of: path)
      let object = objectPath(digest)
      // An object that is there already is kept only if it is whole.
      if FileSignature(path: object)?.size != size || (try? Files.digest(of: object)) != digest {
        try Files.makeFolder(Files.parent(of: object))
        guard chmod(path, 0o400) == 0, rename(path, object) == 0 else {
          throw Files.failure("write", object)
        }
      }
      outputs[name] = Manifest.Output(digest: digest.hex, bytes: Int(size))
    }
    let manifest = Manifest(
      fingerprint: fingerprint.text, outputs: outputs, provenance: provenance)
    let path = manifestPath(fingerprint.digest)
    try Files.makeFolder(Files.parent(of: path))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(manifest) else {
      throw Diagnostic("cannot write `\(path)`: its content is not JSON")
    }
    try Files.write(data, to: path)
    _ = consume gate
    guard let result = result(fingerprint.digest) else { throw Files.failure("read", path) }
    return result
  }

  private func flush(_ path: String) throws(Diagnostic) -> Int64 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Files.failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
      throw Files.failure("write", path)
    }
    return Int64(status.st_size)
  }

  /// The digests of the fingerprints of all results.
  func allResults() -> [Digest] {
    Self.names(below: "\(root)/results").compactMap { name in
      name.hasSuffix(".json") ? Digest(hex: name.dropLast(5).suffix(64)) : nil
    }.sorted()
  }

  /// All objects.
  func allObjects() -> [(digest: Digest, path: String)] {
    Self.names(below: "\(root)/objects").compactMap { name in
      Digest(hex: name.suffix(64)).map { ($0, "\(root)/objects/\(name)") }
    }
  }

  /// The paths `ab/name` below a folder of the store.
  private static func names(below folder: String) -> [String] {
    let manager = FileManager.default
    return ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted().flatMap { part in
      ((try? manager.contentsOfDirectory(atPath: "\(folder)/\(part)")) ?? []).sorted()
        .map { "\(part)/\($0)" }
    }
  }
}
