import Basics
import Foundation
import Testing

@testable import Pipeline

@Suite struct PlannerTests {
  private let results = TwinResults()
  private let files = TwinFiles()

  init() {
    files.contents["table.csv"] = "rows"
    files.knownSets["data"] = "pictures"
  }

  private func plan(_ graph: Graph) throws -> Plan {
    try Planner(results: results, files: files).plan(graph)
  }

  private func entry(_ plan: Plan, _ label: String) throws -> PlanEntry {
    try #require(plan.entries.first { plan.graph[$0.stage].label == label })
  }

  /// Nothing can be found where nothing was made, so nothing is only `maybe`.
  @Test func `on the first run every stage runs because it never ran`() throws {
    let plan = try plan(exampleGraph())
    #expect(plan.counts.run == 10 && plan.counts.cached == 0 && plan.counts.maybe == 0)
    #expect(plan.entries.allSatisfy { $0.reasons == [Reason(.neverRan)] })
  }

  /// The point of a cache.
  @Test func `when nothing changed every stage is cached`() throws {
    try results.run(exampleGraph(), files: files)
    #expect(try plan(exampleGraph()).counts.cached == 10)
  }

  /// Only what depends on a changed option can run, and the reason has both values.
  @Test func `a changed option is named with its old and new value`() throws {
    try results.run(exampleGraph(epochs: 4), files: files)
    let plan = try plan(exampleGraph(epochs: 6))
    #expect(plan.counts.cached == 2 && plan.counts.run == 4 && plan.counts.maybe == 4)
    #expect(
      try entry(plan, "train arch=medium seed=1").reasons
        == [Reason(.optionChanged, "train.epochs", from: "4", to: "6")])
    #expect(
      try entry(plan, "predict arch=medium seed=1").reasons == [Reason(.inputMayChange, "model")])
  }

  /// What was made once stays found.
  @Test func `going back to an earlier value finds the earlier results`() throws {
    try results.run(exampleGraph(epochs: 4), files: files)
    try results.run(exampleGraph(epochs: 6), files: files)
    #expect(try plan(exampleGraph(epochs: 4)).counts.cached == 10)
  }

  /// An added arm has nothing to do with the others.
  @Test func `adding an arm runs no existing experiment`() throws {
    try results.run(exampleGraph(archs: ["simple"]), files: files)
    let plan = try plan(exampleGraph(archs: ["simple", "medium"]))
    #expect(plan.counts.cached == 2 + 4 && plan.counts.run == 4)
  }

  /// Inputs enter by content.
  @Test func `a changed file is an input that changed`() throws {
    try results.run(exampleGraph(), files: files)
    files.contents["table.csv"] = "other rows"
    let plan = try plan(exampleGraph())
    let reason = try #require(try entry(plan, "split").reasons.first)
    #expect(reason.what == .inputChanged && reason.name == "table")
    #expect(reason.from == String(Digest(of: "rows").hex.prefix(12)))
    // All the rest depends on the bytes of the split, which may come out the same.
    #expect(plan.counts.run == 1 && plan.counts.maybe == 9)
  }

  /// A body that computes something else makes another result.
  @Test func `a raised version runs the stage`() throws {
    try results.run(exampleGraph(), files: files)
    let plan = try plan(exampleGraph(trainVersion: 2))
    #expect(
      try entry(plan, "train arch=simple seed=0").reasons
        == [Reason(.versionRaised, from: "1", to: "2")])
  }

  /// Reading pictures to find out whether they changed would cost more than many stages.
  @Test func `pictures whose digest is not known make their stages maybe`() throws {
    try results.run(exampleGraph(), files: files)
    files.knownSets = [:]
    let plan = try plan(exampleGraph())
    #expect(try entry(plan, "images").status == .maybe)
    #expect(try entry(plan, "images").reasons == [Reason(.inputMayChange, "pictures")])
    #expect(plan.counts.cached == 1 && plan.counts.maybe == 9)
  }

  /// A result without its bytes is none.
  @Test func `a missing output runs its stage again`() throws {
    try results.run(exampleGraph(), files: files)
    let split = try #require(results.slots["split"])
    results.damaged[split.digest] = [Reason(.outputMissing, "split.csv")]
    let plan = try plan(exampleGraph())
    #expect(try entry(plan, "split").status == .run)
    #expect(try entry(plan, "split").reasons == [Reason(.outputMissing, "split.csv")])
    #expect(plan.counts.maybe == 9)
    results.damaged = [:]
    results.results[split.digest] = nil
    #expect(try entry(try self.plan(exampleGraph()), "split").reasons == [Reason(.outputMissing)])
  }

  /// Forcing one stage says so, and what follows depends on its bytes.
  @Test func `a forced stage runs although its result is there`() throws {
    try results.run(exampleGraph(), files: files)
    let plan = try Planner(results: results, files: files)
      .plan(exampleGraph()) { $0.declaration.kind == "images" }
    #expect(try entry(plan, "images").reasons == [Reason(.forced)])
    #expect(plan.counts.run == 1 && plan.counts.cached == 1 && plan.counts.maybe == 8)
  }

  /// Mistakes come all at once, each once, before anything runs.
  @Test func `missing files are listed`() throws {
    files.contents = [:]
    let thrown = #expect(throws: Diagnostics.self) { try plan(exampleGraph()) }
    #expect(thrown?.all.map(\.message) == ["`table.csv` does not exist"])
  }

  /// A person who asks why is led from input to input to the option that was changed.
  @Test func `a chain leads from a stage back to the changed option`() throws {
    try results.run(exampleGraph(epochs: 4, archs: ["simple"], seeds: [0]), files: files)
    let plan = try plan(exampleGraph(epochs: 6, archs: ["simple"], seeds: [0]))
    let chain = PlanChain(plan, to: StageID(3))
    #expect(
      chain.links.map { plan.graph[$0.entry.stage].label }
        == ["predict arch=simple seed=0", "train arch=simple seed=0"])
    #expect(chain.links.map(\.makes) == [[], ["model"]] && chain.links.map(\.depth) == [0, 1])
    #expect(
      chain.links.last?.entry.reasons
        == [Reason(.optionChanged, "train.epochs", from: "4", to: "6")])
    files.contents["table.csv"] = "other rows"
    let other = try self.plan(exampleGraph(epochs: 4, archs: ["simple"], seeds: [0]))
    let links = PlanChain(other, to: StageID(3)).links
    // The split is met twice, by the training and by the images, and told once.
    #expect(
      links.map { other.graph[$0.entry.stage].label }
        == ["predict arch=simple seed=0", "train arch=simple seed=0", "split", "images", "split"])
    #expect(links.map(\.isRepeated) == [false, false, false, false, true])
  }

  /// Other programs read this.
  @Test func `the plan as JSON has the documented shape`() throws {
    try results.run(exampleGraph(epochs: 4, archs: ["simple"], seeds: [0]), files: files)
    let text = try plan(exampleGraph(epochs: 6, archs: ["simple"], seeds: [0])).json()
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(json["counts"] as? [String: Int] == ["cached": 2, "run": 1, "maybe": 1])
    let stages = try #require(json["stages"] as? [[String: Any]])
    #expect(stages[2]["id"] as? String == "train arch=simple seed=0")
    #expect(stages[2]["kind"] as? String == "train")
    #expect(stages[2]["status"] as? String == "run")
    #expect(stages[2]["experiments"] as? [String] == ["arch=simple seed=0"])
    #expect(
      stages[2]["reasons"] as? [[String: String]] == [
        ["what": "option changed", "name": "train.epochs", "from": "4", "to": "6"]
      ])
  }
}
