import Basics
@preconcurrency import Foundation

/// One try of a job, inside a worker: locks the work folder, runs the body, commits the result.
struct JobRun {
  let job: Job
  let bodies: [String: StageBody]
  let versions: [String: String]
  /// Points the standard outputs at the job's log.
  let openLog: () -> Void
  let send: (WorkerEvent) -> Void

  /// Runs the job; whatever goes wrong becomes an event.
  func run() {
    let memory = PeakMemory()
    do {
      let result = try result(memory)
      let outputs = Dictionary(result.outputs.map { ($0.name, $0.digest.hex) }) { first, _ in first
      }
      send(.finished(id: job.id, outputs: outputs, peakMemory: memory.peak))
    } catch {
      let message = Self.words(for: error)
      // The log shows what went wrong even where nobody reads events.
      fputs(message.hasSuffix("\n") ? message : message + "\n", stderr)
      send(.failed(id: job.id, message: message))
    }
  }

  private func result(_ memory: PeakMemory) throws -> StageResult {
    guard let fingerprint = Fingerprint(text: job.fingerprint) else {
      throw Diagnostic("the job's fingerprint cannot be read")
    }
    guard let body = bodies[job.kind] else {
      throw Diagnostic("this worker knows no stage `\(job.kind)`")
    }
    let store = Store(job.store)
    let folder = store.workFolder(fingerprint.digest)
    let lock = try FileLock(path: Files.join(folder, "lock")) { holder in
      send(.waiting(id: job.id, holder: holder))
    }
    defer { lock.release() }
    // Only now: another process may have written to the log until it gave the lock up.
    openLog()
    // Whoever held the lock may have made the result.
    if !job.isForced, let result = store.result(fingerprint.digest),
      store.damage(of: result).reasons.isEmpty
    {
      remove(folder)
      return result
    }
    try Self.empty(job.output)
    try Files.makeFolder(job.scratch)
    try checkInputs()
    send(.started(id: job.id))
    let date = Date.now
    let start = ContinuousClock.now
    try body(job, JobContext(job: job, send: send))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try checkInputs()
    let written = try FileManager.default.contentsOfDirectory(atPath: job.output)
    let undeclared = written.filter { !job.outputs.contains($0) }.sorted()
    if let first = undeclared.first {
      throw Diagnostic("`\(job.kind)` wrote `\(first)`, which it does not declare")
    }
    let result = try store.commit(
      fingerprint, outputs: job.outputs, from: job.output,
      provenance: Manifest.Provenance(
        slot: job.slot, host: ProcessInfo.processInfo.hostName,
        started: date.formatted(.iso8601), seconds: seconds, peakMemory: memory.peak,
        threads: job.threads, device: job.device, versions: versions,
        fileOptions: job.fileOptions))
    remove(folder)
    return result
  }

  /// Removes the work folder with its lock.
  private func remove(_ folder: String) {
    // Under another name first: a process that takes the old name now finds nothing of ours there,
    // and we remove nothing of its.
    let removed = "\(folder).\(getpid())"
    guard rename(folder, removed) == 0 else { return }
    try? FileManager.default.removeItem(atPath: removed)
  }

  /// A file that was written since it was digested would give a result under a wrong name.
  private func checkInputs() throws(Diagnostic) {
    for (name, input) in job.inputs.sorted(by: { $0.key < $1.key }) {
      guard let expected = input.signature else { continue }
      let found: String?
      if let root = input.root {
        found = try FileSet(root: root, listing: input.path).signature.hex
      } else {
        found = FileSignature(path: input.path)?.text
      }
      guard found == expected else {
        throw Diagnostic(
          "input `\(name)` of `\(job.kind)` changed while it was used",
          hint: "run again: `\(input.root ?? input.path)` is read anew")
      }
    }
  }

  private static func empty(_ folder: String) throws {
    if Files.exists(folder) { try FileManager.default.removeItem(atPath: folder) }
    try Files.makeFolder(folder)
  }

  private static func words(for error: any Error) -> String {
    let source: (String, Int) -> String? = { file, line in
      guard let bytes = try? Files.read(file) else { return nil }
      let lines = bytes.split(
        separator: UInt8(ascii: "\n"), maxSplits: max(0, line), omittingEmptySubsequences: false)
      return lines.indices.contains(line - 1)
        ? String(decoding: lines[line - 1], as: UTF8.self) : nil
    }
    switch error {
    case let error as Diagnostic: return error.rendered(source: source)
    case let error as Diagnostics:
      return error.all.map { $0.rendered(source: source) }.joined(separator: "\n")
    default: return "error: \(error)"
    }
  }
}

/// The peak of the resident memory since a moment.
struct PeakMemory {
  private let isReset: Bool

  /// Measures from now on, where the kernel allows it; else since the process began.
  init() {
    isReset = (try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))) != nil
  }

  /// Bytes.
  var peak: Int {
    if isReset, let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap({ Int($0) })
    {
      return kilobytes * 1024
    }
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Int(usage.ru_maxrss) * 1024
  }
}
