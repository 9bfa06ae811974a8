import Basics

/// A note beside files that were made from known inputs, so that nobody makes them again while
/// neither the inputs nor the files have changed.
public struct Stamp {
  /// Where the note lies.
  public let path: String
  /// What the files are made from.
  public let inputs: Digest
  /// The files.
  public let files: [String]

  /// The note at `path` on `files`.
  public init(path: String, inputs: Digest, files: [String]) {
    self.path = path
    self.inputs = inputs
    self.files = files
  }

  /// Calls `make` unless the note says that the files are what it would make; then notes it.
  ///
  /// - Throws: what `make` throws. A note that cannot be written is none.
  public func refresh(_ make: () throws -> Void) throws {
    if isCurrent { return }
    try make()
    if let note { try? Files.write(note, to: path) }
  }

  /// Whether the note says that neither the inputs nor the files have changed.
  public var isCurrent: Bool {
    guard let note, let old = try? Files.read(path) else { return false }
    return old == note
  }

  /// `nil` where a file is missing.
  private var note: [UInt8]? {
    FileSet.signature(of: files).map { Array("\(inputs.hex) \($0.digest.hex)\n".utf8) }
  }
}
