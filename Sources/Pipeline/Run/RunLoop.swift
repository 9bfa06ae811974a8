import Basics
import Foundation

/// One run: a single thread that knows every stage and every worker, and waits for what happens
/// next.
final class RunLoop {
  /// Where a stage is.
  enum State {
    case waiting
    case reading
    case ready
    case running
    case done(StageResult)
    case failed
    case notRun
  }

  let graph: Graph
  private let sweep: String
  private let options: RunOptions
  let wake: Wake
  let sink: (RunEvent) -> Void
  let cache: Cache

  var states: [State]
  private var consumers: [[StageID]]
  /// Stages whose results a stage still waits for.
  private var pending: [Int]
  private var ready = ReadyStages()
  private var jobs: [Int: PreparedJob] = [:]
  private let record: RunRecord
  /// The fingerprints of what is used and of what is to be made.
  private var used: [Digest?]
  /// How often a stage has been tried again.
  private var retries: [Int: Int] = [:]
  var workers: WorkerPool
  var readings = 0
  var summary = RunSummary()
  /// Whether nothing new is begun.
  var isHalted = false
  var lastFlush = ContinuousClock.now

  init(
    graph: Graph, sweep: String, options: RunOptions, wake: Wake,
    sink: @escaping (RunEvent) -> Void
  ) throws(Diagnostic) {
    self.graph = graph
    self.sweep = sweep
    self.options = options
    self.wake = wake
    self.sink = sink
    cache = try Cache(runs: options.runs, sweep: sweep)
    workers = WorkerPool(options: options, store: cache.store)
    record = RunRecord(cache.store, sweep: sweep)
    used = Array(repeating: nil, count: graph.stages.count)
    states = Array(repeating: .waiting, count: graph.stages.count)
    consumers = Array(repeating: [], count: graph.stages.count)
    pending = Array(repeating: 0, count: graph.stages.count)
  }

  func run() throws(Diagnostics) -> RunSummary {
    defer { cache.close() }
    start(try plan())
    while true {
      if !isHalted { dispatch() }
      if workers.isIdle && (isHalted || readings == 0 && ready.isEmpty) { break }
      wait()
    }
    wake.end()
    workers.close()
    for node in graph.stages {
      switch states[node.id.index] {
      case .done, .failed: break
      default: summary.notRun.append(node.label)
      }
    }
    summary.results = states.map { state in
      guard case .done(let result) = state else { return nil }
      return result
    }
    record.finish(used.compactMap { $0 })
    summary.record = record
    sink(.runFinished(summary))
    return summary
  }

  /// The plan; what it found is noted as used before a collection of garbage can take it away.
  private func plan() throws(Diagnostics) -> Plan {
    let gate = CollectionGate(cache.store)
    let plan = try cache.plan(graph) { isForced($0) }
    sink(.planned(plan.counts))
    for entry in plan.entries {
      if case .cached(let result) = entry.status { used[entry.stage.index] = result.fingerprint }
    }
    if plan.counts.cached < plan.entries.count {
      record.add(used.compactMap { $0 })
    } else {
      record.finish(used.compactMap { $0 })
    }
    _ = consume gate
    return plan
  }

  func isForced(_ node: StageNode) -> Bool {
    options.forcedKinds.contains(node.declaration.kind)
  }

  // MARK: Stages

  private func start(_ plan: Plan) {
    for entry in plan.entries {
      let node = graph[entry.stage]
      if case .cached(let result) = entry.status {
        states[node.id.index] = .done(result)
        summary.cached += 1
        cache.use(result.fingerprint, for: node.label)
        continue
      }
      var sources: Set<StageID> = []
      for input in node.declaration.inputs {
        guard let id = input.source.stage, case .waiting = states[id.index] else { continue }
        if sources.insert(id).inserted { consumers[id.index].append(node.id) }
      }
      pending[node.id.index] = sources.count
    }
    for node in graph.stages where pending[node.id.index] == 0 {
      if case .waiting = states[node.id.index] { resolve(node) }
    }
  }

  /// What comes before the stage is done: finds its result, or lines it up to run.
  func resolve(_ node: StageNode) {
    guard !isHalted else { return }
    do throws(Diagnostic) {
      guard let job = try prepare(node) else { return }
      let digest = job.fingerprint.digest
      let gate = CollectionGate(cache.store)
      record.add(CollectionOfOne(digest))
      used[node.id.index] = digest
      if !isForced(node), let result = cache.result(for: digest) {
        let damage = cache.damage(of: result)
        if damage.isEmpty {
          _ = consume gate
          sink(.stageFinished(node.label, seconds: 0, .cutoff))
          summary.cached += 1
          return finish(node, result)
        }
        cache.discard(result, damage: damage)
      }
      states[node.id.index] = .ready
      jobs[node.id.index] = job
      ready.insert(node)
    } catch {
      fail(node, report(error.rendered { _, _ in nil }, job: nil, seconds: 0))
    }
  }

  /// The job for a stage; `nil` where files have to be read first.
  private func prepare(_ node: StageNode) throws(Diagnostic) -> PreparedJob? {
    var known: [(name: String, digest: Digest)] = []
    var inputs: [String: JobInput] = [:]
    for input in node.declaration.inputs {
      let state = try cache.planner.state(of: input.source) { result(of: $0) }
      guard let state else {
        read(node, input.source)
        return nil
      }
      known.append((input.name, state.digest))
      switch input.source {
      case .output: inputs[input.name] = JobInput(path: cache.store.objectPath(state.digest))
      case .file(let path): inputs[input.name] = JobInput(path: path, signature: state.signature)
      case .listing(let root): inputs[input.name] = JobInput(path: root, root: root)
      case .files(let root, let id, let name):
        guard let listing = result(of: id)?.digest(of: name) else { return nil }
        inputs[input.name] = JobInput(
          path: cache.store.objectPath(listing), root: root, signature: state.signature)
      }
    }
    let fingerprint = Fingerprint(
      kind: node.declaration.kind, version: node.declaration.version,
      parameters: node.declaration.parameters.leaves, inputs: known)
    return PreparedJob(node: node, fingerprint: fingerprint, inputs: inputs)
  }

  private func result(of id: StageID) -> StageResult? {
    guard case .done(let result) = states[id.index] else { return nil }
    return result
  }

  /// Reads a set of files on another thread; the stage is resolved again afterwards.
  private func read(_ node: StageNode, _ source: StageInput) {
    guard case .files(let root, let id, let name) = source,
      let listing = result(of: id)?.digest(of: name)
    else { return }
    states[node.id.index] = .reading
    readings += 1
    let reading = cache.files.reading(root: root, listing: listing)
    let (wake, stage) = (wake, node.id)
    let body: @Sendable () -> Void = {
      let found: Result<SetReading.Found, Diagnostic>
      do throws(Diagnostic) {
        found = .success(
          try reading.read { done, total in
            if done % 256 == 0 { wake.tell(.reading(stage, done: done, total: total)) }
            return !wake.isStopped
          })
      } catch {
        found = .failure(error)
      }
      wake.tell(.read(stage, found, reading))
    }
    do throws(Diagnostic) {
      try startThread(body)
    } catch {
      wake.tell(.read(stage, .failure(error), reading))
    }
  }

  func finish(_ node: StageNode, _ result: StageResult) {
    states[node.id.index] = .done(result)
    cache.use(result.fingerprint, for: node.label)
    for id in consumers[node.id.index] {
      pending[id.index] -= 1
      if pending[id.index] == 0 { resolve(graph[id]) }
    }
  }

  func fail(_ node: StageNode, _ report: FailureReport) {
    let tried = retries[node.id.index, default: 0]
    let allowed = options.retries[node.declaration.kind] ?? 0
    // A body that failed is tried again; what cannot be started or read would fail again at once.
    if report.wasTried, tried < allowed, !isHalted {
      retries[node.id.index] = tried + 1
      sink(.stageRetried(node.label, report, attempt: tried + 1, of: allowed))
      states[node.id.index] = .waiting
      return resolve(node)
    }
    states[node.id.index] = .failed
    summary.failed.append((node.label, report))
    sink(.stageFailed(node.label, report))
    // What is running is let finish: its results are worth keeping.
    if !options.keepGoing { isHalted = true }
  }

  /// A run can take days: an object that was edited since it was made must not be used.
  private func checkInputs(of node: StageNode) throws(Diagnostic) {
    for input in node.declaration.inputs {
      guard let id = input.source.stage, let result = result(of: id) else { continue }
      guard let damage = cache.damage(of: result).first else { continue }
      throw Diagnostic(
        "input `\(input.name)` of `\(node.label)` is gone or was damaged since it was made"
          + " (\(damage))",
        hint: "run again: `\(graph[id].label)` makes it anew")
    }
  }

  // MARK: Workers

  private func dispatch() {
    for isHeavy in [true, false] {
      while let id = ready.first(heavy: isHeavy), workers.hasRoom(heavy: isHeavy) {
        ready.removeFirst(heavy: isHeavy)
        guard let job = jobs.removeValue(forKey: id.index) else { continue }
        states[id.index] = .running
        do throws(Diagnostic) {
          try checkInputs(of: job.node)
          try workers.run(
            job, heavy: isHeavy, slot: "\(sweep)/\(job.node.label)", forced: isForced(job.node))
        } catch {
          fail(job.node, report(error.rendered { _, _ in nil }, job: job, seconds: 0))
        }
        if isHalted { return }
      }
    }
  }
}

extension StageInput {
  /// The stage that the input waits for.
  var stage: StageID? {
    switch self {
    case .output(let id, _), .files(_, let id, _): id
    case .file, .listing: nil
    }
  }
}
