import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What programs and people read of finished runs.
  @Suite struct CommandTests {
    /// Names of metrics are an interface.
    @Test("compare --format json names accuracy, worst group and gaps, with intervals")
    func json() throws {
      let table = try World.finished().comparison()
      #expect(
        table.rows.map(\.arm).sorted() == ["shortcut", "uncertain=u-ones", "uncertain=u-zeros"])
      #expect(table.rows.filter(\.baseline).map(\.arm) == ["shortcut"])
      #expect(table.rows.contains { $0.pareto })
      for row in table.rows where !row.baseline {
        #expect(row.seeds == 2)
        #expect(row.settings.keys.sorted() == ["labels.uncertain"])
        for name in [
          "test.auroc", "test.average_precision", "test.balanced_accuracy",
          "test.per_patient.auroc", "valid.auroc", "test.worst_group.sex.auroc",
          "test.worst_group.age.auroc", "test.equalized_odds_difference.sex",
          "test.equal_opportunity_difference.age", "test.demographic_parity_difference.sex",
        ] {
          let metric = try #require(row.metrics[name], "\(name)")
          let mean = try #require(metric.mean, "\(name) is undefined")
          let (low, high) = (try #require(metric.low), try #require(metric.high))
          #expect((0...1).contains(mean) && low <= high, "\(name)")
          #expect(metric.n == 2 && metric.sd != nil && metric.undefined == nil, "\(name)")
        }
      }
    }

    /// The same numbers, one to a row, for those who load tables.
    @Test("compare --format csv has the numbers of the JSON")
    func csv() throws {
      let world = try World.finished()
      let output = try world.cxr("compare", "spec.yaml", "--format", "csv").output
      let csv = try CSV(Array(output.utf8), file: "compare")
      #expect(
        csv.header == [
          "arm", "metric", "mean", "sd", "min", "max", "low", "high", "n", "undefined", "withheld",
          "baseline",
          "difference", "difference_low", "difference_high", "p_value", "p_adjusted", "verdict",
        ])
      let table = try world.comparison()
      #expect(csv.rowCount == table.rows.reduce(0) { $0 + $1.metrics.count })
      for row in 0..<csv.rowCount {
        let arm = try #require(table.rows.first { $0.arm == csv[row, 0] })
        let metric = try #require(arm.metrics[csv[row, 1]])
        let written = [2, 3, 6, 7].map { Double(csv[row, $0]) }
        let numbers = [metric.mean, metric.sd, metric.low, metric.high]
        for (one, other) in zip(written, numbers) {
          #expect((one == nil) == (other == nil))
          #expect(abs((one ?? 0) - (other ?? 0)) < 1e-12)
        }
        if let mean = metric.mean {
          let range = try [4, 5].map { try #require(Double(csv[row, $0])) }
          #expect(range[0] <= mean + 1e-12 && mean <= range[1] + 1e-12)
        }
        #expect(csv[row, 9] == metric.undefined ?? "")
      }
    }

    /// One experiment, found by a part of its name.
    @Test("show tells stages, metrics, groups and thresholds of one experiment, as JSON, too")
    func show() throws {
      let world = try World.finished()
      let text = try world.cxr("show", "spec.yaml", "u-ones seed=1")
      #expect(text.code == 0)
      let lines = text.output.split(separator: "\n")
      #expect(lines.first == "uncertain=u-ones seed=1")
      for word in ["train ", "auroc ", "threshold of Edema per image", "by sex ", "by age "] {
        #expect(lines.contains { $0.hasPrefix(word) }, "\(word)")
      }
      let json = try world.cxr("show", "spec.yaml", "u-ones seed=1", "--format", "json")
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      let document = try #require(object as? [String: Any])
      #expect(document["experiment"] as? String == "uncertain=u-ones seed=1")
      #expect(document["metrics"] != nil && document["fairness"] != nil)

      for (name, words) in [
        ("seed=1", "`seed=1` can be"), ("seed=7", "no experiment `seed=7`"),
      ] {
        let ended = try world.cxr("show", "spec.yaml", name)
        #expect(ended.code == 64)
        #expect(ended.reports.first?.message.hasPrefix(words) == true, "\(ended.errors)")
      }
    }

    /// Every architecture that a spec can name is in the list.
    @Test("models lists the architectures that train")
    func models() throws {
      let world = try World.finished()
      let models = try world.cxr("models")
      #expect(models.code == 0)
      let rows = models.output.split(separator: "\n").dropFirst().dropLast().map { line in
        line.components(separatedBy: "  ").filter { !$0.isEmpty }
          .map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(Set(rows.map { $0[0] }).isSuperset(of: ["simple", "medium", "resnet18"]))
      for row in rows {
        let ended = try world.cxr(
          "validate", "spec.yaml", "--set", "train.arch=\(row[0])", "--set",
          "images.size=\(row[3])")
        #expect(ended.code == 0, "\(ended.errors)")
      }
    }

    /// A good spec is called good, and nothing comes of it.
    @Test("validate says that a spec is good and creates nothing")
    func validate() throws {
      let world = try World(PaintedCohort(patients: 2))
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 0)
      #expect(ended.output.hasPrefix("`spec.yaml` is good: 2 arms, 4 experiments, "))
      #expect(!Files.exists(world.path("runs")))
    }

    /// The spec beside the results is the whole truth about them.
    @Test("The experiment.yaml of a result means the same stages; only a table of one is new")
    func resolved() throws {
      let world = try World.finished()
      let spec = "runs/small/uncertain=u-ones,seed=1/experiment.yaml"
      let plan = try world.cxr("plan", spec)
      #expect(plan.code == 0, "\(plan.errors)")
      #expect(
        plan.output.hasPrefix("run     summary  option changed: seeds 2 → 1; "), "\(plan.output)")
      #expect(plan.output.hasSuffix(" cached, 1 to run, 0 may run\n"), "\(plan.output)")
    }

    /// A result that is doubted is made anew.
    @Test("run --force runs the stages of a kind again and ends in the same bytes")
    func force() throws {
      let world = try World(copying: .finished())
      let before = try world.results()
      let run = try world.run("--force", "eval")
      #expect(run.code == 0)
      #expect(run.beganKinds == ["eval"])
      #expect(try world.results() == before)
      let wrong = try world.run("--force", "evaluation")
      #expect(wrong.code == 64)
      #expect(wrong.errors.contains("there is no kind of stage `evaluation`"))
    }
  }
}
