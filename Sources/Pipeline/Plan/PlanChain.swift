/// Why a stage runs, followed back from input to input to where the change began.
public struct PlanChain {
  /// A stage on the way.
  public struct Link {
    /// How many stages lie between this one and the stage that was asked for.
    public let depth: Int
    /// The stage.
    public let entry: PlanEntry
    /// The inputs of the stage before it that this one makes; empty for the first.
    public let makes: [String]
    /// Whether what leads to it stands further up already.
    public let isRepeated: Bool
  }

  /// The stage that was asked for, then what leads to it, depth first.
  public let links: [Link]

  /// The chain of `stage` in `plan`.
  public init(_ plan: Plan, to stage: StageID) {
    var links: [Link] = []
    var seen: Set<StageID> = []
    // A stack and no recursion: a chain is as long as its graph.
    var open: [(id: StageID, depth: Int, makes: [String])] = [(stage, 0, [])]
    while let (id, depth, makes) = open.popLast() {
      guard plan.entries.indices.contains(id.index) else { continue }
      let entry = plan.entries[id.index]
      let isFirst = seen.insert(id).inserted
      links.append(Link(depth: depth, entry: entry, makes: makes, isRepeated: !isFirst))
      guard isFirst else { continue }
      var sources: [(id: StageID, inputs: [String])] = []
      for input in plan.graph[id].declaration.inputs {
        guard let source = input.source.stage, entry.names(input.name) else { continue }
        if let index = sources.firstIndex(where: { $0.id == source }) {
          sources[index].inputs.append(input.name)
        } else {
          sources.append((source, [input.name]))
        }
      }
      open += sources.reversed().map { ($0.id, depth + 1, $0.inputs) }
    }
    self.links = links
  }
}

extension PlanEntry {
  /// Whether the input called `name` is a reason.
  fileprivate func names(_ name: String) -> Bool {
    reasons.contains {
      ($0.what == .inputMayChange || $0.what == .inputChanged) && $0.name == name
    }
  }
}
