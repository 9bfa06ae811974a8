import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// A network that learns an attribute in place of findings.
  @Suite struct AttributeTaskTests {
    private static let spec = """
      name: race
      cohort:
        source: phantom
        patients: 400
        size: 32
        dials: {signal: {attribute: race, group: White, amplitude: 25}}
      labels: {attribute: race, classes: [Asian, Black, White]}
      images: {size: 32}
      train: {arch: simple, epochs: 3, batch: 32, optimizer: {lr: 3e-3}, class_weights: balanced}
      eval: {bootstrap: 100}
      fairness: {by: sex}

      """

    /// Each class is judged against the others; what is learned is not given away to the baseline.
    @Test(
      "One of several classes is learned, with one softmax over all, on pictures of these classes")
    func classes() throws {
      let world = try World(spec: Self.spec)
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      let csv = try CSV(path: world.path("runs/race/base,seed=0/predictions.csv"))
      #expect(csv.header.suffix(3) == ["Asian", "Black", "White"])
      for row in 0..<csv.rowCount {
        let scores = try (4...6).map { try #require(Double(csv[row, $0])) }
        #expect(abs(scores.reduce(0, +) - 1) < 1e-5 && scores.allSatisfy { $0 >= 0 })
      }
      let sample = try CSV(path: world.path("runs/race/base,seed=0/sample.csv"))
      for row in 0..<sample.rowCount {
        #expect((1...3).compactMap { Double(sample[row, $0]) }.reduce(0, +) == 1)
      }
      let truth = try CSV(path: world.path("runs/race/base,seed=0/truth.csv"))
      #expect((0..<truth.rowCount).contains { truth[$0, 1].isEmpty })
      let table = try world.comparison()
      let white = try #require(table.rows.first { !$0.baseline }?.metrics["test.White.auroc"]?.mean)
      #expect(white > 0.8)
      let again = try world.cxr("plan", "runs/race/base,seed=0/experiment.yaml")
      #expect(again.output.contains(" 0 to run"), "\(again.errors)\(again.output)")
    }

    /// The attribute that is learned would say itself.
    @Test("The baseline is not given the attribute that is learned")
    func baseline() throws {
      let world = try World(
        spec: World.one.replacing(
          "{findings: [Edema]}", with: "{attribute: sex, classes: [F, M]}"))
      let run = try world.run()
      try #require(run.code == 0, "\(run.errors)")
      for (file, digest) in try world.results().values.joined()
      where file == "coefficients.csv" {
        let text = try world.text("runs/objects/\(digest.prefix(2))/\(digest)")
        #expect(!text.contains(",sex") && text.contains(",age"), "\(text)")
      }
      #expect(try world.digests("shortcut", "coefficients.csv").count == 1)
    }

    /// What findings have and classes have not is said where it is written.
    @Test(
      "A slip in a task on an attribute is reported at its place",
      arguments: [
        ("{attribute: sex}", "missing key `classes` in `labels`", nil),
        ("{attribute: sex, classes: [F]}", "needs two different classes", "[F]"),
        ("{attribute: sez, classes: [F, M]}", "unknown attribute `sez`", "sez"),
        (
          "{attribute: sex, classes: [F, M], findings: [Edema]}",
          "`labels.findings` has no effect beside `labels.attribute`", "[Edema]"
        ),
        (
          "{findings: [Edema], classes: [F, M]}", "has no effect without `labels.attribute`",
          "[F, M]"
        ),
      ] as [(String, String, String?)])
    func slips(written: String, message: String, marked: String?) throws {
      let world = try Self.slips.get()
      let name = "\(UUID().uuidString).yaml"
      try world.write(World.one.replacing("{findings: [Edema]}", with: written), to: name)
      let ended = try world.cxr("validate", name)
      #expect(ended.code == 64)
      #expect(ended.reports.count == 1, "\(ended.errors)")
      let report = try #require(ended.reports.first, "\(ended.errors)")
      #expect(report.message.contains(message), "\(report.message)")
      if let marked { #expect(report.marked == marked) }
    }

    private static let slips = Result { try World(PaintedCohort(patients: 2)) }
  }
}
