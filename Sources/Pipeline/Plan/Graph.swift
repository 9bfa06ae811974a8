/// The stages of a sweep, each once, in an order in which they can run.
public struct Graph: Sendable {
  /// The stages; a stage's inputs come before it.
  public let stages: [StageNode]
  /// The experiments as people read them: `arch=simple seed=0`.
  public let experiments: [String]

  /// The stage called `id`.
  public subscript(id: StageID) -> StageNode { stages[id.index] }
}

/// A stage of a graph, with the experiments that use it.
public struct StageNode: Sendable {
  /// Its index in the graph.
  public let id: StageID
  /// What it reads, is given and makes.
  public let declaration: StageDeclaration
  /// The experiments that use it, as indices, ascending.
  public let experiments: [Int]
  /// The title and the settings that tell the stage from others of its kind (`train arch=simple
  /// seed=0`); unique in its graph.
  public let label: String
}

/// Collects the stages that experiments declare, and keeps equal ones once.
public struct GraphBuilder: Sendable {
  private var declarations: [StageDeclaration] = []
  private var users: [[Int]] = []
  private var known: [DeclarationKey: StageID] = [:]

  /// An empty graph.
  public init() {}

  /// Adds a stage for the experiment with the index `experiment`, or finds the equal one.
  ///
  /// Inputs can name only stages that were added before, so that a graph has no cycles.
  public mutating func add(_ declaration: StageDeclaration, experiment: Int) -> StageID {
    let key = DeclarationKey(declaration)
    if let id = known[key] {
      share(id, with: experiment)
      // Of what one experiment needs on its way and another one is, the name says what it is for.
      if declaration.title != declaration.kind { declarations[id.index].title = declaration.title }
      return id
    }
    let id = StageID(declarations.count)
    known[key] = id
    declarations.append(declaration)
    users.append([experiment])
    return id
  }

  /// Notes that the experiment with the index `experiment` uses a stage.
  public mutating func share(_ id: StageID, with experiment: Int) {
    if users[id.index].last != experiment { users[id.index].append(experiment) }
  }

  /// The graph, its stages labelled by the settings of `experiments` that they depend on.
  public func finish(experiments: [ExperimentName]) -> Graph {
    var labels = ExperimentLabels(experiments, declarations)
    var taken: [String: Int] = [:]
    let stages = declarations.indices.map { index in
      let using = Array(Set(users[index])).sorted()
      var label = declarations[index].title
      let words = labels.words(for: StageID(index), of: using)
      if !words.isEmpty { label += " \(words)" }
      let count = (taken[label] ?? 0) + 1
      taken[label] = count
      if count > 1 { label += " #\(count)" }
      return StageNode(
        id: StageID(index), declaration: declarations[index], experiments: using, label: label)
    }
    return Graph(stages: stages, experiments: labels.all)
  }
}

/// What makes two declarations one stage.
private struct DeclarationKey: Hashable {
  let kind: String
  let version: Int
  let parameters: Value
  let names: [String]
  let sources: [StageInput]

  init(_ declaration: StageDeclaration) {
    kind = declaration.kind
    version = declaration.version
    parameters = declaration.parameters
    names = declaration.inputs.map(\.name)
    sources = declaration.inputs.map(\.source)
  }
}
