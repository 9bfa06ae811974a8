import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What a person asks of the table of a sweep.
  @Suite struct CompareOptionTests {
    /// What a person asks of the table of a sweep.
    @Test("compare chooses metrics, sorts, filters, pivots, and takes any arm as the baseline")
    func choices() throws {
      let world = try World(copying: ComparisonTests.world.get().world)
      func compare(_ options: String...) throws -> (rows: [[String]], text: String) {
        let ended = try world.start(["compare", "spec.yaml"] + options).end()
        #expect(ended.code == 0, "\(ended.errors)")
        let lines = ended.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (
          lines.map {
            $0.split(separator: /\ {2,}/).map { String($0.drop { $0 == "*" || $0 == " " }) }
          },
          ended.output
        )
      }
      let zeros = "uncertain=u-zeros"
      let all = try world.comparison().rows
      let chosen = try compare("--metrics", "Atelectasis.auroc,valid.brier", "--sort", "auroc")
      #expect(chosen.rows[3] == ["Atelectasis.auroc", "valid.brier"])
      let first = all.filter { $0.arm != "shortcut" }
        .max { ($0.metrics["valid.auroc"]?.mean ?? 0) < ($1.metrics["valid.auroc"]?.mean ?? 0) }
      #expect(chosen.rows[4].first == first?.arm)
      #expect(chosen.rows[6].first == "shortcut")
      #expect(chosen.text.contains("sorted by `valid.auroc`\n"))
      let reversed = try compare("--sort", "test.auroc", "--reverse", "--metrics", "auroc").text
      #expect(reversed.contains("an arm that is picked from here is picked on test"))

      let one = try compare("--where", "labels.uncertain=u-zeros", "--metrics", "auroc")
      #expect(one.rows[4].first == zeros && one.rows[5].first == "shortcut")
      let pivot = try compare("--pivot", "uncertain", "--metrics", "auroc")
      #expect(pivot.rows[3] == ["auroc", zeros, "uncertain=u-ones"])

      // The spec compares with u-zeros; asked the other way round, the sign turns and no p-value is
      // there until a run makes it.
      let turned = try compare("--baseline", "u-ones", "--metrics", "auroc").text
      #expect(turned.contains("minus uncertain=u-ones"))
      #expect(turned.contains("--set 'compare.baseline=uncertain=u-ones'"))
      #expect(try world.run("--set", "compare.baseline=uncertain=u-ones").code == 0)
      let tested = try compare("--baseline", "u-ones", "--metrics", "auroc").text
      #expect(tested.contains(/uncertain=u-zeros +[+−][0-9.]+ \[.*\] [a-z ]+, p [01]\.[0-9]+/))
      #expect(!tested.contains("p-values of these"))

      let front = try compare("--front", "auroc,brier,worst_group.sex.auroc").rows
      #expect(front.contains { $0.contains("valid.brier") && $0.contains("test.brier") })
      let folder = try world.cxr("compare", "runs/known", "--metrics", "auroc").output
      // The folder says what the last run compared with.
      #expect(folder == tested)
      let two = try world.cxr("compare", "runs/known", "spec.yaml", "--metrics", "auroc").output
      #expect(two.contains("known: \(zeros)"))
    }

    /// A table that is remembered is that of these files, this spec and these options, or none.
    @Test("compare shows the same twice, and what changed in between")
    func remembered() throws {
      let world = try World(copying: World.finished())
      func compare(_ options: String...) throws -> String {
        let ended = try world.start(["compare", "spec.yaml"] + options).end()
        #expect(ended.code == 0, "\(ended.errors)")
        return ended.output
      }
      let first = try compare()
      #expect(world.files(below: "runs/tables").count == 2)
      #expect(try compare() == first)
      #expect(try compare("--set", "eval.bootstrap=0") != first)
      let spec = try world.text("spec.yaml")
      try world.write(spec.replacing("epochs: ", with: "epochs: 1"), to: "spec.yaml")
      #expect(try compare() != first)
      try world.write(spec, to: "spec.yaml")
      #expect(try compare() == first)
      let table = try world.text("data/metadata.csv")
      try world.write(table + "more.png,p999,1,30,F,PA,0\n", to: "data/metadata.csv")
      let changed = try world.start(["compare", "spec.yaml"]).end()
      #expect(changed.output != first)
      try world.write(table, to: "data/metadata.csv")
      #expect(try compare() == first)
    }

    /// Nothing that was asked for is left out in silence.
    @Test(
      "What compare cannot show is an error that names it",
      arguments: [
        (["--metrics", "aurocc"], "no arm has the metric `aurocc`"),
        (["--sort", "nothing"], "no arm has the metric `nothing`"),
        (["--where", "train.arch=simple"], "`train.arch` is no axis of the sweep"),
        (["--where", "uncertain=u-one"], "no arm has `u-one` for `labels.uncertain`"),
        (["--where", "uncertain"], "expected `axis=value` for `--where`, found `uncertain`"),
        (["--pivot", "epochs"], "`epochs` is no axis of the sweep"),
        (["--baseline", "medium"], "no arm `medium`"),
        (["--front", "auroc,ppr"], "more of `valid.ppr` is neither better nor worse"),
        (["--front", "auroc,nope"], "no arm has the metric `nope`"),
        (["--front", "auroc,brier,valid.auroc"], "`valid.auroc` stands twice in `--front`"),
        (["--metrics", "auroc,brier,auroc"], "`test.auroc` stands twice in `--metrics`"),
      ])
    func impossibleChoices(options: [String], message: String) throws {
      let ended = try ComparisonTests.world.get().world.start(["compare", "spec.yaml"] + options)
        .end()
      #expect(ended.code == 64)
      #expect(ended.errors.contains("error: \(message)\n"), "\(ended.errors)")
    }

    /// Few mitigations beat plain training and group-balanced sampling, so neither may be missing.
    @Test("Arms with balancing stand beside plain training, and what is missing is flagged")
    func fairBaselines() throws {
      let world = try World(copying: ComparisonTests.world.get().world)
      let arms = [
        "--set", "labels.findings=[Pleural Effusion]", "--set", "sweep.seed=1",
        "--set", "sweep.labels.uncertain=[u-zeros]", "--set", "compare.baseline=weighted",
      ]
      let weighted =
        "sweep.arms={plain: {}, weighted: {train.class_weights: balanced}}"
      let ended = try world.start(["run", "spec.yaml"] + arms + ["--set", weighted]).end()
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains("minus plain training"))
      #expect(ended.output.contains("! group-balanced sampling is missing beside"))
      #expect(!ended.output.contains("! plain training is missing"))
      let document = try world.comparison(arms + ["--set", weighted])
      let entry = try #require(document.baselines.comparisons.first)
      #expect(entry.arm.contains("weighted") && entry.baseline.contains("plain"))
      for (name, difference) in entry.differences {
        let isSure = (difference.adjusted ?? 1) <= 0.05
        #expect(isSure || difference.verdict == "not distinguishable", "\(name)")
        #expect(difference.p_value != nil, "\(name)")
      }
      #expect(document.notes.contains { $0.contains("beat plain training in ") })
      // What it says is missing can be put in as it stands.
      let missing = try #require(document.baselines.missing.first)
      #expect(missing.add_to == "sweep.arms" && document.baselines.missing.count == 1)
      let whole = weighted.dropLast() + ", \(missing.yaml)}"
      let both = try world.start(["run", "spec.yaml"] + arms + ["--set", String(whole)]).end()
      #expect(both.code == 0, "\(both.errors)")
      #expect(both.output.contains("minus group-balanced sampling"))
      #expect(!both.output.contains(" is missing beside"))
      #expect(both.output.contains("beat plain training and group-balanced sampling in "))
      let alone = try world.start(
        ["compare", "spec.yaml"] + arms.dropLast(2) + ["--set", "compare.baseline="]
          + ["--set", weighted, "--only", "weighted"]
      ).end()
      #expect(alone.output.contains("! plain training is missing"), "\(alone)")
      // Without named arms they multiply with the axis that there is.
      let axis =
        ["--set", "labels.findings=[Pleural Effusion]", "--set", "sweep.labels.uncertain="]
        + ["--set", "compare.baseline=", "--set", "sample.method=oversample"]
      let lines = try world.comparison(axis).baselines.missing
      #expect(lines.map(\.kind) == ["plain training", "group-balanced sampling"])
      for line in lines {
        let name = line.yaml.prefix { $0 != ":" }
        let value = line.yaml.dropFirst(name.count + 1)
        let set = "\(line.add_to).\(name)=\(value)"
        let valid = try world.start(["validate", "spec.yaml"] + axis + ["--set", set]).end()
        #expect(valid.code == 0, "\(set): \(valid.errors)")
      }
    }
  }
}
