import Basics

/// Finds out what would run, from the graph and what is known of results and files; it changes
/// nothing and runs nothing.
public struct Planner {
  private let results: any ResultLookup
  private let files: any FileDigests

  /// A planner over a cache and files.
  public init(results: any ResultLookup, files: any FileDigests) {
    self.results = results
    self.files = files
  }

  /// Plans every stage of `graph`.
  ///
  /// - Parameter forced: stages that run although their results are there.
  /// - Throws: all input files that are missing or cannot be read.
  public func plan(
    _ graph: Graph, forced: (StageNode) -> Bool = { _ in false }
  ) throws(Diagnostics) -> Plan {
    var problems: [Diagnostic] = []
    var entries: [PlanEntry] = []
    entries.reserveCapacity(graph.stages.count)
    for node in graph.stages {
      let inputs = node.declaration.inputs.map { input -> (name: String, digest: Digest?) in
        do throws(Diagnostic) {
          let state = try state(of: input.source) { id in
            guard case .cached(let result) = entries[id.index].status else { return nil }
            return result
          }
          return (input.name, state?.digest)
        } catch {
          if !problems.contains(error) { problems.append(error) }
          return (input.name, nil)
        }
      }
      entries.append(entry(node, inputs: inputs, isForced: forced(node)))
    }
    if !problems.isEmpty { throw Diagnostics(problems) }
    return Plan(entries: entries, graph: graph)
  }

  /// The content of an input; `nil` where it is not known yet.
  func state(
    of source: StageInput, result: (StageID) -> StageResult?
  ) throws(Diagnostic) -> FileState? {
    switch source {
    case .file(let path): return try files.file(path)
    case .listing(let root): return try files.listing(root)
    case .output(let id, let name):
      guard let digest = result(id)?.digest(of: name) else { return nil }
      return FileState(digest: digest, signature: "")
    case .files(let root, let id, let name):
      guard let listing = result(id)?.digest(of: name) else { return nil }
      return try files.set(root: root, listing: listing)
    }
  }

  private func entry(
    _ node: StageNode, inputs: [(name: String, digest: Digest?)], isForced: Bool
  ) -> PlanEntry {
    let declaration = node.declaration
    let leaves = declaration.parameters.leaves
    let known = inputs.compactMap { input in input.digest.map { (name: input.name, digest: $0) } }
    var reasons: [Reason] = isForced ? [Reason(.forced)] : []
    var isCertain = true
    var digest: Digest?
    func planned(_ status: PlanStatus, _ reasons: [Reason]) -> PlanEntry {
      PlanEntry(stage: node.id, status: status, reasons: reasons, fingerprint: digest)
    }
    if known.count == inputs.count {
      let own = Fingerprint(
        kind: declaration.kind, version: declaration.version, parameters: leaves, inputs: known
      ).digest
      digest = own
      if let result = results.result(for: own) {
        let damage = results.damage(of: result)
        if damage.isEmpty && !isForced { return planned(.cached(result), []) }
        return planned(.run, reasons + damage)
      }
    } else {
      // A stage that never ran with these parameters cannot be found, whatever its inputs become.
      isCertain =
        isForced
        || !results.hasResult(
          ofShape: Fingerprint.shape(
            kind: declaration.kind, version: declaration.version, parameters: leaves))
    }
    guard let before = results.previous(node.label), before.kind == declaration.kind else {
      return planned(.run, reasons + [Reason(.neverRan)])
    }
    reasons += Reason.differences(
      from: before, version: declaration.version, parameters: leaves, inputs: inputs)
    if !declaration.fileOptions.isEmpty {
      let old = results.fileOptions(of: before.digest)
      if !old.isEmpty {
        reasons = Reason.differences(from: old, to: declaration.fileOptions) + reasons
      }
    }
    // The same as last time, and yet no result: it was taken out of the cache.
    if reasons.isEmpty { reasons = [Reason(.outputMissing)] }
    return planned(isCertain ? .run : .maybe, reasons)
  }
}
