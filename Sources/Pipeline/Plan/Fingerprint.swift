import Basics

/// What a result depends on, written out: the text whose digest names the result.
///
/// One line each for the kind, the version, every leaf of the parameters and every input. A line
/// gives each word's length in bytes before the word, so that no two different things are written
/// alike; the text can be read back, and why a stage runs is the difference between two texts.
public struct Fingerprint: Sendable, Equatable {
  /// The kind of stage.
  public let kind: String
  /// The version of the stage's body.
  public let version: Int
  /// The leaves of the parameters, sorted by name.
  public let parameters: [(name: String, text: String)]
  /// The inputs with the digest of their content, sorted by name.
  public let inputs: [(name: String, digest: Digest)]
  /// The text.
  public let text: String

  /// The name of the result.
  public var digest: Digest { Digest(of: text) }

  /// The digest of everything but the inputs: results that share it differ in their inputs only.
  public var shape: Digest {
    Self.shape(kind: kind, version: version, parameters: parameters)
  }

  /// The fingerprint of a stage whose inputs are known.
  public init(
    kind: String, version: Int, parameters: [(name: String, text: String)],
    inputs: [(name: String, digest: Digest)]
  ) {
    self.kind = kind
    self.version = version
    self.parameters = parameters
    self.inputs = inputs.sorted { $0.name < $1.name }
    var text = Self.opening(kind: kind, version: version, parameters: parameters)
    for input in self.inputs {
      Self.append("input", [input.name, input.digest.hex], to: &text)
    }
    self.text = text
  }

  /// The digest of everything that is known of a stage before its inputs are.
  public static func shape(
    kind: String, version: Int, parameters: [(name: String, text: String)]
  ) -> Digest {
    Digest(of: opening(kind: kind, version: version, parameters: parameters))
  }

  /// Reads a text back; `nil` where it is not a fingerprint.
  public init?(text: String) {
    var reader = FingerprintReader(text)
    var kind: String?
    var version: Int?
    var parameters: [(name: String, text: String)] = []
    var inputs: [(name: String, digest: Digest)] = []
    while let (tag, words) = reader.line() {
      switch (tag, words.count) {
      case ("kind", 1): kind = words[0]
      case ("version", 1): version = Int(words[0])
      case ("parameter", 2): parameters.append((words[0], words[1]))
      case ("input", 2):
        guard let digest = Digest(hex: words[1]) else { return nil }
        inputs.append((words[0], digest))
      default: return nil
      }
    }
    guard reader.isAtEnd, let kind, let version else { return nil }
    self.kind = kind
    self.version = version
    self.parameters = parameters
    self.inputs = inputs
    self.text = text
  }

  /// Equal texts.
  public static func == (a: Fingerprint, b: Fingerprint) -> Bool { a.text == b.text }

  private static func opening(
    kind: String, version: Int, parameters: [(name: String, text: String)]
  ) -> String {
    var text = ""
    text.reserveCapacity(64 * (parameters.count + 6))
    append("kind", [kind], to: &text)
    append("version", [String(version)], to: &text)
    for parameter in parameters {
      append("parameter", [parameter.name, parameter.text], to: &text)
    }
    return text
  }

  private static func append(_ tag: String, _ words: [String], to text: inout String) {
    text += tag
    for word in words {
      text += " "
      text += String(word.utf8.count)
      text += ":"
      text += word
    }
    text += "\n"
  }
}

/// Reads the lines of a fingerprint: a tag, then words with their lengths.
private struct FingerprintReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func line() -> (tag: String, words: [String])? {
    guard let tag = take(until: UInt8(ascii: " ")) else { return nil }
    var words: [String] = []
    while true {
      guard let count = take(until: UInt8(ascii: ":")).flatMap({ Int($0) }), count >= 0,
        count < bytes.count - position
      else { return nil }
      words.append(String(decoding: bytes[position..<position + count], as: UTF8.self))
      position += count
      let separator = bytes[position]
      position += 1
      if separator == UInt8(ascii: "\n") { return (tag, words) }
      guard separator == UInt8(ascii: " ") else { return nil }
    }
  }

  private mutating func take(until separator: UInt8) -> String? {
    guard let end = bytes[position...].firstIndex(of: separator) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
