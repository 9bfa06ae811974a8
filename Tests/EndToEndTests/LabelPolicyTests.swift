import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Every policy for uncertain labels, from the spec to the table, with two findings and studies.
  @Suite struct LabelPolicyTests {
    private static let policies = [
      "u-zeros", "u-ones", "ignore", "3-class", "{Edema: 3-class, Effusion: u-ones}",
    ]

    /// The painted cohort with a second finding and studies of up to two pictures.
    private static func painted() throws -> World {
      let world = try World()
      try world.edit("spec.yaml", "[Edema]", "[Edema, Effusion]")
      try world.edit(
        "spec.yaml", "[u-zeros, u-ones]", "[\(policies.joined(separator: ", "))]")
      try world.edit("spec.yaml", "seed: [0, 1]", "seed: [0]")
      try world.edit("spec.yaml", "by: [sex, age]", "by: [sex]")
      var stream = RandomStream("second finding", seed: 1)
      let lines = try world.text("data/metadata.csv").split(separator: "\n")
      let longer = lines.enumerated().map { index, line in
        if index == 0 { return line + ",study,Effusion" }
        let picture = line.prefix { $0 != "," }
        let label = ["0", "0", "0", "1", "1", "-1"][stream.below(6)]
        return line + ",s\(picture.hasSuffix("_2") ? 1 : 0),\(label)"
      }
      try world.write(longer.joined(separator: "\n") + "\n", to: "data/metadata.csv")
      return world
    }

    /// A world in which all policies have been trained.
    private static func trained() throws -> World { try trainedOnce.get() }

    private static let trainedOnce = Result {
      let world = try painted()
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      return world
    }

    /// The policies are different trainings that are judged alike.
    @Test("u-zeros, u-ones, ignore, 3-class and a map by finding train and evaluate side by side")
    func policies() throws {
      let world = try Self.trained()
      #expect(try world.digests("labels", "labels.csv").count == 5)
      #expect(try world.digests("train", "model.safetensors").count == 5)
      #expect(try world.digests("truth", "truth.csv").count == 1)
      let table = try world.comparison()
      #expect(table.rows.count == 6)
      for row in table.rows {
        for name in ["test.auroc", "test.Edema.auroc", "test.Effusion.auroc"] {
          #expect(row.metrics[name]?.mean != nil, "\(name) of \(row.arm)")
        }
        guard !row.baseline else { continue }
        let edema = try #require(row.metrics["test.Edema.auroc"]?.mean)
        let effusion = try #require(row.metrics["test.Effusion.auroc"]?.mean)
        let both = try #require(row.metrics["test.auroc"]?.mean)
        // Edema is painted, Effusion is not.
        #expect(edema > 0.75, "\(row.arm)")
        #expect(abs(both - (edema + effusion) / 2) < 1e-9, "\(row.arm)")
      }
    }

    /// Uncertain is no answer: the third class takes no part in the probability of the finding.
    @Test("Whatever the policy, a prediction is one probability for each finding")
    func predictions() throws {
      let world = try Self.trained()
      let folders = try FileManager.default.contentsOfDirectory(atPath: world.path("runs/small"))
        .filter { $0.hasSuffix("seed=0") }
      #expect(folders.count == 5)
      for folder in folders {
        let csv = try CSV(path: world.path("runs/small/\(folder)/predictions.csv"))
        #expect(csv.header == ["image", "patient", "study", "subset", "Edema", "Effusion"])
        #expect(csv.rowCount > 0)
        for row in 0..<csv.rowCount {
          for column in [4, 5] {
            let score = try #require(Double(csv[row, column]))
            #expect((0...1).contains(score))
          }
        }
      }
    }

    /// Two logits say the same as one, and are another network.
    @Test("A softmax head trains, from the same data")
    func softmax() throws {
      let world = try World(copying: Self.trained())
      let run = try world.run(
        "--set", "labels.head=softmax", "--set", "sweep.labels.uncertain=[u-zeros, ignore]")
      #expect(run.code == 0)
      #expect(run.beganKinds.isDisjoint(with: ["cohort", "split", "labels", "truth", "images"]))
      #expect(run.began.count { $0.hasPrefix("train") } == 2)
      #expect(try world.digests("train", "model.safetensors").count == 7)
      let csv = try CSV(path: world.path("runs/small/uncertain=ignore,seed=0/predictions.csv"))
      #expect(csv.header.suffix(2) == ["Edema", "Effusion"])
    }

    /// A study is judged by its worst picture, and no network runs for that.
    @Test("Per study, the figures are those of the highest score among a study's pictures")
    func perStudy() throws {
      let world = try World(copying: Self.trained())
      let perImage = try Self.trained().comparison()
      let run = try world.run("--set", "eval.per=study")
      #expect(run.code == 0)
      #expect(run.beganKinds == ["eval", "fairness", "summary", "consistency"])
      #expect(run.output.contains("test, per study: "))
      let table = try world.comparison("--set", "eval.per=study")
      let arm = "uncertain=u-zeros"
      let old = try #require(perImage.rows.first { $0.arm == arm }?.metrics)
      let new = try #require(table.rows.first { $0.arm == arm }?.metrics)
      #expect(new["test.Edema.auroc"]?.mean == old["test.per_study.Edema.auroc"]?.mean)
      #expect(new["test.Edema.auroc"]?.mean != old["test.Edema.auroc"]?.mean)
      #expect(new["test.per_image.Edema.auroc"]?.mean == old["test.Edema.auroc"]?.mean)
      let expected = try auroc(perStudyOf: "Edema", in: world, folder: arm + ",seed=0")
      let reported = try #require(new["test.Edema.auroc"]?.mean)
      #expect(abs(reported - expected) < 1e-9)

      let mean = try world.run("--set", "eval.per=study", "--set", "eval.aggregate=mean")
      #expect(mean.code == 0)
      #expect(mean.beganKinds.isSubset(of: ["eval", "fairness", "summary", "consistency"]))
      #expect(mean.output != run.output)
    }

    /// The area by its definition: the share of pairs of a positive and a negative study of test
    /// in which the positive one has the higher score, ties counting half.
    private func auroc(perStudyOf finding: String, in world: World, folder: String) throws -> Double
    {
      let table = try CSV(path: world.path("data/metadata.csv"))
      let label = try table.requiredColumn(finding)
      var labels: [String: String] = [:]
      for row in 0..<table.rowCount { labels[table[row, 0]] = table[row, label] }
      let csv = try CSV(path: world.path("runs/small/\(folder)/predictions.csv"))
      let column = try csv.requiredColumn(finding)
      var studies: [String: (score: Double, isPositive: Bool?)] = [:]
      for row in 0..<csv.rowCount where csv[row, 3] == "test" {
        let key = "\(csv[row, 1]) \(csv[row, 2])"
        var study = studies[key] ?? (-1, nil)
        study.score = max(study.score, try #require(Double(csv[row, column])))
        // A blank is negative; an uncertain label says nothing.
        let cell = labels[csv[row, 0]] ?? ""
        if cell != "-1" { study.isPositive = study.isPositive == true || cell == "1" }
        studies[key] = study
      }
      let positive = studies.values.filter { $0.isPositive == true }.map(\.score)
      let negative = studies.values.filter { $0.isPositive == false }.map(\.score)
      try #require(!positive.isEmpty && !negative.isEmpty)
      let wins = positive.reduce(0.0) { sum, one in
        sum + negative.reduce(0) { $0 + (one > $1 ? 1 : one == $1 ? 0.5 : 0) }
      }
      return wins / Double(positive.count * negative.count)
    }
  }
}
