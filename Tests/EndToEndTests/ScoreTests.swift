import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `score`: what another program scored is judged as a run is.
  @Suite struct ScoreTests {
    /// Cases of 60 patients, a few each, with scores of two models that err alike.
    struct Tables {
      struct Case {
        var key, patient, sex: String
        var age: Int
        var truth: [String]
        var scores: [[Double]]
        var subset: String
      }

      static let findings = ["Edema", "Mass"]
      var cases: [Case] = []

      init() {
        var stream = RandomStream("scores", seed: 1)
        for patient in 0..<80 {
          let (sex, age) = (stream.below(2) == 0 ? "F" : "M", 20 + stream.below(70))
          for picture in 0..<1 + stream.below(3) {
            let truth = Self.findings.map { _ in stream.uniform() < 0.4 }
            let shared = Self.findings.map { _ in stream.normal() }
            let scores = (0..<2).map { _ in
              zip(truth, shared).map { isPositive, shared in
                let x = (isPositive ? 0.6 : -0.6) + 0.7 * shared + 0.4 * stream.normal()
                return (1e6 / (1 + exp(-x))).rounded() / 1e6
              }
            }
            cases.append(
              Case(
                key: "k\(patient)_\(picture)", patient: "p\(patient)", sex: sex, age: age,
                truth: truth.map { $0 ? "1" : "0" }, scores: scores,
                subset: patient % 3 == 0 ? "valid" : "test"))
          }
        }
      }

      var labels: String {
        table(
          "Study,Patient,Sex,Age,Edema,Mass",
          cases.map { "\($0.key),\($0.patient),\($0.sex),\($0.age),\($0.truth[0]),\($0.truth[1])" })
      }

      func wide(_ model: Int, _ subset: String) -> String {
        table(
          "Study,Edema,Mass",
          cases.filter { $0.subset == subset }.map {
            "\($0.key),\($0.scores[model][0]),\($0.scores[model][1])"
          })
      }

      func table(_ header: String, _ rows: [String]) -> String {
        ([header] + rows).joined(separator: "\n") + "\n"
      }
    }

    struct Document: Decodable {
      struct Metric: Decodable { let mean, low, high: Double?; let undefined: String? }
      struct Row: Decodable {
        let arm: String
        let seeds: Int
        let metrics: [String: Metric]
      }
      let rows: [Row]
    }

    /// A folder with the tables.
    private func world(_ tables: Tables = Tables()) throws -> World {
      let world = try World(PaintedCohort(patients: 1))
      try world.write(tables.labels, to: "l.csv")
      for (model, name) in ["a", "b"].enumerated() {
        try world.write(tables.wide(model, "test"), to: "\(name).csv")
        try world.write(tables.wide(model, "valid"), to: "\(name)_valid.csv")
      }
      return world
    }

    private static let usual = [
      "score", "--labels", "l.csv", "--key", "Study", "--patient", "Patient", "--bootstrap", "100",
      "--by", "sex,age", "--age-edges", "50", "--min-group", "5", "--threads", "1",
    ]

    private func score(_ world: World, _ options: String...) throws -> Program.Ended {
      try world.start(Self.usual + options).end()
    }

    private func rows(_ world: World, _ options: String...) throws -> [Document.Row] {
      let ended = try world.start(Self.usual + options + ["--format", "json"]).end()
      try #require(ended.code == 0, "\(ended.errors)")
      return try JSONDecoder().decode(Document.self, from: Data(ended.output.utf8)).rows
    }

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
      let tables = Tables()
      let world = try world(tables)
      let test = tables.cases.filter { $0.subset == "test" }
      let long = test.reversed().flatMap { row in
        zip(Tables.findings, row.scores[0]).map { "\(row.key),\($0),\($1)" }
      }
      try world.write(tables.table("Study,finding,score", long), to: "long.csv")
      let labels = tables.cases.flatMap { row in
        zip(Tables.findings, row.truth).map {
          "\($0),\(row.patient),\(row.key),\(row.sex),\(row.age),\($1)"
        }
      }
      try world.write(
        tables.table("Finding,Patient,Study,Sex,Age,Label", labels), to: "long_labels.csv")
      let wide = try rows(world, "--predictions", "a.csv")[0]
      let other = try rows(
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
      let world = try world()
      let ended = try score(world, "--predictions", "a.csv", "--predictions", "b.csv")
      #expect(ended.code == 0, "\(ended.errors)")
      #expect(ended.output.contains(/Edema +– *\n/), "\(ended.output)")
      #expect(!ended.output.contains(/\d+ of \d+/))
    }

    /// `1.00` and `True` are what other programs write for 1.
    @Test("Labels written as numbers with decimals or as truth values are labels")
    func otherLabels() throws {
      let world = try world()
      let text = try world.text("l.csv")
      let changed = text.replacing(/,([01]),([01])\n/) {
        ",\($0.1 == "1" ? "True" : "False"),\($0.2).00\n"
      }
      #expect(changed != text)
      try world.write(changed, to: "other.csv")
      let (plain, other) = (
        try rows(world, "--predictions", "a.csv")[0],
        try rows(world, "--predictions", "a.csv", "--labels", "other.csv")[0]
      )
      for name in ["test.auroc", "test.Edema.auroc", "test.Mass.auroc"] {
        #expect(
          plain.metrics[name]?.mean == other.metrics[name]?.mean && plain.metrics[name] != nil)
      }
    }

    /// A threshold is part of a model: it comes from validation, from a table, or from test by name.
    @Test("Thresholds come from validation, from a table, or from test by name")
    func thresholds() throws {
      let world = try world()
      let fitted = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--output", "out")[0]
      #expect(fitted.metrics["test.sensitivity"]?.mean != nil)
      #expect(fitted.metrics["valid.auroc"]?.mean != nil)
      let given = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "out/a/thresholds.csv")[0]
      #expect(given.metrics["valid.auroc"] == nil)
      for name in ["sensitivity", "Edema.f1", "equalized_odds_difference.sex"] {
        let expected = try #require(fitted.metrics["test.\(name)"]?.mean)
        #expect(given.metrics["test.\(name)"]?.mean == expected, "\(name)")
      }
      try world.write("finding,threshold\nEdema,0.5\nMass,0.25\n", to: "two.csv")
      #expect(
        try rows(world, "--predictions", "a.csv", "--thresholds-from", "two.csv")[0]
          .metrics["test.Mass.sensitivity"]?.mean != nil)
      let onTest = try score(world, "--predictions", "a.csv", "--threshold-on", "test")
      #expect(onTest.output.contains("! the threshold was fitted on test"), "\(onTest.errors)")
    }

    /// What a spec can say of judging, `score` can.
    @Test("Any key of eval and fairness can be set, and no other")
    func keys() throws {
      let world = try world()
      let usual = ["--predictions", "a.csv", "--set"]
      let row = try rows(
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
        let ended = try world.start(Self.usual + usual + [option]).end()
        #expect(ended.code == 64 && ended.errors.contains(text), "\(text): \(ended.errors)")
      }
    }

    /// Several files are arms of a sweep: compared, and held against each other case by case.
    @Test("Several files are compared with a named one and held against each other")
    func several() throws {
      let world = try world()
      let ended = try score(
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
      let seeds = try rows(
        world, "--predictions", "net=a.csv", "--predictions", "net=b.csv")
      #expect(seeds.map(\.arm) == ["net"] && seeds[0].seeds == 2)
      // Other cases are not compared.
      try world.write(
        try world.text("b.csv").split(separator: "\n").dropLast().joined(separator: "\n") + "\n",
        to: "c.csv")
      let apart = try score(
        world, "--predictions", "a.csv", "--predictions", "c.csv", "--baseline", "a")
      #expect(apart.code == 0, "\(apart.errors)")
      #expect(apart.output.contains("c is not compared with a"))
      #expect(apart.output.contains("no error consistency: the arms are judged on different cases"))
    }

    /// Intervals that ignore patients are too narrow, so it is said; so is all that is left out.
    @Test("The table says what it was not told and what it left out")
    func remarks() throws {
      var tables = Tables()
      tables.cases[1].truth[0] = ""
      tables.cases[2].truth[0] = "-1"
      let place = try #require(tables.cases.firstIndex { $0.subset == "test" })
      tables.cases[place].scores[0][1] = 1.5
      let world = try world(tables)
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
      let document = try rows(world, "--predictions", "a.csv")[0]
      #expect(document.metrics["test.Mass.brier"]?.undefined != nil)
      #expect(document.metrics["test.Mass.auroc"]?.mean != nil)
    }

    /// A name is a word of the user; where results go is the user's word, too.
    @Test("Folders of models keep below --output and apart from each other")
    func folders() throws {
      let world = try world()
      for name in ["..", "."] {
        let ended = try score(
          world, "--predictions", "a.csv", "--predictions", "\(name)=b.csv", "--output", "in/out")
        #expect(ended.code == 64 && ended.errors.contains("`\(name)` cannot name a folder"))
        #expect(world.files(below: "in").isEmpty && !ended.errors.contains("done in"))
      }
      let ended = try score(
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

    /// Each is an error that says what, where and how often; nothing is dropped in silence.
    @Test("What is wrong with a table is said by name and count")
    func mistakes() throws {
      let world = try world()
      func said(_ code: Int32, _ text: String, _ options: String...) throws {
        let ended = try world.start(Self.usual + options).end()
        #expect(ended.code == code && ended.errors.contains(text), "\(text): \(ended.errors)")
      }
      try said(64, "there is no file `none.csv`", "--predictions", "none.csv")
      try said(
        64, "no column `Studie`", "--predictions", "a.csv", "--key", "Studie")
      try said(
        64, "`a.csv` has no finding `Edma`", "--predictions", "a.csv", "--findings", "Edma")
      try said(64, "did you mean `Edema`?", "--predictions", "a.csv", "--findings", "Edma")
      for cell in ["yes", "2"] {
        let labels = try world.text("l.csv").replacing(/,[01],([01])\n/, maxReplacements: 1) {
          ",\(cell),\($0.1)\n"
        }
        try world.write(labels, to: "wrong.csv")
        try said(
          1, "`\(cell)` is no label of `Edema`", "--predictions", "a.csv", "--labels", "wrong.csv")
      }
      try world.write("Study,Edema\nk0_0,0.5\n", to: "one.csv")
      for order in [["a.csv", "one.csv"], ["one.csv", "a.csv"]] {
        try said(
          64, "`one.csv` has no finding `Mass`", "--predictions", order[0], "--predictions",
          order[1])
      }
      try said(
        64, "`a.csv` stands twice as seeds of `m`", "--predictions", "m=a.csv", "--predictions",
        "m=a.csv")
      try said(64, "unknown attribute `race`", "--predictions", "a.csv", "--by", "race")
      try said(
        64, "unknown threshold rule `yuden`", "--predictions", "a.csv", "--threshold", "yuden")
      try said(
        64, "no predictions are called `x`", "--predictions", "a.csv", "--baseline", "x")
      let original = try world.text("a.csv")
      let lines = original.split(separator: "\n").map(String.init)
      func write(_ change: (inout [String]) -> Void) throws {
        var changed = lines
        change(&changed)
        try world.write(changed.joined(separator: "\n") + "\n", to: "bad.csv")
      }
      try write { $0.append($0[1]) }
      try said(64, "occurs a second time (first in line 2)", "--predictions", "bad.csv")
      try write { $0.append("stranger,0.1,0.2") }
      try said(
        1, "1 of the \(lines.count) keys of", "--predictions", "bad.csv")
      try write { rows in
        for row in 1...3 { rows[row] = rows[row].split(separator: ",")[0] + ",nan,0.5" }
      }
      try said(
        1, "3 of \(lines.count - 1) scores of `Edema` are no numbers: the first is `nan`",
        "--predictions", "bad.csv")
      try said(
        1, "keys of", "--predictions", "a.csv", "--thresholds-from", "a.csv")
      try world.edit("l.csv", "p1,", "p1,perhaps")
      let labels = try score(world, "--predictions", "a.csv", "--findings", "Edema")
      #expect(labels.code == 1 && labels.errors.contains("is no sex"), "\(labels.errors)")
    }

    /// What cannot be measured is a dash with a reason, not an error.
    @Test("One-class findings, small groups and rules that nothing meets are values with a reason")
    func undefined() throws {
      var tables = Tables()
      for index in tables.cases.indices { tables.cases[index].truth[1] = "0" }
      let world = try world(tables)
      let row = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--min-group", "1000")[
          0]
      #expect(row.metrics["test.Mass.auroc"]?.undefined == "0 positives")
      #expect(row.metrics["test.Mass.sensitivity"]?.undefined?.contains("0 positives") == true)
      #expect(row.metrics["test.Edema.auroc"]?.mean != nil)
      // A mean over some of the findings has a mark, and a line that says which.
      let table = try score(
        world, "--predictions", "a.csv", "--predictions", "b.csv", "--thresholds-from",
        "a_valid.csv"
      ).output
      #expect(table.contains(/\n[* ] a  .*\] †/), "\(table)")
      #expect(table.contains("† test.auroc"), "\(table)")
      #expect(table.contains("not over Mass: 0 positives"), "\(table)")
      #expect(
        row.metrics["test.Edema.worst_group.sex.auroc"]?.undefined?.contains(
          "fewer than 1000 patients")
          == true)
      let strict = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Edema",
        "--threshold", "specificity >= 1")[0]
      let youden = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Edema")[
          0]
      let (high, usual) = (
        try #require(strict.metrics["test.specificity"]?.mean),
        try #require(youden.metrics["test.specificity"]?.mean)
      )
      #expect(high > usual)
      // What groups lack has the reason of the threshold that is not there.
      let mass = try rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Mass")[
          0]
      #expect(
        mass.metrics["test.demographic_parity_difference.sex"]?.undefined?.contains(
          "no threshold on valid: 0 positives") == true)
    }

    /// Scores of others may be logits: what stands on ranks and thresholds needs no probabilities.
    @Test("Logits are judged at a fixed threshold of their own scale")
    func logits() throws {
      var tables = Tables()
      let plain = try rows(
        try world(tables), "--predictions", "a.csv", "--threshold", "fixed 0.5", "--findings",
        "Edema")[0]
      for index in tables.cases.indices {
        for model in tables.cases[index].scores.indices {
          tables.cases[index].scores[model] = tables.cases[index].scores[model].map {
            20 * ($0 - 0.5) + 3
          }
        }
      }
      let world = try world(tables)
      let logits = try rows(
        world, "--predictions", "a.csv", "--threshold", "fixed 3", "--findings", "Edema")[0]
      for name in ["auroc", "sensitivity", "specificity", "balanced_accuracy"] {
        let (one, other) = (logits.metrics["test.\(name)"], plain.metrics["test.\(name)"])
        #expect(one?.mean != nil && one?.mean == other?.mean && one?.low == other?.low, "\(name)")
      }
      #expect(logits.metrics["test.brier"]?.undefined != nil)
    }
  }
}
