import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Label policies on a phantom, whose truth is known.
  @Suite struct UncertaintyTests {
    private static let spec = """
      name: uncertainty
      cohort: {source: phantom, patients: 600, size: 32}
      split: {fractions: {train: 0.5, valid: 0.25, test: 0.25}, seed: 7}
      labels: {findings: [Atelectasis, Consolidation]}
      images: {size: 32}
      train: {arch: medium, epochs: 6, batch: 32, optimizer: {name: adam, lr: 3e-3}}
      eval: {per: study, uncertain: adjudicated, bootstrap: 200}
      sweep:
        labels.uncertain:
          - u-zeros
          - u-ones
          - ignore
          - self-train
          - {best-of: [u-zeros, u-ones]}
          - {best-of: [u-zeros, u-ones], choose: significant}

      """

    private static let trained = Result {
      let world = try World(spec: spec)
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      return (world: world, run: run)
    }

    private static func folder(_ policy: String) throws -> String {
      let world = try trained.get().world
      let names = try FileManager.default.contentsOfDirectory(
        atPath: world.path("runs/uncertainty"))
      return try "runs/uncertainty/"
        + #require(names.first { $0.contains(policy) && $0.hasSuffix("seed=0") })
    }

    /// Of the phantom's uncertain cases 90 % have atelectasis and 2 % a consolidation.
    @Test("A choice on valid finds the policy that the truth of the phantom speaks for")
    func choice() throws {
      let world = try Self.trained.get().world
      let csv = try CSV(path: world.path(Self.folder("u-ones]}") + "/policies.csv"))
      #expect(
        csv.header == [
          "finding", "policy", "on", "positives", "auroc", "difference", "low", "high", "chosen",
        ])
      let rows = (0..<csv.rowCount).map { row in csv.header.indices.map { csv[row, $0] } }
      #expect(
        rows.map { $0[0] + " " + $0[1] } == [
          "Atelectasis u-zeros", "Atelectasis u-ones", "Consolidation u-zeros",
          "Consolidation u-ones",
        ])
      #expect(rows.map { $0[8] } == ["0", "1", "1", "0"])
      #expect(rows.allSatisfy { $0[2] == "valid" && (Int($0[3]) ?? 0) > 10 })
      for row in rows where row[1] == "u-ones" {
        let numbers = try row[4...7].map { try #require(Double($0)) }
        #expect(numbers[2] < numbers[1] && numbers[1] < numbers[3])
      }
      let shown = try world.cxr("show", "spec.yaml", "best-of seed=0")
      let other = try world.cxr(
        "show", "spec.yaml", "uncertain={best-of: [u-zeros, u-ones]} seed=0")
      #expect((shown.output + other.output).contains("minus the first"), "\(shown.errors)")
      let table = try Self.trained.get().run.output
      #expect(table.contains("chosen by "), "\(table)")
      #expect(table.contains("AUROC minus u-zeros"), "\(table)")
    }

    /// A rare finding must not be chosen for by a handful of patients, and what has enough is left alone.
    @Test("Where valid has too few cases, a re-split of train and valid by patients chooses")
    func resplit() throws {
      let world = try World(copying: Self.trained.get().world)
      func run(_ below: Int) throws -> (run: Program.Ended, rows: [[String]], names: [String]) {
        let policy = "{best-of: [u-zeros, u-ones], resplit: {below: \(below), valid: 0.4}}"
        let run = try world.run(
          "--set", "train.arch=simple", "--set", "train.epochs=1",
          "--set", "sweep.labels.uncertain=[\(policy)]")
        try #require(run.code == 0, "\(run.errors)")
        let names = try FileManager.default.contentsOfDirectory(
          atPath: world.path("runs/uncertainty"))
        let folder = try #require(names.first { $0.contains("resplit") && $0.contains("seed=0") })
        let csv = try CSV(path: world.path("runs/uncertainty/\(folder)/policies.csv"))
        return (
          run, (0..<csv.rowCount).map { row in csv.header.indices.map { csv[row, $0] } }, names
        )
      }
      let enough = try run(1)
      #expect(enough.rows.allSatisfy { $0[2] == "valid" })
      // A re-split that is the split needs no trainings of its own.
      #expect(enough.run.began.count { $0.hasPrefix("train ") } == 3, "\(enough.run.began)")
      let few = try run(60)
      #expect(few.rows.map { $0[2] } == ["valid", "valid", "resplit", "resplit"], "\(few.rows)")
      #expect(few.rows[..<2] == enough.rows[..<2])
      for (now, before) in zip(few.rows, enough.rows).dropFirst(2) {
        #expect(try #require(Int(now[3])) > #require(Int(before[3])))
      }
      #expect(few.run.began.count { $0.hasPrefix("train of") && $0.contains("resplit") } == 2)
    }

    /// The labels of the last training are those of the chosen policies, finding by finding.
    @Test("What was chosen is what is learned")
    func chosenLabels() throws {
      let world = try Self.trained.get().world
      func column(_ policy: String, _ finding: Int) throws -> [String] {
        let csv = try CSV(path: world.path(Self.folder(policy) + "/sample.csv"))
        return (0..<csv.rowCount).map { csv[$0, finding] }
      }
      #expect(try column("u-ones]}", 1) == column("uncertain=u-ones", 1))
      #expect(try column("u-ones]}", 2) == column("uncertain=u-zeros", 2))
    }

    /// A candidate that is an arm of the sweep is trained once.
    @Test("Candidates and teachers are the trainings of the arms that they are")
    func shared() throws {
      let run = try Self.trained.get().run
      #expect(run.began.count { $0.hasPrefix("train ") } == 5, "\(run.began)")
      #expect(run.began.count { $0.hasPrefix("choice") } == 2)
    }

    /// A teacher that has seen no uncertain label says what they are.
    @Test("A self-training learns the probabilities of a network in place of uncertain labels")
    func selfTraining() throws {
      let world = try Self.trained.get().world
      let own = try CSV(path: world.path(Self.folder("self-train") + "/sample.csv"))
      let zeros = try CSV(path: world.path(Self.folder("uncertain=u-zeros") + "/sample.csv"))
      let ones = try CSV(path: world.path(Self.folder("uncertain=u-ones") + "/sample.csv"))
      try #require(own.rowCount == zeros.rowCount)
      var probabilities: [Double] = []
      for row in 0..<own.rowCount {
        if zeros[row, 1] == ones[row, 1] {
          #expect(own[row, 1] == ones[row, 1])
        } else {
          probabilities.append(try #require(Double(own[row, 1])))
        }
      }
      #expect(probabilities.count > 20 && Set(probabilities).count > 10)
      #expect(probabilities.allSatisfy { $0 > 0 && $0 < 1 })
    }

    /// Policies that are numbers, for all findings or for one, under either head.
    @Test("Soft and smoothed labels train, once or in each epoch, and derived findings too")
    func soft() throws {
      let world = try World(copying: Self.trained.get().world)
      let run = try world.run(
        "--set", "labels.findings=[Atelectasis, Consolidation/Pneumonia, No Finding]",
        "--set", "labels.no_finding=derived", "--set", "train.epochs=1",
        "--set",
        "sweep.labels.uncertain=[{soft: 0.5}, {smooth: {to: [0.55, 0.85]}}, "
          + "{smooth: {to: [0, 0.3], draw: epoch}}, {Atelectasis: {soft: 0.7}}, self-train]",
        "--set", "sweep.labels.head=[sigmoid, softmax]")
      try #require(run.code == 0, "\(run.errors)")
      #expect(try world.digests("truth", "truth.csv").count == 2)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: world.path("runs/uncertainty"))
      func labels(_ policy: String) throws -> [Double] {
        let name = try #require(names.first { $0.contains(policy) && $0.contains("sigmoid") })
        let csv = try CSV(path: world.path("runs/uncertainty/\(name)/sample.csv"))
        #expect(csv.header == ["image", "Atelectasis", "Consolidation/Pneumonia", "No Finding"])
        return (0..<csv.rowCount).compactMap { Double(csv[$0, 1]) }.filter { $0 > 0 && $0 < 1 }
      }
      #expect(try Set(labels("soft:,0.5")) == [0.5])
      let drawn = try labels("0.85")
      #expect(drawn.count > 20 && Set(drawn).count == drawn.count)
      #expect(drawn.allSatisfy { $0 > 0.55 && $0 < 0.85 })
      #expect(try Set(labels("epoch")) == [0.15])
      #expect(try Set(labels("0.7")) == [0.7])
      let table = try world.cxr("plan", "spec.yaml")
      #expect(table.code == 0)
    }

    /// A policy that is none is said where it stands.
    @Test(
      "A slip in a policy is reported at its place",
      arguments: [
        ("{soft: 1.5}", "expected a number from 0 to 1 for `labels.uncertain.soft`", "1.5"),
        ("{soft: 0.5, smooth: {to: [0.1, 0.2]}}", "needs one of `soft`, `smooth`", nil),
        ("{smooth: {to: [0.8, 0.2]}}", "`to` is an interval", "[0.8, 0.2]"),
        ("{smooth: {}}", "missing key `to` in `labels.uncertain.smooth`", nil),
        ("{best-of: [u-zeros]}", "a choice needs two different policies", "[u-zeros]"),
        ("{best-of: [u-zeros, 3-class]}", "unknown best-of `3-class`", "3-class"),
        ("{best-of: [u-zeros, u-ones], choose: best}", "unknown choose `best`", "best"),
        (
          "{best-of: [u-zeros, u-ones], resplit: {valid: 1.5}}",
          "for `labels.uncertain.resplit.valid`", "1.5"
        ),
        (
          "{soft: 0.5, resplit: {below: 3}}", "`resplit` has no effect without `best-of`",
          "{below: 3}"
        ),
        ("{Edema: {best-of: [u-zeros, u-ones]}, Mass: self-train}", "cannot both be in", nil),
        (
          "{Edema: {best-of: [u-zeros, u-ones]}, Mass: {best-of: [u-zeros, ignore]}}",
          "choose from one list", nil
        ),
        ("self-trained", "unknown uncertain `self-trained`", "self-trained"),
      ] as [(String, String, String?)])
    func slips(written: String, message: String, marked: String?) throws {
      let report = try Self.slips.get().slip(
        World.one.replacing(
          "findings: [Edema]", with: "findings: [Edema, Mass], uncertain: \(written)"))
      #expect(report.message.contains(message), "\(report.message)")
      if let marked { #expect(report.marked == marked) }
    }

    private static let slips = Result {
      let world = try World(PaintedCohort(patients: 2))
      let lines = try world.text("data/metadata.csv").split(separator: "\n")
      try world.write(
        lines.enumerated().map { "\($1),\($0 == 0 ? "Mass" : "0")\n" }.joined(),
        to: "data/metadata.csv")
      return world
    }
  }
}
