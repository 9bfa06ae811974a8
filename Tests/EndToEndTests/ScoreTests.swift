import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `score`: what another program scored is judged as a run is.
  @Suite struct ScoreTests {
    /// One judge for our networks and for those of others.
    @Test("The predictions of a run get the numbers of the run, to the last digit")
    func sameAsRun() throws {
      let world = try World(copying: World.finished())
      let folder = "runs/small/uncertain=u-ones,seed=1"
      let ended = try world.cxr(
        "score", "--predictions", "mine=\(folder)/predictions.csv", "--labels",
        "data/metadata.csv", "--by", "sex,age", "--age-edges", "50", "--min-group", "5",
        "--bootstrap", "100", "--output", "scored", "--threads", "1")
      #expect(ended.code == 0, "\(ended.errors)")
      for name in ["metrics.json", "fairness.json", "thresholds.csv", "predictions.csv"] {
        #expect(
          try Files.read(world.path("scored/mine/\(name)"))
            == Files.read(world.path("\(folder)/\(name)")), "\(name)")
      }
      #expect(ended.output.contains("no shortcut baseline"))
      // Nothing is judged twice.
      let again = try world.cxr(
        "score", "--predictions", "mine=\(folder)/predictions.csv", "--labels",
        "data/metadata.csv", "--by", "sex,age", "--age-edges", "50", "--min-group", "5",
        "--bootstrap", "100", "--threads", "1")
      #expect(!again.errors.contains("done in") && again.output == ended.output)
    }

    /// Rows are matched by their keys, whatever their order and form.
    @Test("Wide, long and shuffled tables give the same numbers")
    func forms() throws {
      let tables = Scored.Tables()
      let world = try Scored.world(tables)
      let test = tables.cases.filter { $0.subset == "test" }
      let long = test.reversed().flatMap { row in
        zip(Scored.Tables.findings, row.scores[0]).map { "\(row.key),\($0),\($1)" }
      }
      try world.write(tables.table("Study,finding,score", long), to: "long.csv")
      let labels = tables.cases.flatMap { row in
        zip(Scored.Tables.findings, row.truth).map {
          "\($0),\(row.patient),\(row.key),\(row.sex),\(row.age),\($1)"
        }
      }
      try world.write(
        tables.table("Finding,Patient,Study,Sex,Age,Label", labels), to: "long_labels.csv")
      let wide = try Scored.rows(world, "--predictions", "a.csv")[0]
      let other = try Scored.rows(
        world, "--predictions", "long.csv", "--labels", "long_labels.csv")[0]
      #expect(wide.arm == "a" && other.arm == "long")
      #expect(wide.metrics.count == other.metrics.count && wide.metrics.count > 100)
      for (name, metric) in wide.metrics {
        #expect(
          metric.mean == other.metrics[name]?.mean && metric.low == other.metrics[name]?.low,
          "\(name)")
      }
      #expect(wide.metrics["test.Edema.auroc"]?.low != nil)
      #expect(wide.metrics["test.worst_group.sex.auroc"]?.mean != nil)
      // Without validation there is no threshold, and it says so.
      #expect(wide.metrics["test.sensitivity"]?.undefined?.contains("none was given") == true)
    }

    /// What no model decides, no model misses.
    @Test("Without thresholds nothing is said of cases that all models miss")
    func noThresholds() throws {
      let world = try Scored.world()
      let ended = try Scored.score(world, "--predictions", "a.csv", "--predictions", "b.csv")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains(/Edema +– *\n/), "\(ended.output)")
      #expect(!ended.output.contains(/\d+ of \d+/))
    }

    /// `1.00` and `True` are what other programs write for 1.
    @Test("Labels written as numbers with decimals or as truth values are labels")
    func otherLabels() throws {
      let world = try Scored.world()
      let text = try world.text("l.csv")
      let changed = text.replacing(/,([01]),([01])\n/) {
        ",\($0.1 == "1" ? "True" : "False"),\($0.2).00\n"
      }
      #expect(changed != text)
      try world.write(changed, to: "other.csv")
      let (plain, other) = (
        try Scored.rows(world, "--predictions", "a.csv")[0],
        try Scored.rows(world, "--predictions", "a.csv", "--labels", "other.csv")[0]
      )
      for name in ["test.auroc", "test.Edema.auroc", "test.Mass.auroc"] {
        #expect(
          plain.metrics[name]?.mean == other.metrics[name]?.mean && plain.metrics[name] != nil)
      }
    }

    /// A threshold is part of a model: it comes from validation, from a table, or from test by name.
    @Test("Thresholds come from validation, from a table, or from test by name")
    func thresholds() throws {
      let world = try Scored.world()
      let fitted = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--output", "out")[0]
      #expect(fitted.metrics["test.sensitivity"]?.mean != nil)
      #expect(fitted.metrics["valid.auroc"]?.mean != nil)
      let given = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "out/a/thresholds.csv")[0]
      #expect(given.metrics["valid.auroc"] == nil)
      for name in ["sensitivity", "Edema.f1", "equalized_odds_difference.sex"] {
        let expected = try #require(fitted.metrics["test.\(name)"]?.mean)
        #expect(given.metrics["test.\(name)"]?.mean == expected, "\(name)")
      }
      try world.write("finding,threshold\nEdema,0.5\nMass,0.25\n", to: "two.csv")
      #expect(
        try Scored.rows(world, "--predictions", "a.csv", "--thresholds-from", "two.csv")[0]
          .metrics["test.Mass.sensitivity"]?.mean != nil)
      let onTest = try Scored.score(world, "--predictions", "a.csv", "--threshold-on", "test")
      #expect(onTest.output.contains("! the threshold was fitted on test"), "\(onTest.errors)")
    }

    /// What a spec can say of judging, `score` can.
    @Test("Any key of eval and fairness can be set, and no other")
    func keys() throws {
      let world = try Scored.world()
      let usual = ["--predictions", "a.csv", "--set"]
      let row = try Scored.rows(
        world, "--predictions", "a.csv", "--set", "eval.means={both: [Edema, Mass]}", "--set",
        "fairness.privileged={sex: M}")[0]
      #expect(row.metrics["test.mean.both.auroc"]?.mean == row.metrics["test.auroc"]?.mean)
      #expect(row.metrics.keys.contains { $0.contains("beside_privileged.sex.F") })
      for (option, text) in [
        ("train.arch=simple", "only keys of `eval` and `fairness` can be set"),
        ("eval.foo=3", "`--set eval.foo=3`: unknown key `foo` in `eval`"),
        ("eval.bootstrap=3", "`--set eval.bootstrap=3`: 3 replicates say nothing"),
        ("eval.at", "expected `key=value` for `--set`, found `eval.at`"),
      ] {
        let ended = try world.start(Scored.usual + usual + [option]).end()
        #expect(ended.code == 64 && ended.errors.contains(text), "\(text): \(ended.errors)")
      }
    }

    /// Several files are arms of a sweep: compared, and held against each other case by case.
    @Test("Several files are compared with a named one and held against each other")
    func several() throws {
      let world = try Scored.world()
      let ended = try Scored.score(
        world, "--predictions", "one=a.csv", "--predictions", "two=b.csv", "--thresholds-from",
        "a_valid.csv", "--thresholds-from", "b_valid.csv", "--baseline", "one", "--output", "out")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains("minus one"))
      #expect(ended.output.contains("error consistency κ of 2 models"))
      #expect(
        world.files(below: "out").filter { $0.hasPrefix("consistency/") }
          == [
            "consistency/consistency.csv", "consistency/consistency.json",
            "consistency/consistency.png", "consistency/consistency_pairs.csv",
            "consistency/misses.csv",
          ])
      let pairs = try CSV(path: world.path("out/consistency/consistency_pairs.csv"))
      #expect(pairs[0, 3] == "one" && pairs[0, 4] == "two" && Double(pairs[0, 5]) ?? 0 > 0.2)
      // Files of one name are seeds of one arm.
      let seeds = try Scored.rows(
        world, "--predictions", "net=a.csv", "--predictions", "net=b.csv")
      #expect(seeds.map(\.arm) == ["net"] && seeds[0].seeds == 2)
      // Other cases are not compared.
      try world.write(
        try world.text("b.csv").split(separator: "\n").dropLast().joined(separator: "\n") + "\n",
        to: "c.csv")
      let apart = try Scored.score(
        world, "--predictions", "a.csv", "--predictions", "c.csv", "--baseline", "a")
      #expect(apart.code == 0, "\(apart.errors)")
      #expect(apart.output.contains("c is not compared with a"))
      #expect(apart.output.contains("no error consistency: the arms are judged on different cases"))
    }

    /// Intervals that ignore patients are too narrow, so it is said; so is all that is left out.
    @Test("The table says what it was not told and what it left out")
    func remarks() throws {
      var tables = Scored.Tables()
      tables.cases[1].truth[0] = ""
      tables.cases[2].truth[0] = "-1"
      let place = try #require(tables.cases.firstIndex { $0.subset == "test" })
      tables.cases[place].scores[0][1] = 1.5
      let world = try Scored.world(tables)
      let ended = try world.cxr(
        "score", "--predictions", "a.csv", "--labels", "l.csv", "--key", "Study", "--bootstrap",
        "0", "--threads", "1")
      #expect(ended.code == 0, "\(ended.errors)")
      let valid = tables.cases.count { $0.subset == "valid" }
      for line in [
        "no `--patient`: each row counts as a patient", "are empty count as negative: 1 of `Edema`",
        "are uncertain (-1) are left out: 1 of `Edema`", "\(valid) labelled rows without a score",
        "1 score of `Mass` not from 0 to 1",
      ] {
        #expect(ended.output.contains(line), "\(line) is not in\n\(ended.output)")
      }
      let document = try Scored.rows(world, "--predictions", "a.csv")[0]
      #expect(document.metrics["test.Mass.brier"]?.undefined != nil)
      #expect(document.metrics["test.Mass.auroc"]?.mean != nil)
    }

    /// A name is a word of the user; where results go is the user's word, too.
    @Test("Folders of models keep below --output and apart from each other")
    func folders() throws {
      let world = try Scored.world()
      for name in ["..", "."] {
        let ended = try Scored.score(
          world, "--predictions", "a.csv", "--predictions", "\(name)=b.csv", "--output", "in/out")
        #expect(ended.code == 64 && ended.errors.contains("`\(name)` cannot name a folder"))
        #expect(world.files(below: "in").isEmpty && !ended.errors.contains("done in"))
      }
      let ended = try Scored.score(
        world, "--predictions", "x/y=a.csv", "--predictions", "x_y=b.csv", "--predictions",
        "consistency=a.csv", "--predictions", "table.csv=b.csv", "--output", "out", "--format",
        "csv")
      #expect(ended.code == 0, "\(ended.errors)")
      for folder in ["x_y", "x_y_2", "consistency_2", "table.csv_2"] {
        #expect(Files.exists(world.path("out/\(folder)/metrics.json")), "\(folder)")
      }
      #expect(
        try Files.read(world.path("out/x_y/metrics.json"))
          != Files.read(world.path("out/x_y_2/metrics.json")))
      #expect(Files.exists(world.path("out/consistency/consistency.json")))
      #expect(try !Files.read(world.path("out/table.csv")).isEmpty)
      #expect(ended.errors.contains("no shortcut baseline"))
    }
  }
}
