extension Graph {
  /// The stages `wanted` and those before them, as a graph of its own with the same labels.
  ///
  /// - Returns: the graph, and what each of `wanted` is called in it.
  public func part(_ wanted: [StageID]) -> (graph: Graph, ids: [StageID]) {
    var needed: Set<StageID> = []
    var open = wanted
    while let id = open.popLast() {
      guard needed.insert(id).inserted else { continue }
      for (_, source) in self[id].declaration.inputs {
        switch source {
        case .output(let other, _), .files(_, let other, _): open.append(other)
        case .file, .listing: break
        }
      }
    }
    var names: [StageID: StageID] = [:]
    var nodes: [StageNode] = []
    for id in needed.sorted() {
      let node = self[id]
      var declaration = node.declaration
      declaration.inputs = declaration.inputs.map { input in
        var input = input
        switch input.source {
        case .output(let other, let output):
          input.source = .output(names[other] ?? other, name: output)
        case .files(let root, let other, let output):
          input.source = .files(root: root, listedIn: names[other] ?? other, name: output)
        case .file, .listing: break
        }
        return input
      }
      let own = StageID(nodes.count)
      names[id] = own
      nodes.append(
        StageNode(
          id: own, declaration: declaration, experiments: node.experiments, label: node.label))
    }
    return (Graph(stages: nodes, experiments: experiments), wanted.map { names[$0] ?? $0 })
  }
}
