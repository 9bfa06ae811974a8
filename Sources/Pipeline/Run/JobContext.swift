import Basics
import Foundation

/// What a stage's body does: reads a job's parameters and inputs and writes its outputs.
public typealias StageBody = (_ job: Job, _ context: JobContext) throws -> Void

/// What a stage's body is given beside its job: paths, and a voice.
public final class JobContext {
  /// The job.
  public let job: Job
  private let send: (WorkerEvent) -> Void
  private var lastProgress: ContinuousClock.Instant?

  init(job: Job, send: @escaping (WorkerEvent) -> Void) {
    self.job = job
    self.send = send
  }

  /// The parameters as the struct that the stage declared.
  public func parameters<Parameters: Decodable>(
    as type: Parameters.Type = Parameters.self
  ) throws -> Parameters {
    do {
      return try JobLines.read(type, JobLines.line(job.parameters))
    } catch {
      throw Diagnostic("the parameters of `\(job.kind)` cannot be read: \(error)")
    }
  }

  /// The path of the input called `name`; of a set of files, of their list.
  public func input(_ name: String) throws(Diagnostic) -> String { try source(name).path }

  /// The folder of the set of files called `name`.
  public func folder(_ name: String) throws(Diagnostic) -> String {
    guard let root = try source(name).root else {
      throw Diagnostic("input `\(name)` of `\(job.kind)` is no set of files")
    }
    return root
  }

  /// The path to which the output called `name` is written.
  public func output(_ name: String) throws(Diagnostic) -> String {
    guard job.outputs.contains(name) else {
      throw Diagnostic("`\(job.kind)` declares no output `\(name)`")
    }
    return Files.join(job.output, name)
  }

  /// A file that survives a failed or interrupted try.
  public func scratch(_ name: String) -> String { Files.join(job.scratch, name) }

  /// Says how much is done; of many calls in a tenth of a second only the first is passed on.
  public func progress(
    done: Int, total: Int, unit: String, metrics: [String: Double] = [:]
  ) {
    let now = ContinuousClock.now
    if let lastProgress, now - lastProgress < .milliseconds(100), done < total { return }
    lastProgress = now
    send(.progress(id: job.id, done: done, total: total, unit: unit, metrics: metrics))
  }

  /// Says something that a person should read.
  public func log(_ message: String) { send(.log(id: job.id, message: message)) }

  private func source(_ name: String) throws(Diagnostic) -> JobInput {
    guard let input = job.inputs[name] else {
      throw Diagnostic("`\(job.kind)` has no input `\(name)`")
    }
    return input
  }
}
