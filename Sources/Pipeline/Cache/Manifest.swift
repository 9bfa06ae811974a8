import Basics
import Foundation

/// The record of one result: the truth of which the index is a copy. Written once, never changed.
public struct Manifest: Codable, Sendable {
  /// The fingerprint's text.
  public var fingerprint: String
  /// The outputs by name.
  public var outputs: [String: Output]
  /// How the result came to be; enters no digest.
  public var provenance: Provenance

  /// An output of a result.
  public struct Output: Codable, Sendable {
    /// The digest of the content, hexadecimal.
    public var digest: String
    /// The size in bytes.
    public var bytes: Int
  }

  /// Where, when and with what a result was made.
  public struct Provenance: Codable, Sendable {
    /// The sweep and the stage that asked for it first (`uncertainty/train arch=simple seed=0`).
    public var slot: String
    /// The name of the machine.
    public var host: String
    /// When the body began, ISO 8601, UTC.
    public var started: String
    /// How long the body took.
    public var seconds: Double
    /// The peak of the resident memory in bytes while the body ran.
    public var peakMemory: Int
    /// The threads that the body was given.
    public var threads: Int
    /// The device that the body was given.
    public var device: String
    /// The versions of the programs and libraries that took part.
    public var versions: [String: String]
    /// Options that decided what the files held that it was made from; absent where none did.
    public var fileOptions: [String: String]?
  }

  /// The manifest as a result, sealed at `sealed`; `nil` where a digest is none.
  func result(sealed: Int64) -> StageResult? {
    var found: [StageOutput] = []
    for (name, output) in outputs {
      guard let digest = Digest(hex: output.digest) else { return nil }
      found.append(StageOutput(name: name, digest: digest, bytes: output.bytes))
    }
    return StageResult(
      fingerprint: Digest(of: fingerprint), outputs: found.sorted { $0.name < $1.name },
      sealed: sealed)
  }
}
