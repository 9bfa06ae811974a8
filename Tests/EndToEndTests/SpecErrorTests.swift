import Basics
import Foundation
import Testing

/// A slip in the spec of one experiment, and what must be said about it.
struct SpecMistake: Sendable, CustomTestStringConvertible {
  /// What is replaced, and by what.
  let old, new: String
  let message: String
  /// What the carets stand under.
  let marked: String
  var hint: String?

  var testDescription: String { new }
}

extension EndToEndTests {
  /// What is wrong with a spec is said at its place, before anything runs.
  @Suite struct SpecErrorTests {
    /// Headers are all that a spec is checked against.
    private static let world = Result { try World(PaintedCohort(patients: 2)) }

    static let mistakes = [
      SpecMistake(
        old: "epochs: 1", new: "epoch: 1", message: "unknown key `epoch` in `train`",
        marked: "epoch", hint: "did you mean `epochs`?"),
      SpecMistake(
        old: "images:", new: "image:", message: "unknown key `image`", marked: "image",
        hint: "did you mean `images`?"),
      SpecMistake(
        old: "arch: simple", new: "arch: simpel", message: "unknown arch `simpel`",
        marked: "simpel", hint: "did you mean `simple`?"),
      SpecMistake(
        old: "[Edema]", new: "[Oedema]", message: "unknown finding `Oedema`", marked: "Oedema",
        hint: "did you mean `Edema`?"),
      SpecMistake(
        old: "[sex, age]", new: "[age, sec]", message: "unknown attribute `sec`", marked: "sec",
        hint: "did you mean `sex`?"),
      SpecMistake(
        old: "[sex, age]", new: "[sex x agee]", message: "unknown attribute `agee`",
        marked: "sex x agee", hint: "did you mean `age`?"),
      SpecMistake(
        old: "source: csv", new: "source: cvs", message: "unknown source `cvs`", marked: "cvs",
        hint: "did you mean `csv`?"),
      SpecMistake(
        old: "epochs: 1", new: "epochs: many",
        message: "expected a whole number from 1 to 100000 for `train.epochs`, found `many`",
        marked: "many"),
      SpecMistake(
        old: "lr: 1e-3", new: "lr: -1",
        message: "expected a positive number for `train.optimizer.lr`, found `-1`", marked: "-1"),
      SpecMistake(
        old: "{size: 16}", new: "16",
        message: "expected a section with keys for `images`, found `16`", marked: "16"),
      SpecMistake(
        old: "size: 16", new: "size: 16, normalize: imagnet",
        message: "unknown normalize `imagnet`", marked: "imagnet",
        hint: "did you mean `imagenet`?"),
      SpecMistake(
        old: "size: 16", new: "size: 16, bits: 12",
        message: "a gray level has 8 or 16 bits, not 12", marked: "12"),
      SpecMistake(
        old: "size: 16", new: "size: 16, bits: 16, equalize: true",
        message: "histograms are equalised with 8 bits", marked: "16"),
      SpecMistake(
        old: "size: 16", new: "size: 16, fit: stretch", message: "unknown fit `stretch`",
        marked: "stretch", hint: "the known names are `square`, `pad`, `crop`"),
      SpecMistake(
        old: "size: 16", new: "size: [16]",
        message: "expected a whole number from 8 to 2048 for `images.size`, found a list",
        marked: "[16]"),
      SpecMistake(
        old: "arch: simple, ", new: "", message: "missing key `arch` in `train`", marked: "train"),
      SpecMistake(
        old: "epochs: 1", new: "epochs: 1, epochs: 2", message: "key `epochs` occurs twice",
        marked: "epochs"),
      SpecMistake(
        old: "[u-zeros, u-ones]", new: "[]", message: "the axis `labels.uncertain` has no values",
        marked: "[]"),
      SpecMistake(
        old: "[u-zeros, u-ones]", new: "[u-zeros, u-two]", message: "unknown uncertain `u-two`",
        marked: "u-two"),
      SpecMistake(
        old: "[u-zeros, u-ones]", new: "[{Effusion: ignore}]",
        message: "`Effusion` is not among `labels.findings`", marked: "Effusion"),
      SpecMistake(
        old: "labels.uncertain:", new: "labels.uncertainty:",
        message: "unknown key `uncertainty` in `labels`", marked: "labels.uncertainty",
        hint: "did you mean `uncertain`?"),
      SpecMistake(
        old: "fairness:", new: "compare: {baseline: {train.arch: simple}}\nfairness:",
        message: "`train.arch` is no axis of the sweep", marked: "train.arch",
        hint: "the axes are `labels.uncertain`"),
      SpecMistake(
        old: "fairness:", new: "compare: {baseline: {labels.uncertain: ignore}}\nfairness:",
        message: "no arm has `ignore` for `labels.uncertain`", marked: "ignore"),
      SpecMistake(
        old: "fairness:", new: "compare: {baseline: {}}\nfairness:",
        message: "`compare.baseline` names no axis of the sweep", marked: "{}"),
      SpecMistake(
        old: "eval: {", new: "eval: {uncertain: adjudicated, ",
        message: "`eval.adjudicated` must name the table that decides what uncertain labels are",
        marked: "adjudicated"),
      SpecMistake(
        old: "eval: {", new: "eval: {adjudicated: spec.yaml, ",
        message: "`eval.adjudicated` has no effect without `eval.uncertain: adjudicated`",
        marked: "spec.yaml"),
      SpecMistake(
        old: "eval: {", new: "eval: {means: {lower: [Oedema]}, ",
        message: "`Oedema` is not among `labels.findings`", marked: "[Oedema]",
        hint: "did you mean `Edema`?"),
      SpecMistake(
        old: "eval: {", new: "eval: {means: {a.b: Edema}, ",
        message: "`a.b` is no name of a mean: it becomes a part of `test.mean.<name>.auroc`",
        marked: "a.b"),
      SpecMistake(
        old: "eval: {", new: "eval: {strata: [sexe], ",
        message: "`sexe` is neither among `labels.findings` nor an attribute", marked: "[sexe]",
        hint: "did you mean `sex`?"),
      SpecMistake(
        old: "eval: {", new: "eval: {strata: age, ",
        message: "nearly every age would be a stratum of its own", marked: "age"),
      SpecMistake(
        old: "eval: {", new: "eval: {at: {specificity: [0.9, 0.9]}, ",
        message: "a specificity is listed twice", marked: "[0.9, 0.9]"),
      SpecMistake(
        old: "fairness: {", new: "fairness: {privileged: {sexe: M}, ",
        message: "`sexe` is not among `fairness.by`", marked: "sexe", hint: "did you mean `sex`?"),
      SpecMistake(
        old: "age_edges: [50]", new: "age_bins: 18-forty",
        message: "`forty` in the age bins `18-forty` is not a number", marked: "18-forty",
        hint: "an example is `0-18-40-60-80+`"),
      SpecMistake(
        old: "age_edges: [50]", new: "age_bins: quantiles 1",
        message: "`quantiles 1` is no number of age groups", marked: "quantiles 1",
        hint: "an example is `quantiles 4`, from 2 to 100"),
      SpecMistake(
        old: "age_edges: [50]", new: "age_edges: [50], age_bins: quantiles 3",
        message: "`fairness.age_edges` has no effect beside `fairness.age_bins`", marked: "[50]"),
      SpecMistake(
        old: "root: data", new: "root: nowhere", message: "there is no folder `nowhere`",
        marked: "nowhere"),
      SpecMistake(
        old: "root: data", new: "root: data, table: no.csv",
        message: "there is no table `no.csv`", marked: "no.csv"),
      SpecMistake(
        old: "root: data", new: "root: data, columns: {patient: subject}",
        message: "no column `subject` in `data/metadata.csv`", marked: "subject"),
      SpecMistake(
        old: "train: 0.6", new: "train: 0.7", message: "the fractions add up to 1.1, not to 1",
        marked: "{train: 0.7, valid: 0.2, test: 0.2}"),
    ]

    /// A caret under the right word is worth a page of manual.
    @Test("One slip is reported once, with its place and a caret under it", arguments: mistakes)
    func slip(_ mistake: SpecMistake) throws {
      let world = try Self.world.get()
      try #require(World.spec.contains(mistake.old))
      let spec = World.spec.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
      let name = "\(UUID().uuidString).yaml"
      try world.write(spec, to: name)
      let ended = try world.cxr("validate", name)
      #expect(ended.code == 64)
      #expect(ended.output == "")
      let report = try #require(ended.reports.first, "\(ended.errors)")
      #expect(ended.reports.count == 1, "\(ended.errors)")
      #expect(report.message == mistake.message)
      #expect(report.marked == mistake.marked)
      if let hint = mistake.hint { #expect(report.hint == hint) }
      // The arrow points at the line and the column where the marked text begins.
      let place = (report.place ?? "").split(separator: ":")
      let lines = spec.split(separator: "\n", omittingEmptySubsequences: false)
      let line = try #require(place.count == 3 ? Int(place[1]).map { lines[$0 - 1] } : nil)
      #expect(place[0] == name)
      #expect(line.dropFirst((Int(place[2]) ?? 0) - 1).hasPrefix(mistake.marked))
    }

    /// One look at the terminal, one round of corrections.
    @Test("Several slips are reported at once in the order of the file, and nothing is created")
    func several() throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.edit("spec.yaml", "train: 0.6", "train: 0.7")
      try world.edit("spec.yaml", "[Edema]", "[Oedema]")
      try world.edit("spec.yaml", "arch: simple, epochs: 1", "arch: simpel, epochs: many")
      try world.edit("spec.yaml", "[sex, age]", "[race]")
      try world.edit("spec.yaml", "seed: [0, 1]", "seed: []")
      for command in ["validate", "plan", "run", "compare", "show"] {
        let ended = try world.cxr(command, "spec.yaml", "--set", "train.arhc=simple")
        #expect(ended.code == 64)
        #expect(ended.output == "")
        let reports = ended.reports
        #expect(
          Set(reports.compactMap(\.marked)) == [
            "{train: 0.7, valid: 0.2, test: 0.2}", "Oedema", "simpel", "many", "race", "[]",
            "train.arhc",
          ])
        #expect(reports.count == 7)
        let lines = reports.compactMap(\.place).filter { $0.hasPrefix("spec.yaml:") }
          .compactMap { Int($0.split(separator: ":")[1]) }
        #expect(lines == lines.sorted())
        #expect(lines.count == 6)
      }
      #expect(!Files.exists(world.path("runs")))
    }

    /// A file that is no spec is an error like any other.
    @Test("A spec that is missing, empty, or no YAML ends with exit code 64")
    func noSpec() throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.write("", to: "empty.yaml")
      try world.write("cohort: {source: csv\nlabels: [", to: "broken.yaml")
      for (file, words) in [
        ("missing.yaml", "no such file or directory"), ("empty.yaml", "empty.yaml"),
        ("broken.yaml", "--> broken.yaml:"),
      ] {
        let ended = try world.cxr("run", file)
        #expect(ended.code == 64)
        #expect(ended.errors.hasPrefix("error: "))
        #expect(ended.errors.contains(words), "\(ended.errors)")
      }
      #expect(!Files.exists(world.path("runs")))
    }

    /// What a run needs is asked before it begins.
    @Test("Without a worker, or where the results cannot be written, a run ends with exit code 64")
    func surroundings() throws {
      let world = try World(PaintedCohort(patients: 2), spec: World.one)
      let worker = try world.cxr("run", "spec.yaml", environment: ["CXR_WORKER": "/nonexistent"])
      #expect(worker.code == 64)
      #expect(worker.errors.contains("error: there is no program `/nonexistent`"))
      #expect(!Files.exists(world.path("runs")))
      let runs = try world.run("--runs", "data/metadata.csv/runs")
      #expect(runs.code == 64)
      #expect(runs.errors.contains("error: cannot make `"))
      #expect(!runs.errors.contains("started"))
    }
  }
}
