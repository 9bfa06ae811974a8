import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Whether the models of a sweep err on the same cases.
  @Suite struct ErrorConsistencyTests {
    private struct Document: Decodable {
      struct Estimate: Decodable { let value, low, high: Double? }
      struct Means: Decodable {
        let all: Estimate
        let between_arms, within_arms: Estimate?
      }
      struct Group: Decodable {
        let attribute, group: String
        let cases, missed_by_all: Int
      }
      struct Finding: Decodable {
        let cases: Int
        let kappa: Means
        let missed_by: [Estimate]
        let groups: [Group]
      }
      let models: Int
      let findings: [Finding]
    }

    /// What is right in each case of test, from the files that people open.
    private func right(_ world: World, _ experiment: String) throws -> [String: Bool] {
      let folder = "runs/small/\(experiment)"
      let predictions = try CSV(path: world.path("\(folder)/predictions.csv"))
      let truth = try CSV(path: world.path("\(folder)/truth.csv"))
      let thresholds = try CSV(path: world.path("\(folder)/thresholds.csv"))
      let row = try #require((0..<thresholds.rowCount).first { thresholds[$0, 1] == "image" })
      let threshold = try #require(Double(thresholds[row, 4]))
      let labels = Dictionary(
        uniqueKeysWithValues: (0..<truth.rowCount).map { (truth[$0, 0], truth[$0, 1]) })
      var found: [String: Bool] = [:]
      for row in 0..<predictions.rowCount where predictions[row, 3] == "test" {
        guard let label = labels[predictions[row, 0]], !label.isEmpty,
          let score = Double(predictions[row, 4])
        else { continue }
        found[predictions[row, 0]] = (score >= threshold) == (label == "1")
      }
      return found
    }

    /// κ of what is right, as its formula says, for each pair of models.
    @Test("A run says which models err alike, and which cases all of them miss")
    func whole() throws {
      let world = try World.finished()
      let names = ["u-zeros", "u-ones"].flatMap { arm in
        [0, 1].map { "uncertain=\(arm),seed=\($0)" }
      }
      let models = try names.map { try right(world, $0) }
      func kappa(_ a: [String: Bool], _ b: [String: Bool]) -> Double {
        let n = Double(a.count)
        let observed = Double(a.count { $0.value == b[$0.key] }) / n
        let (p, q) = (Double(a.count { $0.value }) / n, Double(b.count { $0.value }) / n)
        let expected = p * q + (1 - p) * (1 - q)
        return (observed - expected) / (1 - expected)
      }
      let between = [(0, 2), (0, 3), (1, 2), (1, 3)].map { kappa(models[$0.0], models[$0.1]) }
      let within = [(0, 1), (2, 3)].map { kappa(models[$0.0], models[$0.1]) }
      let folder = "runs/small/consistency"
      let found = try JSONDecoder().decode(
        Document.self, from: Data(Files.read(world.path("\(folder)/consistency.json"))))
      let finding = found.findings[0]
      #expect(found.models == 4 && finding.cases == models[0].count)
      func close(_ estimate: Document.Estimate?, _ values: [Double]) {
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(abs((estimate?.value ?? 9) - mean) < 1e-12)
        #expect((estimate?.low ?? 9) <= mean && (estimate?.high ?? -9) >= mean)
      }
      close(finding.kappa.between_arms, between)
      close(finding.kappa.within_arms, within)
      close(finding.kappa.all, between + within)
      // The matrix has the same numbers on both sides of its diagonal.
      let matrix = try CSV(path: world.path("\(folder)/consistency.csv"))
      #expect(matrix.header.suffix(2) == ["uncertain=u-zeros", "uncertain=u-ones"])
      #expect(matrix[0, 6] == matrix[1, 5])
      #expect(abs((Double(matrix[0, 6]) ?? 9) - between.reduce(0, +) / 4) < 1e-12)
      #expect(abs((Double(matrix[0, 5]) ?? 9) - within[0]) < 1e-12)
      // The missed cases, most missed first, with their pictures.
      let missed = Dictionary(
        uniqueKeysWithValues: models[0].keys.map { key in
          (key, models.count { $0[key] == false })
        })
      for count in 0...4 {
        #expect(finding.missed_by[count].value == Double(missed.values.count { $0 == count }))
      }
      let misses = try CSV(path: world.path("\(folder)/misses.csv"))
      #expect(
        misses.header == [
          "finding", "missed_by", "models", "truth", "patient", "study", "sex", "age", "pictures",
        ])
      #expect(misses.rowCount == missed.values.count { $0 >= 2 })
      for row in 0..<misses.rowCount {
        let picture = misses[row, 8]
        #expect(Files.exists(world.path("data/\(picture)")))
        let key = picture.dropFirst("pictures/".count).dropLast(".png".count)
        #expect(missed[String(key)] == Int(misses[row, 1]))
      }
      let counts = finding.groups.filter { $0.attribute == "sex" }
      #expect(counts.map(\.missed_by_all).reduce(0, +) == missed.values.count { $0 == 4 })
      let picture = try Files.read(world.path("\(folder)/consistency.png"))
      #expect(picture.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    }

    /// The table of `run`, `compare` and `show` has a line for it.
    @Test("The table shows the mean consistency, its range, and how many cases all models miss")
    func table() throws {
      let world = try World.finished()
      for command in [
        ["compare", "spec.yaml"], ["compare", "runs/small"],
        ["show", "spec.yaml", "u-ones seed=1"],
      ] {
        let ended = try world.start(command).end()
        #expect(
          ended.output.contains("error consistency κ of 4 models")
            && ended.output.contains("missed by all"), "\(ended.output)\(ended.errors)")
      }
    }

    /// Models that are judged on other cases have nothing to agree on.
    @Test("Arms with splits of their own are not held against each other, and the table says why")
    func apart() throws {
      let world = try World(
        spec: World.spec.replacing(
          "labels.uncertain: [u-zeros, u-ones]", with: "split.seed: [1, 2]"
        )
        .replacing("seed: [0, 1]", with: "seed: [0]"))
      let run = try world.run()
      #expect(run.code == 0, "\(run.errors)")
      #expect(
        run.output.contains(
          "no error consistency: the arms are judged on different cases: not all have the same split"
        ), "\(run.output)")
      #expect(!Files.exists(world.path("runs/small/consistency")))
    }
  }
}
