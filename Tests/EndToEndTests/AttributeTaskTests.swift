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
      try checkClasses(table, world)
      let shown = try world.cxr("show", "spec.yaml", "base seed=0").output
      #expect(shown.contains("taken for") && shown.contains("multi_class.accuracy"), "\(shown)")
      #expect(run.output.contains("balanced accuracy of classes"), "\(run.output)")
      let white = try #require(table.rows.first { !$0.baseline }?.metrics["test.White.auroc"]?.mean)
      #expect(white > 0.8)
      let again = try world.cxr("plan", "runs/race/base,seed=0/experiment.yaml")
      #expect(again.output.contains(" 0 to run"), "\(again.errors)\(again.output)")
    }

    /// What is reported of the classes together is what the files beside it say.
    private func checkClasses(_ table: Comparison, _ world: World) throws {
      let folder = "runs/race/base,seed=0/"
      let predictions = try CSV(path: world.path(folder + "predictions.csv"))
      let truth = try CSV(path: world.path(folder + "truth.csv"))
      let classes = (0..<3).map { predictions.header[4 + $0] }
      var truths: [String: Int] = [:]
      for row in 0..<truth.rowCount {
        truths[truth[row, 0]] = (0..<3).first { Double(truth[row, 1 + $0]) == 1 }
      }
      var counts = [[Double]](repeating: [0, 0, 0], count: 3)
      for row in 0..<predictions.rowCount where predictions[row, 3] == "test" {
        guard let own = truths[predictions[row, 0]] else { continue }
        let scores = try (4...6).map { try #require(Double(predictions[row, $0])) }
        let best = try #require(scores.indices.max { scores[$0] < scores[$1] })
        counts[own][best] += 1
      }
      let metrics = try #require(table.rows.first { !$0.baseline }?.metrics)
      func mean(_ name: String) throws -> Double {
        try #require(metrics["test.multi_class.\(name)"]?.mean, "\(name)")
      }
      let right = (0..<3).reduce(0) { $0 + counts[$1][$1] }
      let all = counts.joined().reduce(0, +)
      #expect(abs(try mean("accuracy") - right / all) < 1e-9)
      #expect(try abs(mean("auroc") - #require(metrics["test.auroc"]?.mean)) < 1e-9)
      var recalls = 0.0
      for (index, row) in counts.enumerated() {
        let total = row.reduce(0, +)
        recalls += row[index] / total / 3
        for (other, count) in row.enumerated() {
          let name = "confusion.\(classes[index]).\(classes[other])"
          #expect(abs(try mean(name) - count / total) < 1e-9, "\(name)")
        }
      }
      #expect(abs(try mean("balanced_accuracy") - recalls) < 1e-9)
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
      let report = try Self.slips.get()
        .slip(World.one.replacing("{findings: [Edema]}", with: written))
      #expect(report.message.contains(message), "\(report.message)")
      if let marked { #expect(report.marked == marked) }
    }

    private static let slips = Result { try World(PaintedCohort(patients: 2)) }
  }
}
