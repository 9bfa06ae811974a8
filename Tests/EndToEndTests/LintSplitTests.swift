import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// `data lint-split`.
  @Suite struct LintSplitTests {
    /// Leaks in a foreign file are found; the split of a spec has none.
    @Test("Splits are linted, from a file and from a spec")
    func linted() throws {
      let world = try World(PaintedCohort(patients: 2))
      let study = "CheXpert-v1.0/train/patient00001/study1"
      try world.write(
        "path,split\n\(study)/view1_frontal.jpg,train\n\(study)/view2_lateral.jpg,test\n",
        to: "leaky.csv")
      let leaky = try world.start(["data", "lint-split", "leaky.csv"]).end()
      #expect(leaky.code == 1)
      #expect(leaky.output.contains("1 patient in both `train`, `test`, 1 (100.0 %)"))
      #expect(leaky.output.contains("1 study in both `train`, `test`, 1 (100.0 %)"))
      try world.write(
        """
        cohort:
          - {source: phantom, layout: nih, patients: 40, size: 16, rename: {Effusion: Pleural Effusion}}
          - {source: phantom, layout: mimic-cxr, patients: 40, size: 16, views: [frontal]}
        labels: {findings: [Pleural Effusion]}
        images: {size: 16}
        train: {arch: simple, epochs: 1}
        fairness: {by: [sex x age], age_edges: [50]}
        """, to: "several.yaml")
      let lint = try world.cxr("data", "lint-split", "several.yaml")
      #expect(lint.output.contains("source, pictures of patients"), "\(lint.errors)")
      for words in ["sex x age, pictures", "\n  F, 0–50 ", "\nage, pictures", "\n  50+ "] {
        #expect(lint.output.contains(words), "\(words)")
      }
      #expect(lint.code == 0 && lint.output.hasSuffix("\n\nno leaks\n"))
      // The two phantoms hold the same patients, whose pictures are the same.
      #expect(lint.output.contains("patients  ") && !lint.output.contains("patients in both"))
    }

    /// Six patients, two in each subset; the first has several pictures, which can be torn apart.
    private struct Planted {
      let world: World
      let rows: [PaintedCohort.Row]
      let patients: [String]
      let lines: [String]

      init() throws {
        let cohort = PaintedCohort(patients: 6)
        world = try World(cohort)
        rows = cohort.rows
        func pictures(_ patient: String) -> Int {
          cohort.rows.count { $0.patient == patient }
        }
        patients = Array(Set(rows.map(\.patient))).sorted {
          (pictures($1), $0) < (pictures($0), $1)
        }
        let names = ["train", "valid", "test", "train", "valid", "test"]
        let subsets = Dictionary(uniqueKeysWithValues: zip(patients, names))
        lines = rows.map { "\($0.image),\(subsets[$0.patient] ?? "")" }
      }

      func lint(_ lines: [String], _ options: String...) throws -> Program.Ended {
        try world.write((["image,split"] + lines).joined(separator: "\n") + "\n", to: "split.csv")
        return try world.start(
          ["data", "lint-split", "split.csv", "--data", "data", "--min-group", "1"] + options
        ).end()
      }

      /// The first picture of a patient.
      func picture(_ patient: Int) throws -> String {
        try #require(rows.first { $0.patient == patients[patient] }).image
      }

      func path(_ picture: String) -> String { world.path("data/pictures/\(picture).png") }
    }

    private static let pairs = [("train", "valid"), ("train", "test"), ("valid", "test")]

    /// Nothing is found where nothing was planted, and then every picture was compared.
    @Test("A split without leaks has none")
    func clean() throws {
      let planted = try Planted()
      let clean = try planted.lint(planted.lines)
      #expect(clean.code == 0 && clean.output.hasSuffix("\n\nno leaks\n"), "\(clean.output)")
      #expect(!clean.output.contains(" in both ") && !clean.output.contains("not compared"))
    }

    /// A patient whose pictures are torn apart is found, whichever subsets they are in.
    @Test("A planted patient is found", arguments: pairs)
    func patient(first: String, second: String) throws {
      let planted = try Planted()
      let patient = try #require(["train", "valid"].firstIndex(of: first))
      let pictures = planted.rows.filter { $0.patient == planted.patients[patient] }.map(\.image)
      try #require(pictures.count > 1)
      let torn = planted.lines.map { line in
        line.hasPrefix("\(pictures[0]),") ? "\(pictures[0]),\(second)" : line
      }
      let lint = try planted.lint(torn)
      #expect(lint.code == 1 && lint.output.hasSuffix("\n\nnot to be used: see above\n"))
      #expect(lint.output.contains("1 patient in both `\(first)`, `\(second)`"), "\(lint.output)")
      #expect(!lint.output.contains("identical picture"))
    }

    /// A study that is torn apart, and a picture that is listed twice, are found beside their patient.
    @Test("A planted study, and a picture listed twice, are found", arguments: pairs)
    func study(first: String, second: String) throws {
      let planted = try Planted()
      let study = "CheXpert-v1.0/train/patient00001/study1"
      func lint(_ rows: [(picture: String, subset: String)]) throws -> Program.Ended {
        let others = ["train", "valid", "test"].filter { ![first, second].contains($0) }
          .enumerated().map { number, subset in
            "CheXpert-v1.0/train/patient0001\(number)/study1/view1_frontal.jpg,\(subset)"
          }
        let lines = rows.map { "\(study)/\($0.picture).jpg,\($0.subset)" } + others
        try planted.world.write(
          (["path,split"] + lines).joined(separator: "\n") + "\n", to: "paths.csv")
        return try planted.world.start(["data", "lint-split", "paths.csv"]).end()
      }
      let torn = try lint([("view1_frontal", first), ("view2_lateral", second)])
      #expect(torn.code == 1, "\(torn.output)")
      #expect(torn.output.contains("1 study in both `\(first)`, `\(second)`"))
      #expect(!torn.output.contains("1 picture in both"))
      let twice = try lint([("view1_frontal", first), ("view1_frontal", second)])
      for kind in ["patient", "study", "picture"] {
        #expect(twice.output.contains("1 \(kind) in both `\(first)`, `\(second)`"), "\(kind)")
      }
    }

    /// A picture that stands under two patients' names is found by its pixels, in another format, too.
    @Test("Planted identical pictures are found", arguments: pairs)
    func identical(first: String, second: String) throws {
      let planted = try Planted()
      let order = ["train", "valid", "test"]
      let from = try planted.picture(try #require(order.firstIndex(of: first)))
      let to = try planted.picture(try #require(order.firstIndex(of: second)))
      // Other bytes, the same pixels: what lies behind the end of a PNG file is no part of it.
      try Files.write(Files.read(planted.path(from)) + [0], to: planted.path(to))
      let lint = try planted.lint(planted.lines)
      #expect(lint.code == 1, "\(lint.output)")
      #expect(lint.output.contains("1 identical picture in both `\(first)`, `\(second)`"))
      #expect(!lint.output.contains("1 patient in both"))
      let blind = try planted.lint(planted.lines, "--no-pictures")
      #expect(
        blind.code == 0
          && blind.output.hasSuffix(
            "no leaks found by names; \(planted.rows.count) pictures were not compared "
              + "(`--no-pictures`)\n")
      )
    }

    /// Pictures that were not looked at are counted, with the reason, and are no "no leaks".
    @Test("Pictures that cannot be compared are told")
    func notCompared() throws {
      let planted = try Planted()
      let count = planted.rows.count
      let (gone, junk) = (try planted.picture(0), try planted.picture(1))
      try FileManager.default.removeItem(atPath: planted.path(gone))
      try Files.write("<html>", to: planted.path(junk))
      let some = try planted.lint(planted.lines)
      #expect(some.code == 1, "\(some.output)")
      #expect(some.output.contains("1 picture is not in `data`: `pictures/\(gone).png`"))
      #expect(some.output.contains("`pictures/\(junk).png` cannot be read: it is an HTML page"))
      #expect(
        some.output.hasSuffix(
          "no leaks found among \(count - 2) pictures; 2 pictures were not compared\n"))
      // What is in no subset need not be there.
      let others = planted.lines.filter { !$0.hasPrefix("\(gone),") && !$0.hasPrefix("\(junk),") }
      #expect(try planted.lint(others).output.hasSuffix("\n\nno leaks\n"))

      // A training that leaves them out is not touched by them.
      let spec = World.one.replacing("root: data}", with: "root: data, on_bad_image: skip}")
      try planted.world.write(
        spec.replacing(
          "{train: 0.6, valid: 0.2, test: 0.2}", with: "{train: 0.4, valid: 0.3, test: 0.3}"),
        to: "skip.yaml")
      let skip = try planted.world.start(["data", "lint-split", "skip.yaml"]).end()
      #expect(skip.code == 0, "\(skip.errors)")
      #expect(
        skip.output.hasSuffix(
          "no leaks found among \(count - 2) pictures; 1 picture was not compared (a training "
            + "leaves them out)\n"), "\(skip.output)")

      try FileManager.default.removeItem(atPath: planted.world.path("data/pictures"))
      let none = try planted.lint(planted.lines)
      #expect(none.code == 1, "\(none.errors)")
      #expect(none.output.contains("\(count) pictures are not in `data`"))
      #expect(
        none.output.hasSuffix("no leaks found by names; \(count) pictures were not compared\n"))
    }

    /// Ages are looked at in groups, by the edges that are asked for, and too small ones are listed.
    @Test("Age groups are balanced and small ones told")
    func ages() throws {
      let world = try World()
      let rows = PaintedCohort().rows
      let order = Array(Set(rows.map(\.patient))).sorted()
      let table = rows.map { row in
        let number = order.firstIndex(of: row.patient) ?? 0
        return "\(row.image),\(number < 70 ? "train" : number < 95 ? "valid" : "test")"
      }
      try world.write("image,split\n" + table.joined(separator: "\n"), to: "split.csv")
      func lint(_ options: [String]) throws -> Program.Ended {
        try world.start(["data", "lint-split", "split.csv", "--data", "data"] + options).end()
      }
      let usual = try lint([])
      #expect(usual.output.contains("\nage, pictures of patients\n"), "\(usual.output)")
      for group in ["0–40", "40–60", "60–80", "80+"] {
        #expect(usual.output.contains("\n  \(group) "), "\(group)")
      }
      #expect(usual.output.contains("\n  - age 80+: "))
      let own = try lint(["--by", "sex x age", "--age-edges", "50"])
      for group in ["F, 0–50", "F, 50+", "M, 0–50", "M, 50+"] {
        #expect(own.output.contains("\n  \(group) "), "\(group)")
      }
      #expect(own.output.contains("\n  - sex x age ") && !own.output.contains("\nage, pictures"))
      let wrong = try lint(["--age-edges", "60,40"])
      #expect(wrong.code == 64 && wrong.errors.contains("`--age-edges` needs rising years"))
    }
  }
}
