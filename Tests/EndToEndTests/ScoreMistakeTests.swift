import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Tables that say something wrong, or too little.
  @Suite struct ScoreMistakeTests {
    /// Each is an error that says what, where and how often; nothing is dropped in silence.
    @Test("What is wrong with a table is said by name and count")
    func mistakes() throws {
      let world = try Scored.world()
      func said(_ code: Int32, _ text: String, _ options: String...) throws {
        let ended = try world.start(Scored.usual + options).end()
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
      let labels = try Scored.score(world, "--predictions", "a.csv", "--findings", "Edema")
      #expect(labels.code == 1 && labels.errors.contains("is no sex"), "\(labels.errors)")
    }

    /// What cannot be measured is a dash with a reason, not an error.
    @Test("One-class findings, small groups and rules that nothing meets are values with a reason")
    func undefined() throws {
      var tables = Scored.Tables()
      for index in tables.cases.indices { tables.cases[index].truth[1] = "0" }
      let world = try Scored.world(tables)
      let row = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--min-group", "1000")[
          0]
      #expect(row.metrics["test.Mass.auroc"]?.undefined == "0 positives")
      #expect(row.metrics["test.Mass.sensitivity"]?.undefined?.contains("0 positives") == true)
      #expect(row.metrics["test.Edema.auroc"]?.mean != nil)
      // A mean over some of the findings has a mark, and a line that says which.
      let table = try Scored.score(
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
      let strict = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Edema",
        "--threshold", "specificity >= 1")[0]
      let youden = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Edema")[
          0]
      let (high, usual) = (
        try #require(strict.metrics["test.specificity"]?.mean),
        try #require(youden.metrics["test.specificity"]?.mean)
      )
      #expect(high > usual)
      // What groups lack has the reason of the threshold that is not there.
      let mass = try Scored.rows(
        world, "--predictions", "a.csv", "--thresholds-from", "a_valid.csv", "--findings", "Mass")[
          0]
      #expect(
        mass.metrics["test.demographic_parity_difference.sex"]?.undefined?.contains(
          "no threshold on valid: 0 positives") == true)
    }

    /// Scores of others may be logits: what stands on ranks and thresholds needs no probabilities.
    @Test("Logits are judged at a fixed threshold of their own scale")
    func logits() throws {
      var tables = Scored.Tables()
      let plain = try Scored.rows(
        try Scored.world(tables), "--predictions", "a.csv", "--threshold", "fixed 0.5",
        "--findings",
        "Edema")[0]
      for index in tables.cases.indices {
        for model in tables.cases[index].scores.indices {
          tables.cases[index].scores[model] = tables.cases[index].scores[model].map {
            20 * ($0 - 0.5) + 3
          }
        }
      }
      let world = try Scored.world(tables)
      let logits = try Scored.rows(
        world, "--predictions", "a.csv", "--threshold", "fixed 3", "--findings", "Edema")[0]
      for name in ["auroc", "sensitivity", "specificity", "balanced_accuracy"] {
        let (one, other) = (logits.metrics["test.\(name)"], plain.metrics["test.\(name)"])
        #expect(one?.mean != nil && one?.mean == other?.mean && one?.low == other?.low, "\(name)")
      }
      #expect(logits.metrics["test.brier"]?.undefined != nil)
    }
  }
}
