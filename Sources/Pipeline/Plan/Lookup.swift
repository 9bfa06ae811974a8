import Basics

/// A file that a stage made.
public struct StageOutput: Hashable, Sendable {
  /// The name that the stage declares.
  public var name: String
  /// The digest of the content, which names the object.
  public var digest: Digest
  /// The size in bytes.
  public var bytes: Int

  /// An output.
  public init(name: String, digest: Digest, bytes: Int) {
    self.name = name
    self.digest = digest
    self.bytes = bytes
  }
}

/// A result in the cache.
public struct StageResult: Hashable, Sendable {
  /// The digest of the fingerprint that it answers.
  public var fingerprint: Digest
  /// The outputs, sorted by name.
  public var outputs: [StageOutput]
  /// When the outputs were last known to be what their digests say: nanoseconds of the file
  /// system's clock. An object touched since is read again before it is believed.
  public var sealed: Int64

  /// A result.
  public init(fingerprint: Digest, outputs: [StageOutput], sealed: Int64 = 0) {
    self.fingerprint = fingerprint
    self.outputs = outputs
    self.sealed = sealed
  }

  /// The digest of the output called `name`.
  public func digest(of name: String) -> Digest? {
    outputs.first { $0.name == name }?.digest
  }
}

/// The results that a plan can find; the cache, or a twin in memory.
public protocol ResultLookup {
  /// The result that answers a fingerprint.
  func result(for fingerprint: Digest) -> StageResult?
  /// The outputs of `result` that are gone or not what their digests say, as reasons.
  func damage(of result: StageResult) -> [Reason]
  /// Whether any result was made by this kind, version and these parameters.
  func hasResult(ofShape shape: Digest) -> Bool
  /// The fingerprint of what the stage with this label of the same sweep used last.
  func previous(_ label: String) -> Fingerprint?
  /// The options that decided what the files held that a result was made from.
  func fileOptions(of fingerprint: Digest) -> [String: String]
}

extension ResultLookup {
  /// None.
  public func fileOptions(of fingerprint: Digest) -> [String: String] { [:] }
}

/// A file or a set of files as it was when its content was last read.
public struct FileState: Hashable, Sendable {
  /// The digest of the content.
  public var digest: Digest
  /// Identity, size and times of the files; as long as it is the same, so is the content.
  public var signature: String

  /// A state.
  public init(digest: Digest, signature: String) {
    self.digest = digest
    self.signature = signature
  }
}

/// The digests of files outside the cache; the real files, or a twin in memory.
public protocol FileDigests {
  /// The state of the file at `path`; reads it where it is not known.
  func file(_ path: String) throws(Diagnostic) -> FileState
  /// The state of the names of the files below `root`, whatever they contain.
  func listing(_ root: String) throws(Diagnostic) -> FileState
  /// The state of the files below `root` that the object `listing` lists, or `nil` where finding it
  /// out would mean reading them.
  func set(root: String, listing: Digest) throws(Diagnostic) -> FileState?
}
