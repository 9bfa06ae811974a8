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
  }

  /// What is known of a stage from the last run is found by its label, also where the sweep was cut or
  /// has grown since.
  @Test func `a stage has the same label in a part of the sweep as in the whole`() {
    let whole = Set(exampleGraph().stages.map(\.label))
    let one = exampleGraph(archs: ["medium"], seeds: [1]).stages.map(\.label)
    #expect(one == ["split", "images", "train arch=medium seed=1", "predict arch=medium seed=1"])
    #expect(whole.isSuperset(of: one))
    #expect(
      Set(exampleGraph(archs: ["simple", "medium", "resnet18"]).stages.map(\.label))
        .isSuperset(of: whole))
  }

  /// A stage depends on what its parameters, its own inputs or the stages before it say.
  @Test func `a stage is named by the axes that reach it`() {
    var builder = GraphBuilder()
    var names: [ExperimentName] = []
    for (index, (arm, seed)) in [("a", 0), ("a", 1), ("b", 0), ("b", 1)].enumerated() {
      names.append(
        ExperimentName(
          arm: arm,
          settings: [
            SweepSetting(path: "arm", value: arm, keys: arm == "a" ? ["x.lr"] : []),
            SweepSetting(path: "data.root", name: "root", value: arm),
          ], seed: seed))
      var table = StageDeclaration(
        kind: "table", version: 1, parameters: .map([:]),
        inputs: [("table", .file(path: "\(arm).csv"))], outputs: ["t"])
      table.reads = ["data"]
      let id = builder.add(table, experiment: index)
      let train = builder.add(
        StageDeclaration(
          kind: "train", version: 1,
          parameters: .map(["x": .map(["lr": .int(arm == "a" ? 1 : 2)]), "seed": .int(seed)]),
          inputs: [("t", .output(id, name: "t"))], outputs: ["m"]), experiment: index)
      var sum = StageDeclaration(
        kind: "sum", version: 1, parameters: .map([:]),
        inputs: [("m", .output(train, name: "m"))], outputs: [])
      sum.gathers = ["seed"]
      if seed == 0 { _ = builder.add(sum, experiment: index) }
    }
    #expect(
      builder.finish(experiments: names).stages.map(\.label) == [
        "table root=a", "train a root=a seed=0", "sum a root=a", "train a root=a seed=1",
        "table root=b", "train root=b seed=0", "sum root=b", "train root=b seed=1",
      ])
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
