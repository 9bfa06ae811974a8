import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What differs between two experiments.
  @Suite struct DiffTests {
    private struct Document: Decodable {
      struct Difference: Decodable {
        struct Setting: Decodable, Equatable {
          let key: String
          let a, b: String?
        }
        struct Stage: Decodable {
          let kind: String
          let a, b: String?
          let reasons: [PlanDocument.Reason]
          let same_outputs: Bool?
        }
        struct Metric: Decodable {
          struct Estimate: Decodable { let value: Double? }
          let a, b: Estimate?
        }
        let a, b: String
        let settings: [Setting]
        let stages: [Stage]
        let metrics: [String: Metric]
      }
      let differences: [Difference]
      let only_a, only_b: [String]
      let same: Int
    }

    private func document(_ world: World, _ arguments: String...) throws -> Document {
      let ended = try world.start(["diff"] + arguments + ["--format", "json"]).end()
      try #require(ended.code == 0, "\(ended.errors)")
      return try JSONDecoder().decode(Document.self, from: Data(ended.output.utf8))
    }

    /// The chain from the setting that differs to the numbers.
    @Test("diff shows settings, the chain of stages and metrics of two experiments of a sweep")
    func arms() throws {
      let world = try World.finished()
      let document = try document(world, "spec.yaml:u-zeros seed=1", "u-ones seed=1")
      let difference = try #require(document.differences.first)
      #expect(difference.a == "uncertain=u-zeros seed=1")
      #expect(difference.b == "uncertain=u-ones seed=1")
      #expect(
        difference.settings
          == [.init(key: "labels.uncertain.Edema", a: "u-zeros", b: "u-ones")])
      #expect(
        difference.stages.map(\.kind)
          == ["labels", "sample", "train", "predict", "eval", "fairness"])
      #expect(
        difference.stages[0].reasons == [
          .init(what: "option changed", name: "labels.uncertain", from: "[u-zeros]", to: "[u-ones]")
        ])
      #expect(difference.stages[2].reasons.map(\.name) == ["class_weights", "sample"])
      let table = try world.cxr("show", "spec.yaml", "u-zeros seed=1", "--format", "json").output
      let shown = try #require(
        try JSONSerialization.jsonObject(with: Data(table.utf8)) as? [String: Any])
      let metrics = (shown["metrics"] as? [String: Any])?["metrics"] as? [String: [String: Any]]
      #expect(
        difference.metrics["test.auroc"]?.a?.value == metrics?["test.auroc"]?["value"] as? Double)
      #expect(
        difference.metrics["test.auroc"]?.a?.value != difference.metrics["test.auroc"]?.b?.value)

      let text = try world.cxr("diff", "spec.yaml:u-zeros seed=1", "u-ones seed=1").output
      for line in ["labels.uncertain.Edema ", "labels ", "train ", "test.auroc "] {
        #expect(text.split(separator: "\n").contains { $0.hasPrefix(line) }, "\(line)\n\(text)")
      }
      #expect(text.contains("option changed: labels.uncertain [u-zeros] → [u-ones]"))
    }

    /// A sweep and its copy with one change.
    @Test("Two specs are compared experiment by experiment, also where one has not run")
    func specs() throws {
      let world = try World(copying: .finished())
      try world.write(World.spec.replacing("[0, 1]", with: "[1, 2]"), to: "other.yaml")
      let same = try document(world, "spec.yaml", "other.yaml")
      #expect(same.differences.isEmpty && same.same == 2)
      #expect(same.only_a == ["uncertain=u-zeros seed=0", "uncertain=u-ones seed=0"])
      #expect(same.only_b == ["uncertain=u-zeros seed=2", "uncertain=u-ones seed=2"])
      try world.edit("other.yaml", "epochs: 1", "epochs: 3")
      let changed = try document(world, "spec.yaml", "other.yaml")
      #expect(changed.differences.count == 2)
      #expect(changed.differences[0].settings == [.init(key: "train.epochs", a: "1", b: "3")])
      let training = try #require(changed.differences[0].stages.first { $0.kind == "train" })
      #expect(training.a != nil && training.b == nil && training.same_outputs == nil)
      #expect(
        training.reasons
          == [.init(what: "option changed", name: "train.epochs", from: "1", to: "3")])
      #expect(changed.differences[0].metrics.isEmpty)
      #expect(try world.cxr("diff", "spec.yaml", "spec.yaml").output == "nothing differs\n")
    }

    /// What cannot be found is said as `show` says it.
    @Test("An experiment or a spec that is not there ends with exit code 64")
    func mistakes() throws {
      let world = try World.finished()
      for (arguments, message) in [
        (["spec.yaml:seed=1", "u-ones seed=0"], "`seed=1` can be"),
        (["spec.yaml:u-zeros seed=1", "u-ones seed=7"], "no experiment `u-ones seed=7`"),
        (["spec.yaml", "nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (["spec.yaml", "u-ones seed=0"], "say which experiment"),
      ] {
        let ended = try world.start(["diff"] + arguments).end()
        #expect(ended.code == 64)
        #expect(ended.reports.first?.message.hasPrefix(message) == true, "\(ended.errors)")
      }
    }
  }
}
