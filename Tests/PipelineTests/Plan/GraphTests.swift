import Testing

@testable import Pipeline

@Suite struct GraphTests {
  /// Work that experiments share is done once.
  @Test func `equal declarations are one stage with all their experiments`() {
    let graph = exampleGraph()
    #expect(graph.stages.count == 1 + 1 + 4 + 4)
    #expect(graph.stages[0].experiments == [0, 1, 2, 3])
    #expect(graph.stages[2].experiments == [0])
  }

  /// A label says what sets a stage apart within its sweep, and nothing else.
  @Test func `labels hold the settings that tell stages apart`() {
    let labels = exampleGraph().stages.map(\.label)
    #expect(
      labels.prefix(4) == [
        "split", "images", "train arch=simple seed=0", "predict arch=simple seed=0",
      ])
    #expect(Set(labels).count == labels.count)
    #expect(exampleGraph().experiments[1] == "arch=simple seed=1")
    let one = exampleGraph(seeds: [0])
    #expect(one.stages[2].label == "train arch=simple")
  }

  /// A stage that only the seeds share is named by the arm, one that only the arms share by the seed.
  @Test func `a stage is named by what all its experiments share`() {
    var builder = GraphBuilder()
    var names: [ExperimentName] = []
    for (index, (arch, seed)) in [("a", 0), ("a", 1), ("b", 0), ("b", 1)].enumerated() {
      names.append(
        ExperimentName(arm: arch, settings: [("x.arch", arch), ("y.arch", "z")], seed: seed))
      for value in [Value.int(seed), .string(arch)] {
        _ = builder.add(
          StageDeclaration(
            kind: "sample", version: 1, parameters: value, inputs: [], outputs: []),
          experiment: index)
      }
    }
    #expect(
      builder.finish(experiments: names).stages.map(\.label)
        == ["sample seed=0", "sample x.arch=a", "sample seed=1", "sample x.arch=b"])
  }

  /// Labels name slots of the cache and lines of a terminal: two stages never share one.
  @Test func `labels are unique even where no setting differs`() {
    var builder = GraphBuilder()
    for value in 0..<3 {
      _ = builder.add(
        StageDeclaration(
          kind: "eval", version: 1, parameters: .int(value), inputs: [], outputs: []),
        experiment: 0)
    }
    let graph = builder.finish(experiments: [ExperimentName(arm: "only", settings: [], seed: nil)])
    #expect(graph.stages.map(\.label) == ["eval", "eval #2", "eval #3"])
    #expect(graph.experiments == ["only"])
  }
}
