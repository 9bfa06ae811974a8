import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// What a table says, in every format and of several sweeps.
  @Suite struct CompareTableTests {
    /// Three arms of two seeds, one of them the baseline of both others.
    private static let world = Result {
      let world = try World(copying: ComparisonTests.world.get().world)
      try world.edit(
        "spec.yaml", "labels.uncertain: [u-zeros, u-ones]",
        "labels.uncertain: [u-zeros, u-ones, ignore]")
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      return (world: world, table: run.output)
    }

    private func document(_ ended: Program.Ended) throws -> Comparison {
      #expect(ended.code == 0, "\(ended.errors)")
      return try JSONDecoder().decode(Comparison.self, from: Data(ended.output.utf8))
    }

    private func pValues(_ rows: [Comparison.Row]) -> [[String: Double]] {
      rows.filter { !$0.baseline }.map {
        ($0.comparison?.differences ?? [:]).compactMapValues(\.adjusted)
      }
    }

    /// How many arms were looked at does not depend on which are shown, nor on how often.
    @Test("Adjusted p-values are of the sweep, whatever is shown and beside whatever")
    func families() throws {
      let world = try World(copying: Self.world.get().world)
      let all = try document(world.cxr("compare", "runs/known", "--format", "json"))
      let expected = pValues(all.rows)
      #expect(expected.count == 3 && !expected[1].isEmpty && !expected[2].isEmpty)
      let one = try world.comparison("--where", "uncertain=u-ones")
      #expect(pValues(one.rows) == [expected[1]])
      // Listed twice it is still one folder.
      let twice = try document(
        world.cxr("compare", "runs/known", "runs/../runs/known", "--format", "json"))
      #expect(twice.rows.map(\.arm) == all.rows.map(\.arm))
      #expect(pValues(twice.rows) == expected)
      // Another folder of that name is another sweep.
      try FileManager.default.copyItem(atPath: world.path("runs"), toPath: world.path("b"))
      let two = try document(world.cxr("compare", "runs/known", "b/known", "--format", "json"))
      #expect(pValues(two.rows) == expected + expected)
      #expect(Set(two.rows.map(\.arm)).count == 2 * all.rows.count)
      #expect(two.rows.contains { $0.arm == "known (2): uncertain=u-ones" })
      #expect(two.consistency.map(\.sweep) == ["known", "known (2)"])
      #expect(two.consistency.allSatisfy { $0.document?.models == 6 })
      // Each block says whose it is, and what no run can make is not asked of one.
      let text = try world.cxr(
        "compare", "runs/known", "b/known", "--baseline", "known (2): uncertain=u-zeros"
      ).output
      #expect(text.contains("error consistency in known:\n"))
      #expect(text.contains("error consistency in known (2):\n"))
      #expect(text.contains("differences between sweeps have no p-values"))
      #expect(!text.contains("compare.baseline=known"))
      for (format, title) in [
        ("md", "\nerror consistency in known (2):\n"),
        ("latex", "\n% error consistency in known (2):\n"),
      ] {
        let text = try world.cxr("compare", "runs/known", "b/known", "--format", format).output
        #expect(text.contains(title) && text.contains("of 6 models"), "\(text)")
      }
    }

    /// How far an arm is from the best of each metric, recomputed from the numbers in the table.
    @Test("The distance from utopia is that of the front's metrics on validation")
    func utopia() throws {
      let rows = try Self.world.get().world.comparison().rows.filter { !$0.baseline }
      func values(_ name: String) throws -> [Double] {
        try rows.map { try #require($0.metrics["valid.\(name)"]?.mean) }
      }
      let (areas, gaps) = (
        try values("auroc"), try values("equalized_odds_difference.sex")
      )
      let (best, least) = (try #require(areas.max()), try #require(gaps.min()))
      for (row, (area, gap)) in zip(rows, zip(areas, gaps)) {
        let found = try #require(row.utopia)
        #expect(abs(found - hypot(best - area, gap - least)) < 1e-12)
        #expect(row.pareto || found > 0)
      }
      for metric in rows.flatMap(\.metrics.values) {
        guard let mean = metric.mean else { continue }
        #expect(metric.min ?? 9 <= mean + 1e-12 && mean <= (metric.max ?? -9) + 1e-12)
      }
      #expect(try Self.world.get().table.contains("from utopia"))
    }

    /// A warning that only one format has is missed by those who read the others.
    @Test("json and csv say all that the table says, and csv what was asked for")
    func formats() throws {
      let world = try Self.world.get().world
      let (text, document) = (
        try world.cxr("compare", "spec.yaml").output, try world.comparison()
      )
      #expect(document.notes.count >= 3 && document.consistency.first?.document?.models == 6)
      for note in document.notes { #expect(text.contains(note), "\(note)") }
      let csv = try world.cxr(
        "compare", "spec.yaml", "--format", "csv", "--metrics", "brier,Atelectasis.auroc")
      for note in document.notes where !note.hasPrefix("–") && !note.hasPrefix("†") {
        #expect(csv.errors.contains(note), "\(note)")
      }
      let lines = csv.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
      let header = try #require(lines.first)
      #expect(lines.count == 1 + 4 * 2 && lines.allSatisfy { $0.count == header.count })
      let line = try #require(lines.first { $0[0] == "uncertain=u-ones" && $0[1] == "test.brier" })
      let cells = Dictionary(uniqueKeysWithValues: zip(header, line))
      let found = try #require(document.rows[1].comparison?.differences["test.brier"])
      #expect(cells["baseline"] == "uncertain=u-zeros" && cells["verdict"] == found.verdict)
      #expect(cells["difference"].flatMap(Double.init) == found.difference)
      #expect(cells["p_adjusted"].flatMap(Double.init) == found.adjusted)
      #expect(cells["mean"].flatMap(Double.init) == document.rows[1].metrics["test.brier"]?.mean)
    }

    /// What is said of an arm in one form of the table is said in the other.
    @Test("A pivot keeps the shortcut baseline and the mark of the Pareto front")
    func pivot() throws {
      let world = try Self.world.get().world
      let text = try world.cxr(
        "compare", "spec.yaml", "--pivot", "uncertain", "--metrics", "auroc"
      ).output
      let lines = text.split(separator: "\n").map(String.init)
      let shortcut = try #require(lines.first { $0.hasPrefix("  shortcut ") })
      #expect(shortcut.split(separator: "[").count == 4, "\(shortcut)")
      let front = try world.comparison().rows.count(where: \.pareto)
      let row = try #require(lines.dropFirst(3).first { $0.contains(" ± ") })
      #expect(front > 0 && row.count { $0 == "*" } == front, "\(text)")
    }

    /// A number is written in one way, and none says more than was measured.
    @Test(
      "Numbers have one minus, no p-value is zero, and what is outside its interval is explained")
    func numbers() throws {
      let text = try Self.world.get().table
      #expect(!text.contains("p 0.000"))
      #expect(!text.contains(/[ \[]-[0-9]/), "a hyphen before a number")
      #expect(!text.contains("never reaches zero"))
      let cells = text.matches(of: /(\d\.\d{3}) ± \d\.\d{3} \[(\d\.\d\d), (\d\.\d\d)\]/).map(
        \.output)
      let outside = cells.contains { cell in
        guard let mean = Double(cell.1), let low = Double(cell.2), let high = Double(cell.3) else {
          return false
        }
        return mean < low - 0.005 || mean > high + 0.005
      }
      #expect(!outside || text.contains("a number can lie outside its interval"))
    }

    /// An option without effect is a mistake of the one who gave it.
    @Test("Options for specs are refused beside folders")
    func folders() throws {
      let world = try World(copying: Self.world.get().world)
      for option in [["--set", "seed=3"], ["--only", "u-ones"]] {
        let ended = try world.start(["compare", "runs/known"] + option).end()
        #expect(ended.code == 64)
        #expect(ended.errors.contains("`\(option[0])` has no effect on `runs/known`"))
      }
      try FileManager.default.copyItem(
        atPath: world.path("runs/known"), toPath: world.path("runs/old"))
      try world.write("{\"name\": \"old\"}", to: "runs/old/arms.json")
      let old = try world.cxr("compare", "runs/old")
      #expect(old.code == 64 && old.errors.contains("is of another version of cxr-pipeline"))
    }

    /// Where there is no front, a reader wonders whether the table forgot it.
    @Test("A front over what no arm has says so")
    func undefined() throws {
      let world = try World(copying: Self.world.get().world)
      let small = ["--set", "fairness.min_group=1000"]
      #expect(try world.start(["run", "spec.yaml", "--threads", "1"] + small).end().code == 0)
      let text = try world.start(["compare", "spec.yaml"] + small).end().output
      #expect(
        text.contains(
          "no Pareto front: `valid.equalized_odds_difference.sex` is undefined for every arm"))
      #expect(!text.contains("\nPareto front"))
    }
  }
}
