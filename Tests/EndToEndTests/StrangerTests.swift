import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Data as strangers have them: few, odd, or written by another program.
  @Suite struct StrangerTests {
    /// A spec with one experiment that also chooses views.
    private static let byView = World.one.replacing(
      "root: data}", with: "root: data, views: [PA]}")

    /// A table with nothing in it is not a cohort.
    @Test("A table of nothing but a header, and a view that nobody has, end with a clear error")
    func empty() throws {
      let world = try World(PaintedCohort(patients: 3), spec: World.one)
      try world.write("image,path,patient,sex,age,view,Edema\n", to: "data/metadata.csv")
      let header = try world.run()
      #expect(header.code == 1)
      #expect(header.output == "")
      #expect(header.reports.map(\.message) == ["`data/metadata.csv` lists no picture"])
      try world.write("", to: "data/metadata.csv")
      let nothing = try world.run()
      #expect(nothing.code == 64)
      #expect(
        nothing.reports.map(\.message) == ["`data/metadata.csv` is empty"], "\(nothing.errors)")

      var cohort = PaintedCohort(patients: 3)
      for row in cohort.rows.indices { cohort.rows[row].view = "AP" }
      let lateral = try World(cohort, spec: Self.byView)
      let views = try lateral.run()
      #expect(views.code == 1)
      #expect(views.reports.map(\.message) == ["no picture has the view `PA`"])
      #expect(views.reports.first?.hint == "the views are `AP`")
      #expect(try world.isWhole() && lateral.isWhole())
    }

    /// A gap needs two groups.
    @Test("Where there is one group only every gap is undefined, with the reason")
    func oneGroup() throws {
      var cohort = PaintedCohort()
      for row in cohort.rows.indices { cohort.rows[row].sex = "F" }
      let world = try World(cohort, spec: World.one)
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      let table = try world.comparison()
      let row = try #require(table.rows.first { !$0.baseline })
      for name in ["equalized_odds_difference.sex", "equal_opportunity_difference.sex"] {
        let gap = try #require(row.metrics["test.\(name)"], "\(name)")
        #expect(gap.mean == nil)
        #expect(gap.undefined?.contains("group") == true, "\(gap.undefined ?? "no reason")")
      }
      #expect(row.metrics["test.auroc"]?.mean != nil)
      #expect(row.metrics["test.equalized_odds_difference.age"]?.mean != nil)
      #expect(try world.cxr("show", "spec.yaml").code == 0)
    }

    /// Groups too small to be told apart are no reason to stop.
    @Test("Where nobody's sex is known there are no groups, and the rest stands")
    func noGroup() throws {
      var cohort = PaintedCohort()
      for row in cohort.rows.indices { cohort.rows[row].sex = "" }
      let world = try World(cohort, spec: World.one)
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      let row = try #require(try world.comparison().rows.first { !$0.baseline })
      #expect(row.metrics["test.equalized_odds_difference.sex"]?.mean == nil)
      #expect(row.metrics["test.auroc"]?.mean != nil)
      #expect(try world.cxr("show", "spec.yaml").code == 0)
    }

    /// Three subsets need three patients.
    @Test("One patient and two cannot be split, which names the subsets that stay empty")
    func onePatient() throws {
      for (patients, empty) in [(1, ["valid", "test"]), (2, ["test"])] {
        let world = try World(PaintedCohort(patients: patients), spec: World.one)
        let run = try world.run()
        #expect(run.code == 1)
        #expect(run.errors.contains("split failed"))
        let messages = run.reports.map(\.message)
        #expect(messages.count == empty.count || patients == 2, "\(run.errors)")
        for message in messages {
          #expect(
            message.hasPrefix(
              patients == 1
                ? "1 patient is too few: none is left for `"
                : "\(patients) patients are too few: none is left for `"))
        }
        #expect(try world.isWhole())
      }
    }

    /// Tables as other programs write them, with the same content.
    private static func rewritten(_ how: String, _ table: String) -> [UInt8] {
      switch how {
      case "byte-order mark": return [0xef, 0xbb, 0xbf] + table.utf8
      case "CRLF": return Array(table.replacing("\n", with: "\r\n").utf8)
      case "old Macintosh": return Array(table.replacing("\n", with: "\r").utf8)
      case "no final newline": return Array(table.dropLast().utf8)
      case "quotes":
        return Array(
          table.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false)
              .map { "\"\($0)\"" }.joined(separator: ",") + "\n"
          }.joined().utf8)
      default: return Array(table.utf8) + Array("\n\n".utf8)
      }
    }

    /// How a table is written changes nothing that is in it.
    @Test(
      "A table with another spelling of the same gives the same results",
      arguments: [
        "byte-order mark", "CRLF", "old Macintosh", "no final newline", "quotes", "empty lines",
      ])
    func spelling(how: String) throws {
      let world = try World(copying: .finished())
      try Files.write(
        Self.rewritten(how, PaintedCohort().table), to: world.path("data/metadata.csv"))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(run.beganKinds.isSubset(of: ["cohort"]), "\(run.began)")
      #expect(try run.output == world.run().output)
    }

    /// Text that has nothing to do with the experiment may hold anything.
    @Test("Quoted commas, quotes, line breaks and Latin-1 in other columns are carried along")
    func oddCells() throws {
      let world = try World(spec: World.one)
      let lines = PaintedCohort().table.split(separator: "\n").map(String.init)
      let notes = [
        "\"left, right\"", "\"said \"\"none\"\"\"", "\"two\nlines\"", "Universit\u{e4}t", "",
      ]
      var bytes = Array("\(lines[0]),Note\n".utf8)
      for (index, line) in lines.dropFirst().enumerated() {
        // Latin-1: one byte for ä, which is no UTF-8.
        bytes += "\(line),\(notes[index % notes.count])\n".unicodeScalars.map {
          UInt8(truncatingIfNeeded: $0.value)
        }
      }
      try Files.write(bytes, to: world.path("data/metadata.csv"))
      let run = try world.run("--set", "fairness.by=[sex, Note]")
      #expect(run.code == 0, "\(run.errors)")
      let cohort = try World.finished().digests("split", "split.csv")
      #expect(try world.digests("split", "split.csv") == cohort)
      let groups = try world.text("runs/small/base,seed=0/fairness.json")
      #expect(groups.contains("\"group\" : \"Universität\""))
      #expect(groups.contains("\"group\" : \"left, right\""))
    }

    /// The line of an error is the line of the file, however many lines a cell has.
    @Test("Behind cells of several lines an error stands at its line")
    func lines() throws {
      let world = try World(spec: World.one)
      var lines = PaintedCohort().table.split(separator: "\n").map(String.init)
      lines[0] += ",Note"
      for index in lines.indices.dropFirst() { lines[index] += ",x" }
      lines[3] = lines[3].dropLast() + "\"one\ntwo\nthree\""
      lines[6] = lines[6].replacing(/,[^,]*,x$/, with: ",perhaps,x")
      try world.write(lines.joined(separator: "\r\n"), to: "data/metadata.csv")
      let run = try world.run()
      #expect(run.code == 1)
      #expect(
        run.reports.map(\.message) == [
          "`perhaps` is no label of `Edema`: a label is 1, 0, -1 or empty"
        ])
      #expect(run.reports.map(\.place) == ["data/metadata.csv:9"])
    }

    /// Half a table is no table.
    @Test("A row that is cut short, a quote that never ends and a header twice are errors in place")
    func broken() throws {
      let table = PaintedCohort(patients: 4).table
      for (text, code, message, line) in [
        (
          table + "p2000_0,pictures/p2000", 1, "the row has 2 cells where the header has 7",
          table.split(separator: "\n").count + 1
        ),
        (
          table + "\"p2000_0,1\n2\n", 1, "a quote is opened and never closed",
          table.split(separator: "\n").count + 1
        ),
        (
          table.replacing("age,view", with: "sex,view"), 64,
          "column `sex` occurs twice in `data/metadata.csv`", 0
        ),
      ] {
        let world = try World(PaintedCohort(patients: 4), spec: World.one)
        try world.write(text, to: "data/metadata.csv")
        let run = try world.run()
        #expect(run.code == code, "\(run.errors)")
        #expect(run.reports.map(\.message) == [message], "\(run.errors)")
        if line > 0 { #expect(run.reports.map(\.place) == ["data/metadata.csv:\(line)"]) }
      }
    }
  }
}
