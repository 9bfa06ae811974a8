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

  /// A job.
  public init(
    id: String, kind: String, parameters: Value, inputs: [String: JobInput], output: String,
    scratch: String, threads: Int, device: String
  ) {
    self.id = id
    self.kind = kind
    self.parameters = parameters
    self.inputs = inputs
    self.output = output
    self.scratch = scratch
    self.threads = threads
    self.device = device
  }
}

/// Where an input of a job lies.
public struct JobInput: Codable, Sendable {
  /// The file; for a set of files, the list of their paths relative to `root`.
  public var path: String
  /// The folder of a set of files.
  public var root: String?

  /// An input.
  public init(path: String, root: String? = nil) {
    self.path = path
    self.root = root
  }
}

/// What a worker tells the coordinator about a job. Written as one line of JSON.
public enum WorkerEvent: Codable, Sendable {
  /// The body has begun.
  case started(id: String)
  /// The body has done part of its work; `metrics` are numbers to show (`loss`, `rate`, …).
  case progress(id: String, done: Int, total: Int, unit: String, metrics: [String: Double])
  /// Something a person should read.
  case log(id: String, message: String)
  /// The outputs are written: their digests (hexadecimal) by name, and the peak of the resident
  /// memory in bytes.
  case finished(id: String, outputs: [String: String], peakMemory: Int)
  /// The body gave up; nothing it wrote counts.
  case failed(id: String, message: String)
}
