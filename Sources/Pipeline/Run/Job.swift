import Foundation

/// What the coordinator gives a worker: one stage to run. Written as one line of JSON.
public struct Job: Codable, Sendable {
  /// Names the job in events and messages.
  public var id: String
  /// The kind of stage.
  public var kind: String
  /// The parameters of the stage.
  public var parameters: Value
  /// Where each input lies.
  public var inputs: [String: JobInput]
  /// The folder, existing, into which the body writes its outputs and nothing else.
  public var output: String
  /// A folder that survives a failed or interrupted try of the same stage (for checkpoints).
  public var scratch: String
  /// How many threads the body may use.
  public var threads: Int
  /// The device: `cpu` or `cuda:0`.
  public var device: String
  /// The names of the files that the body writes into its output folder.
  public var outputs: [String]
  /// The folder of the cache, into which the worker commits the result.
  public var store: String
  /// The text that names the result.
  public var fingerprint: String
  /// The sweep and the stage (`uncertainty/train arch=simple seed=0`), for the record.
  public var slot: String
  /// Whether the body runs although its result is there.
  public var isForced: Bool
  /// Words for messages by name; no result may depend on them.
  public var mentions: [String: String]
  /// Options that decided what input files hold, for the record.
  public var fileOptions: [String: String]?

  /// A job.
  public init(
    id: String, kind: String, parameters: Value, inputs: [String: JobInput], output: String,
    scratch: String, threads: Int, device: String, outputs: [String], store: String,
    fingerprint: String, slot: String, isForced: Bool = false, mentions: [String: String] = [:]
  ) {
    self.id = id
    self.kind = kind
    self.parameters = parameters
    self.inputs = inputs
    self.output = output
    self.scratch = scratch
    self.threads = threads
    self.device = device
    self.outputs = outputs
    self.store = store
    self.fingerprint = fingerprint
    self.slot = slot
    self.isForced = isForced
    self.mentions = mentions
  }
}

/// Where an input of a job lies.
public struct JobInput: Codable, Sendable {
  /// The file; for a set of files, the list of their paths relative to `root`.
  public var path: String
  /// The folder of a set of files.
  public var root: String?
  /// What the file system said of a file outside the cache when its content was digested; absent
  /// for objects.
  public var signature: String?

  /// An input.
  public init(path: String, root: String? = nil, signature: String? = nil) {
    self.path = path
    self.root = root
    self.signature = signature
  }
}

/// What a worker tells the coordinator about a job. Written as one line of JSON.
public enum WorkerEvent: Codable, Sendable {
  /// The work folder is locked by another process, on which this one waits.
  case waiting(id: String, holder: Int32)
  /// The body has begun.
  case started(id: String)
  /// The body has done part of its work; `metrics` are numbers to show (`loss`, `rate`, …).
  case progress(id: String, done: Int, total: Int, unit: String, metrics: [String: Double])
  /// Something a person should read.
  case log(id: String, message: String)
  /// The result is committed: the digests (hexadecimal) of its outputs by name, and the peak of the
  /// resident memory in bytes.
  case finished(id: String, outputs: [String: String], peakMemory: Int)
  /// The body gave up; nothing it wrote counts.
  case failed(id: String, message: String)
}

/// Jobs and events as lines of JSON.
enum JobLines {
  /// One line, with its end.
  static func line(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    // A loss that has become NaN must be shown, and JSON has no word for it.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "#inf", negativeInfinity: "#-inf", nan: "#nan")
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  /// Reads a line.
  static func read<Message: Decodable>(_ type: Message.Type, _ line: some Collection<UInt8>) throws
    -> Message
  {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "#inf", negativeInfinity: "#-inf", nan: "#nan")
    return try decoder.decode(type, from: Data(line))
  }
}
