import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Arms held against arms, and results held against what is known of a phantom.
  @Suite struct ComparisonTests {
    static let spec = """
      name: known
      cohort: {source: phantom, patients: 260, size: 16, dials: {noise: {probability: 0.45}}}
      labels: {findings: [Atelectasis, Pleural Effusion]}
      images: {size: 16}
      train: {arch: simple, epochs: 1, batch: 32, optimizer: {lr: 1e-3}}
      eval: {per: study, uncertain: adjudicated, bootstrap: 200}
      fairness: {by: [sex]}
      compare: {baseline: {labels.uncertain: u-zeros}}
      sweep: {labels.uncertain: [u-zeros, u-ones], seed: [0, 1]}

      """

    static let world = Result {
      let world = try World(PaintedCohort(patients: 1), spec: spec)
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      return (world: world, table: run.output)
    }

    /// A difference is that of the means in the table, from replicates of the same patients.
    @Test("Each arm is compared with the arm that differs in the baseline's settings only")
    func arms() throws {
      let rows = try Self.world.get().world.comparison().rows
      let (zeros, ones) = (rows[0], rows[1])
      #expect(zeros.comparison == nil)
      let comparison = try #require(ones.comparison)
      #expect(comparison.baseline == zeros.arm)
      for name in ["test.auroc", "test.Atelectasis.auroc", "test.equalized_odds_difference.sex"] {
        let own = try #require(ones.metrics[name]?.mean)
        let other = try #require(zeros.metrics[name]?.mean)
        let found = try #require(comparison.differences[name])
        #expect(abs((found.difference ?? 9) - (own - other)) < 1e-12, "\(name)")
        #expect((found.low ?? 9) <= own - other + 0.2 && (found.high ?? -9) >= own - other - 0.2)
      }
      // More predicted positives are neither better nor worse.
      #expect(comparison.differences["test.ppr"] == nil)
      #expect(comparison.differences["test.group.sex.F.auroc"] == nil)
    }

    /// What the second run of a sweep costs is what it finds unchanged.
    @Test("A run that finds all in the cache writes no file beside the links anew")
    func unchanged() throws {
      let world = try World(copying: Self.world.get().world)
      let folder = "\(world.folder)/runs/known"
      func times() throws -> [String: Date] {
        var times: [String: Date] = [:]
        for name in [".table", ".experiments", "table.csv", "arms.json"] {
          let path = Files.join(folder, name)
          times[name] =
            try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        }
        return times
      }
      // A copy has other paths, so the first run writes.
      #expect(try world.run().code == 0)
      let before = try times()
      #expect(before.count == 4)
      for _ in 0..<3 { #expect(try world.run().code == 0) }
      #expect(try times() == before)
    }

    /// Its tables are files, but what decides them stands in the spec.
    @Test("plan says which option of a phantom changed, and --why leads there")
    func phantomOptions() throws {
      let world = try World(copying: Self.world.get().world)
      let set = ("cohort.patients=261", "cohort.dials.signal.amplitude=0.5")
      let text = try world.cxr("plan", "spec.yaml", "--set", set.0, "--set", set.1).output
      let line = text.split(separator: "\n").first { $0.contains("  cohort  ") }
      #expect(line?.contains("option changed: cohort.patients 260 → 261") == true, "\(text)")
      let why = try world.cxr(
        "plan", "spec.yaml", "--set", set.1, "--why", "eval u-ones seed=1"
      ).output
      #expect(
        why.contains(/option changed: cohort\.dials\.signal\.amplitude [0-9.]+ → 0\.5/), "\(why)")
    }

    /// What a phantom knows decides the uncertain cases of valid and test, and those only.
    @Test("Adjudicated truth is the phantom's where a label is uncertain, else the label")
    func adjudication() throws {
      let world = try Self.world.get().world
      let folder = try #require(
        world.files(below: "runs/phantoms").first { $0.hasSuffix("/truth.csv") }
          .map { "runs/phantoms/" + $0.dropLast(10) })
      let (labels, known) = (
        try CSV(path: world.path("\(folder)/CheXpert-v1.0-small/train.csv")),
        try CSV(path: world.path("\(folder)/truth.csv"))
      )
      let truth = try CSV(path: world.path("runs/known/uncertain=u-ones,seed=0/truth.csv"))
      let knownRow = Dictionary(
        uniqueKeysWithValues: (0..<known.rowCount).map { (known[$0, 0], $0) })
      let truthRow = Dictionary(
        uniqueKeysWithValues: (0..<truth.rowCount).map { (truth[$0, 0], $0) })
      var decided = 0
      for finding in ["Atelectasis", "Pleural Effusion"] {
        let columns = (
          try labels.requiredColumn(finding), try known.requiredColumn(finding),
          try truth.requiredColumn(finding)
        )
        for row in 0..<labels.rowCount {
          let name = labels[row, 0]
          let short = name.drop { $0 != "/" }.dropFirst()
          let found = try #require(truthRow[String(short)] ?? truthRow[name])
          var expected = labels[row, columns.0]
          if expected == "-1.0" {
            expected = known[try #require(knownRow[name]), columns.1]
            decided += 1
          }
          #expect((Double(expected) ?? 0) == Double(truth[found, columns.2]), "\(name)")
        }
      }
      #expect(decided > 50)
    }

    /// What cannot decide is said before anything runs.
    @Test("An adjudicated table without a finding is refused with the spec")
    func strangeAdjudication() throws {
      let world = try World(PaintedCohort(patients: 2))
      try world.edit("spec.yaml", "eval: {", "eval: {uncertain: adjudicated, adjudicated: t.csv, ")
      let table = try world.text("data/metadata.csv").replacing("Edema", with: "Oedema")
      try world.write(table, to: "t.csv")
      let ended = try world.cxr("validate", "spec.yaml")
      #expect(ended.code == 64)
      #expect(ended.reports.map(\.message).contains { $0.hasSuffix("has no column `Edema`") })
    }

    /// Draws of other patients cannot be paired.
    @Test("Arms that are judged on as many other cases are not compared, and the table says so")
    func otherCases() throws {
      // One labelled picture each, so that every split has as many pictures and patients.
      var cohort = PaintedCohort()
      var seen: Set<String> = []
      cohort.rows = cohort.rows.filter { seen.insert($0.patient).inserted }
      for index in cohort.rows.indices
      where !"01".contains(cohort.rows[index].label)
        || cohort.rows[index].label.isEmpty
      { cohort.rows[index].label = "0" }
      let world = try World(cohort)
      try world.edit("spec.yaml", "labels.uncertain: [u-zeros, u-ones]", "split.seed: [7, 8]")
      try world.edit("spec.yaml", "seed: [0, 1]", "seed: [0]")
      try world.edit("spec.yaml", "sweep:", "compare: {baseline: {split.seed: 7}}\nsweep:")
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      #expect(run.output.contains("split.seed=8 is not compared with split.seed=7: other cases"))
      let document = try world.comparison()
      #expect(document.rows.allSatisfy { $0.comparison == nil })
      // Whatever they score, no arm is better on other patients.
      #expect(document.rows.allSatisfy { !$0.pareto })
      #expect(document.notes.contains { $0.contains("there is no Pareto front; on the same:") })
      let counts = document.notes.compactMap {
        $0.firstMatch(of: /^  (per image, .*): split\.seed=/)
      }
      #expect(counts.count == 2 && counts.first?.1 == counts.last?.1, "\(document.notes)")
      // Nor is it by its replicates, in another cache.
      let ended = try world.cxr("compare", "runs/small", "--baseline", "seed=7")
      #expect(ended.output.contains("split.seed=8 is not compared with split.seed=7"))
    }

    /// A reader sees at once whether the tool finds what is there.
    @Test("The table of a phantom says what was planted and whether it was found")
    func planted() throws {
      let lines = try Self.world.get().table.split(separator: "\n").map(String.init)
      let gap = try #require(
        lines.firstIndex { $0.hasPrefix("planted: 45 % of the labels of Pleural Effusion") })
      #expect(lines[gap].hasSuffix("for a perfect classifier"))
      #expect(lines[(gap + 1)...].prefix(2).allSatisfy { $0.hasSuffix("found") })
      let policy = try #require(
        lines.firstIndex { $0.hasPrefix("planted: 90 % of the uncertain cases of Atelectasis") })
      #expect(lines[policy].hasSuffix("AUROC is higher with u-ones than with u-zeros"))
      #expect(lines[policy + 1].contains("uncertain=u-ones"))
      // A flip of 45 % leaves hardly anything of the AUROC of women that a network could have.
      let women = try #require(
        Self.world.get().world.comparison().rows[0].metrics[
          "test.Pleural Effusion.minus_rest.sex.F.auroc"])
      #expect((women.mean ?? 1) < 0)
    }
  }
}
