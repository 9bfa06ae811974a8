import Basics
import Foundation
import Testing

extension EndToEndTests {
  /// Tables of another program, and what `score` says of them.
  enum Scored {
    /// Cases of 80 patients, a few each, with scores of two models that err alike.
    struct Tables {
      struct Case {
        var key, patient, sex: String
        var age: Int
        var truth: [String]
        var scores: [[Double]]
        var subset: String
      }

      static let findings = ["Edema", "Mass"]
      var cases: [Case] = []

      init() {
        var stream = RandomStream("scores", seed: 1)
        for patient in 0..<80 {
          let (sex, age) = (stream.below(2) == 0 ? "F" : "M", 20 + stream.below(70))
          for picture in 0..<1 + stream.below(3) {
            let truth = Self.findings.map { _ in stream.uniform() < 0.4 }
            let shared = Self.findings.map { _ in stream.normal() }
            let scores = (0..<2).map { _ in
              zip(truth, shared).map { isPositive, shared in
                let x = (isPositive ? 0.6 : -0.6) + 0.7 * shared + 0.4 * stream.normal()
                return (1e6 / (1 + exp(-x))).rounded() / 1e6
              }
            }
            cases.append(
              Case(
                key: "k\(patient)_\(picture)", patient: "p\(patient)", sex: sex, age: age,
                truth: truth.map { $0 ? "1" : "0" }, scores: scores,
                subset: patient % 3 == 0 ? "valid" : "test"))
          }
        }
      }

      var labels: String {
        table(
          "Study,Patient,Sex,Age,Edema,Mass",
          cases.map { "\($0.key),\($0.patient),\($0.sex),\($0.age),\($0.truth[0]),\($0.truth[1])" })
      }

      func wide(_ model: Int, _ subset: String) -> String {
        table(
          "Study,Edema,Mass",
          cases.filter { $0.subset == subset }.map {
            "\($0.key),\($0.scores[model][0]),\($0.scores[model][1])"
          })
      }

      func table(_ header: String, _ rows: [String]) -> String {
        ([header] + rows).joined(separator: "\n") + "\n"
      }
    }

    struct Document: Decodable {
      struct Metric: Decodable { let mean, low, high: Double?; let undefined: String? }
      struct Row: Decodable {
        let arm: String
        let seeds: Int
        let metrics: [String: Metric]
      }
      let rows: [Row]
    }

    /// A folder with the tables.
    static func world(_ tables: Tables = Tables()) throws -> World {
      let world = try World(PaintedCohort(patients: 1))
      try world.write(tables.labels, to: "l.csv")
      for (model, name) in ["a", "b"].enumerated() {
        try world.write(tables.wide(model, "test"), to: "\(name).csv")
        try world.write(tables.wide(model, "valid"), to: "\(name)_valid.csv")
      }
      return world
    }

    static let usual = [
      "score", "--labels", "l.csv", "--key", "Study", "--patient", "Patient", "--bootstrap", "100",
      "--by", "sex,age", "--age-edges", "50", "--min-group", "5", "--threads", "1",
    ]

    static func score(_ world: World, _ options: String...) throws -> Program.Ended {
      try world.start(usual + options).end()
    }

    static func rows(_ world: World, _ options: String...) throws -> [Document.Row] {
      let ended = try world.start(usual + options + ["--format", "json"]).end()
      try #require(ended.code == 0, "\(ended.errors)")
      return try JSONDecoder().decode(Document.self, from: Data(ended.output.utf8)).rows
    }
  }
}
