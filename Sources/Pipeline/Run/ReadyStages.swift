/// Stages that can run, each kind of weight in the order of the graph: experiments that come first
/// are finished first.
struct ReadyStages {
  private var heavy: [StageID] = []
  private var light: [StageID] = []

  var isEmpty: Bool { heavy.isEmpty && light.isEmpty }

  func first(heavy isHeavy: Bool) -> StageID? { isHeavy ? heavy.last : light.last }

  mutating func removeFirst(heavy isHeavy: Bool) {
    if isHeavy { _ = heavy.popLast() } else { _ = light.popLast() }
  }

  mutating func insert(_ node: StageNode) {
    if node.declaration.weight == .heavy {
      Self.insert(node.id, into: &heavy)
    } else {
      Self.insert(node.id, into: &light)
    }
  }

  /// Keeps `stages` descending, so that the first is taken from the end.
  private static func insert(_ id: StageID, into stages: inout [StageID]) {
    var low = 0
    var high = stages.count
    while low < high {
      let middle = (low + high) / 2
      if stages[middle] > id { low = middle + 1 } else { high = middle }
    }
    stages.insert(id, at: low)
  }
}
