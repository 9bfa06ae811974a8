import Basics

/// Why a stage runs, or may run: one difference from the last time.
public struct Reason: Hashable, Sendable, Codable {
  /// The kinds of difference.
  public enum What: String, Hashable, Sendable, Codable {
    case neverRan = "never ran"
    case optionChanged = "option changed"
    case inputChanged = "input changed"
    case inputMayChange = "input may change"
    case versionRaised = "version raised"
    case outputMissing = "output missing"
    case outputDamaged = "output damaged"
    case forced
  }

  /// The kind of difference.
  public var what: What
  /// The option, input or output; empty where the reason is about the stage as a whole.
  public var name: String
  /// The value before; absent where there was none.
  public var from: String?
  /// The value now; absent where there is none or it is not known yet.
  public var to: String?

  /// A reason.
  public init(_ what: What, _ name: String = "", from: String? = nil, to: String? = nil) {
    self.what = what
    self.name = name
    self.from = from
    self.to = to
  }

  /// The differences between what a stage was and what it is; inputs that are not known yet have
  /// no digest.
  public static func differences(
    from before: Fingerprint, version: Int, parameters: [(name: String, text: String)],
    inputs: [(name: String, digest: Digest?)]
  ) -> [Reason] {
    var found: [Reason] = []
    if before.version != version {
      found.append(Reason(.versionRaised, from: "\(before.version)", to: "\(version)"))
    }
    let old = Dictionary(before.parameters.map { ($0.name, $0.text) }) { first, _ in first }
    let new = Dictionary(parameters.map { ($0.name, $0.text) }) { first, _ in first }
    found += differences(from: old, to: new)
    let known = Dictionary(before.inputs.map { ($0.name, $0.digest) }) { first, _ in first }
    for input in inputs {
      guard let digest = input.digest else {
        found.append(Reason(.inputMayChange, input.name))
        continue
      }
      if known[input.name] != digest {
        found.append(
          Reason(.inputChanged, input.name, from: known[input.name]?.short, to: digest.short))
      }
    }
    let names = Set(inputs.map(\.name))
    for input in before.inputs where !names.contains(input.name) {
      found.append(Reason(.inputChanged, input.name, from: input.digest.short))
    }
    return found
  }
}

extension Reason {
  /// The differences between options.
  static func differences(from old: [String: String], to new: [String: String]) -> [Reason] {
    Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
      .map { Reason(.optionChanged, $0, from: old[$0], to: new[$0]) }
  }
}

extension Digest {
  /// The first twelve digits, which tell contents apart for a reader.
  var short: String { String(hex.prefix(12)) }
}

extension Reason: CustomStringConvertible {
  /// `option changed: train.epochs 4 → 6`.
  public var description: String {
    var text = what.rawValue
    if !name.isEmpty { text += ": \(name)" }
    switch (from, to) {
    case (nil, nil): break
    case (let from?, let to?): text += " \(from) → \(to)"
    case (let from?, nil): text += " \(from) → none"
    case (nil, let to?): text += " none → \(to)"
    }
    return text
  }
}
