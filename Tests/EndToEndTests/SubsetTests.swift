import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Who is trained and tested on: splits and samples, from the spec to the files.
  @Suite struct SubsetTests {
    private static let spec = """
      name: subsets
      cohort: {source: csv, root: data}
      labels: {findings: [Edema]}
      images: {size: 16}
      train: {arch: simple, epochs: 1, batch: 16, optimizer: {name: adam, lr: 1e-3}}
      eval: {bootstrap: 100}
      sweep:
        arms:
          plain:
          up: {sample: {method: oversample}}
          down: {sample.method: downsample}
          counts: {sample: {counts: {positive: 20, negative: 4}}}
          groups: {sample: {method: group-balanced, by: sex x age, age_edges: [50]}}
          fold: {split: {folds: 3, fold: 2}}
          site: {split.hold_out: {view: AP}}
          strata: {split.stratify: [Edema, sex, age]}
          few: {split: {max_per_patient: 1, balance: sex}}
          match: {split.match: {by: sex, on: [Edema, age]}}

      """

    private static let trained = Result {
      let world = try World(spec: spec)
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      return world
    }

    private func table(_ arm: String, _ name: String) throws -> [[String]] {
      let csv = try CSV(path: Self.trained.get().path("runs/subsets/\(arm),seed=0/\(name)"))
      return (0..<csv.rowCount).map { row in csv.header.indices.map { csv[row, $0] } }
    }

    /// A plan says what is drawn, and the file beside it is what was drawn.
    @Test("Every sample trains, and holds as many pictures of each class as it says")
    func samples() throws {
      func counts(_ arm: String) throws -> [Int] {
        let labels = try table(arm, "sample.csv").map { $0[1] }
        return ["0", "1"].map { label in labels.count { $0 == label } }
      }
      let plain = try counts("plain")
      #expect(plain[0] > plain[1] && plain[1] > 20)
      #expect(try counts("up") == [plain[0], plain[0]])
      #expect(try counts("down") == [plain[1], plain[1]])
      #expect(try counts("counts") == [4, 20])
      let groups = try counts("groups")
      #expect(groups[0] == groups[1] && groups[0] % 4 == 0)
      #expect(try Self.trained.get().digests("split", "split.csv").count == 6)
    }

    /// The same patients are judged whatever order a table has, so the splits are files of their own.
    @Test("Every split trains, and leaves out what it says")
    func splits() throws {
      let rows = try CSV(path: Self.trained.get().path("data/metadata.csv"))
      let views = Dictionary(
        (0..<rows.rowCount).map { (rows[$0, 0], rows[$0, 5]) }, uniquingKeysWith: { a, _ in a })
      let sexes = Dictionary(
        (0..<rows.rowCount).map { (rows[$0, 0], rows[$0, 3]) }, uniquingKeysWith: { a, _ in a })
      for row in try table("site", "split.csv") {
        #expect((row[3] == "test") == (views[row[0]] == "AP"))
      }
      let fold = try table("fold", "split.csv")
      #expect(Set(fold.filter { $0[3] == "test" }.map { $0[1] }).count == 40)
      let few = try table("few", "split.csv").filter { !$0[3].isEmpty }
      #expect(Set(few.map { $0[1] }).count == few.count)
      for subset in ["train", "valid", "test"] {
        let own = few.filter { $0[3] == subset }.compactMap { sexes[$0[0]] }
        #expect(own.count { $0 == "F" } * 2 == own.count && !own.isEmpty)
      }
      let matched = try table("match", "split.csv").filter { $0[3] == "test" }
      let sex = matched.compactMap { sexes[$0[0]] }
      #expect(sex.count { $0 == "F" } * 2 == sex.count && !sex.isEmpty)
    }

    /// A group that cannot be balanced is no reason not to balance the others.
    @Test("Groups to balance are named, as `split.balance` does")
    func namedGroups() throws {
      let world = try World(spec: Self.one)
      let first = try #require(PaintedCohort().rows.first { $0.label == "1" })
      try world.write(
        world.text("data/metadata.csv").replacing(
          "\(first.patient),\(first.sex),", with: "\(first.patient),O,"), to: "data/metadata.csv")
      // Whoever O is, is in train.
      let rows = PaintedCohort().rows
      let table = rows.enumerated().map { index, row in
        let number = rows[..<index].count { $0.patient != row.patient }
        let subset =
          row.patient == first.patient || number < 120 ? "train" : number < 160 ? "valid" : "test"
        return "\(row.patient),\(subset)"
      }
      let subsets = Dictionary(
        table.map { line in
          let parts = line.split(separator: ",")
          return (parts[0], parts[1])
        }
      ) { first, _ in first }
      try world.write(
        "patient,split\n"
          + subsets.sorted { $0.key < $1.key }
          .map { "\($0.key),\($0.value)" }.joined(separator: "\n"), to: "split.csv")
      let all = try world.run(
        "--set", "split={file: split.csv}", "--set", "sample={method: group-balanced, by: sex}")
      #expect(all.code == 1)
      #expect(all.errors.contains("`Edema` has no negative picture of the group `O` in train"))
      #expect(all.errors.contains("name the groups that have both classes in `sample.groups`"))
      let two = try world.run(
        "--set", "split={file: split.csv}", "--set",
        "sample={method: group-balanced, by: sex, groups: [F, M]}")
      try #require(two.code == 0, "\(two.errors)")
      let sample = try CSV(path: world.path("runs/subsets/base,seed=0/sample.csv"))
      let images = Set((0..<sample.rowCount).map { sample[$0, 0] })
      #expect(!images.contains { $0.hasPrefix(first.patient) } && images.count > 20)
    }

    /// The groups have the same prevalence in the truth that judges them, whatever that makes of blanks.
    @Test("A match is alike in the truth of `eval`", arguments: ["negative", "exclude"])
    func matchedTruth(blank: String) throws {
      let world = try World(spec: Self.one)
      // Half of the women without the finding have a blank in place of a negative.
      let lines = try world.text("data/metadata.csv").split(separator: "\n")
      let changed = lines.enumerated().map { index, line in
        index % 2 == 0 && line.contains(",F,") && line.hasSuffix(",0") ? line.dropLast() : line
      }
      try world.write(changed.joined(separator: "\n") + "\n", to: "data/metadata.csv")
      let run = try world.run(
        "--set", "split.match={by: sex, on: [Edema]}", "--set",
        "split.fractions={train: 0.3, valid: 0.2, test: 0.5}", "--set", "eval.blank=\(blank)",
        "--set", "eval.bootstrap=0")
      try #require(run.code == 0, "\(run.errors)")
      let table = try CSV(path: world.path("data/metadata.csv"))
      let labels = Dictionary(
        (0..<table.rowCount).map { (table[$0, 0], (sex: table[$0, 3], label: table[$0, 6])) }
      ) { first, _ in first }
      let split = try CSV(path: world.path("runs/subsets/base,seed=0/split.csv"))
      let tested = (0..<split.rowCount).filter { split[$0, 3] == "test" }
        .compactMap { labels[split[$0, 0]] }
      func count(_ sex: String, _ values: [String]) -> Int {
        tested.count { $0.sex == sex && values.contains($0.label) }
      }
      let negative = blank == "negative" ? ["0", ""] : ["0"]
      #expect(count("F", ["1"]) == count("M", ["1"]) && count("F", ["1"]) > 3)
      #expect(count("F", negative) == count("M", negative) && count("F", negative) > 3)
    }

    /// The pictures that a split left out stay out where it is taken from its file.
    @Test("The split.csv of a run is a split file")
    func ownSplit() throws {
      let world = try World(spec: Self.one)
      let first = try world.run("--set", "split.max_per_patient=1")
      try #require(first.code == 0, "\(first.errors)")
      let path = "runs/subsets/base,seed=0/split.csv"
      let split = try world.text(path)
      #expect(split.contains(",\n"))
      try world.write(split, to: "own.csv")
      let again = try world.run("--set", "split={file: own.csv}")
      #expect(again.code == 0, "\(again.errors)")
      #expect(try world.text(path) == split)
    }

    /// What lint-split would find is not passed over in silence by a run.
    @Test("A run says which patients have the same pictures")
    func twins() throws {
      let world = try World(spec: Self.one)
      let rows = PaintedCohort().rows
      let other = try #require(rows.first { $0.patient != rows[0].patient })
      try Files.write(
        Files.read(world.path("data/pictures/\(rows[0].image).png")),
        to: world.path("data/pictures/\(other.image).png"))
      let run = try world.run()
      #expect(run.code == 0)
      #expect(
        run.errors.contains(
          "2 pictures of different patients are the same files, and may be in train and test: "
            + "`\(rows[0].image) = \(other.image)`"), "\(run.errors)")
    }

    /// Any table can bring the split of its owners.
    @Test("An official split comes from the column `official_subset`, and valid from its train")
    func official() throws {
      let world = try World(spec: Self.one)
      let csv = try CSV(path: world.path("data/metadata.csv"))
      let patient = try csv.requiredColumn("patient")
      let patients = Set((0..<csv.rowCount).map { csv[$0, patient] }).sorted()
      let tested = Set(patients.suffix(patients.count / 3))
      let lines = try world.text("data/metadata.csv").split(separator: "\n")
      let longer = lines.enumerated().map { index, line in
        if index == 0 { return line + ",official_subset" }
        return line + (tested.contains(csv[index - 1, patient]) ? ",test" : ",train")
      }
      try world.write(longer.joined(separator: "\n") + "\n", to: "data/metadata.csv")
      let run = try world.run("--set", "split={by: official, valid: 0.25}")
      try #require(run.code == 0, "\(run.errors)")
      let split = try CSV(path: world.path("runs/subsets/base,seed=0/split.csv"))
      func members(_ subset: String) -> Set<String> {
        Set((0..<split.rowCount).filter { split[$0, 3] == subset }.map { split[$0, 1] })
      }
      #expect(members("test") == tested)
      let valid = members("valid")
      #expect(abs(4 * valid.count - (patients.count - tested.count)) < 4)
      #expect(members("train").union(valid) == Set(patients).subtracting(tested))
    }

    /// What a person opens is a spec that says the same again.
    @Test("The written spec of each experiment is read as the same experiment")
    func resolved() throws {
      let world = try World(copying: Self.trained.get())
      for arm in ["groups", "counts", "fold", "site", "few", "match"] {
        let ended = try world.cxr("plan", "runs/subsets/\(arm),seed=0/experiment.yaml")
        #expect(ended.code == 0, "\(ended.errors)")
        #expect(ended.output.contains(" 0 to run"), "\(ended.output)")
      }
    }

    /// Everything that has no effect is said, where it is written.
    @Test(
      "A slip in a split or a sample is reported at its place",
      arguments: [
        ("split: {folds: 2, fold: 0}", "expected a whole number from 3 to 1000", "2"),
        ("split: {folds: 5}", "`split.fold` must say which fold is the test", "5"),
        ("split: {folds: 5, fold: 5}", "the folds are 0 to 4", "5"),
        ("split: {fold: 1}", "`split.fold` has no effect beside `by: patient`", "1"),
        (
          "split: {folds: 5, fold: 0, fractions: {train: 0.6, valid: 0.2, test: 0.2}}",
          "`split.fractions` has no effect beside `split.folds`",
          "{train: 0.6, valid: 0.2, test: 0.2}"
        ),
        ("split: {folds: 5, fold: 0, hold_out: {view: AP}}", "cannot both say", "split"),
        ("split: {hold_out: {views: AP}}", "unknown attribute `views`", "{views: AP}"),
        ("split: {hold_out: {view: AP, sex: F}}", "names one attribute", "{view: AP, sex: F}"),
        ("split: {by: official}", "the data set has no official split", "official"),
        ("split: {stratify: [Edema, sez]}", "unknown finding or attribute `sez`", "sez"),
        ("split: {balance: rase}", "unknown attribute `rase`", "rase"),
        ("split: {balance: {by: sex, groups: [F]}}", "needs two different groups", "[F]"),
        ("split: {match: sex}", "`split.match` needs `by` and `on`", "sex"),
        ("split: {valid: 0.2}", "`split.valid` has no effect beside `by: patient`", "0.2"),
        ("split: {age_edges: [50]}", "has no effect where nothing is by age", "[50]"),
        ("sample: {method: group-balanced}", "`sample.by` must say whose groups", "group-balanced"),
        ("sample: {method: group-balanced, by: sez}", "unknown attribute `sez`", "sez"),
        ("sample: {by: sex}", "`sample.by` has no effect without", "sex"),
        ("sample: {groups: [F, M]}", "`sample.groups` has no effect without", "[F, M]"),
        (
          "sample: {method: group-balanced, by: sex, groups: [F, F]}",
          "`sample.groups` needs two different groups or more", "[F, F]"
        ),
        ("sample: {counts: {positive: 0}}", "expected a whole number of at least 1", "0"),
        ("sample: {counts: {}}", "`sample.counts` says how many are", "{}"),
      ])
    func slips(written: String, message: String, marked: String) throws {
      let report = try Self.slips.get().slip(written + "\n" + Self.one)
      #expect(report.message.contains(message), "\(report.message)")
      #expect(report.marked == marked)
    }

    private static let one = spec.components(separatedBy: "sweep:")[0]
    private static let slips = Result { try World(PaintedCohort(patients: 2)) }

    /// What only the data can tell is told by the stage, in words of the spec.
    @Test(
      "A split or a sample that the data cannot give fails with a reason",
      arguments: [
        ("sample.counts={positive: 5000}", "fewer than the 5000 of `sample.counts`"),
        ("split.hold_out={view: ap}", "no picture has `ap` for `view`, which is held out"),
        ("split.balance={by: sex, groups: [F, X]}", "no picture has `X` for `sex`"),
        (
          "sample={method: group-balanced, by: sex, groups: [F, X]}",
          "no picture has `X` for `sex`"
        ),
      ])
    func failures(setting: String, message: String) throws {
      let world = try World(spec: Self.one)
      let run = try world.run("--set", setting)
      #expect(run.code == 1)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
  }
}
