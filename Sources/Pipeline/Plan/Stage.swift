/// A unit of cached work, as a plan declares it: what it is, what it reads and what it makes.
///
/// Two declarations that are equal in kind, version, parameters and inputs are one stage, however
/// many experiments use it.
public struct StageDeclaration: Sendable {
  /// The kind (`split`, `train`, …): names the body that a worker runs.
  public var kind: String
  /// Raised by hand when the body's result changes.
  public var version: Int
  /// Only what the body reads; the leaves bear the names of the spec (`train.epochs`).
  public var parameters: Value
  /// Named inputs, in the order of declaration.
  public var inputs: [(name: String, source: StageInput)]
  /// The names of the files that the body writes into its output folder.
  public var outputs: [String]
  /// What the stage occupies while it runs.
  public var weight: StageWeight
  /// What the stage is called where its kind alone would not tell (`eval of shortcut`); enters no
  /// fingerprint.
  public var title: String
  /// Dotted paths of keys that decide what it reads and are no parameters of it (`cohort.root`); for
  /// its label only.
  public var reads: [String] = []
  /// Axes whose points it gathers, so that they are no part of its label.
  public var gathers: [String] = []
  /// Words by name that change no result (the path of a table, for messages; how often a checkpoint
  /// is written); they enter no fingerprint and do not make two stages of one.
  public var mentions: [String: String] = [:]
  /// Options, by the names of the spec, that decided what the files it reads hold. They enter no
  /// fingerprint, as the files do, and tell why a file is another than last time.
  public var fileOptions: [String: String] = [:]

  /// A declaration.
  public init(
    kind: String, version: Int, parameters: Value,
    inputs: [(name: String, source: StageInput)], outputs: [String],
    weight: StageWeight = .light, title: String? = nil
  ) {
    self.kind = kind
    self.version = version
    self.parameters = parameters
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.title = title ?? kind
  }
}

/// Where an input of a stage comes from.
public enum StageInput: Hashable, Sendable {
  /// The output called `name` of another stage of the graph.
  case output(StageID, name: String)
  /// A file outside the cache; it enters by the digest of its content.
  case file(path: String)
  /// The names of the files below `root`, without their contents.
  case listing(root: String)
  /// The files below `root` that the output `name` of another stage lists, one relative path a
  /// line; together they enter by the digest of their paths and contents.
  case files(root: String, listedIn: StageID, name: String)
}

/// What a stage occupies while it runs.
public enum StageWeight: Hashable, Sendable {
  /// One core, in a worker that serves many stages.
  case light
  /// The same, but the body may use all cores for a moment.
  case wide
  /// The threads of one slot, in a process of its own.
  case heavy
}

/// A stage of one graph: its index in `Graph.stages`.
public struct StageID: Hashable, Sendable, Comparable {
  /// The index.
  public let index: Int

  /// The stage at `index`.
  public init(_ index: Int) { self.index = index }

  /// Order of declaration, which is an order of execution too.
  public static func < (a: StageID, b: StageID) -> Bool { a.index < b.index }
}
