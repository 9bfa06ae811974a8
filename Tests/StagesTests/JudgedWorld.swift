import Basics
import Foundation
import Radiographs
import Testing

@testable import Experiments
@testable import Metrics
@testable import Pipeline
@testable import Stages

/// Scores with their truth, judged by the bodies of `eval`, `fairness` and `summary`.
struct JudgedWorld {
  struct Picture {
    var image, patient, study, subset, sex, age: String
    var scores: [String]
    var truth: [String]
  }

  /// The two findings that the field looks at for underdiagnosis, and one more.
  var findings = ["Edema", "No Finding"]
  var pictures: [Picture] = []
  /// The spec that says nothing, with what a test changes.
  var judging = Judging()
  /// Goes with the world.
  let folder = Folder()

  final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "stages-\(UUID().uuidString)"
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  /// A third of the patients in valid; one to three pictures each; women whose scores say less.
  init(patients: Int = 120, findings: [String] = ["Edema", "No Finding"]) {
    self.findings = findings
    judging.eval.bootstrap = 100
    judging.eval.per = "patient"
    judging.fairness.by = ["sex"]
    var stream = RandomStream("judged world", seed: 3)
    for patient in 0..<patients {
      let sex = patient % 2 == 0 ? "F" : "M"
      let age = "\(20 + stream.below(70))"
      for picture in 0..<1 + stream.below(3) {
        let truth = findings.map { _ in stream.uniform() < 0.4 }
        let scores = truth.map { positive in
          let signal = (positive ? 1.0 : -1.0) * (sex == "F" ? 0.6 : 1.4)
          return 1 / (1 + exp(-(signal + stream.normal())))
        }
        pictures.append(
          Picture(
            image: "p\(100 + patient)_\(picture)", patient: "p\(100 + patient)",
            study: "s\(picture / 2)", subset: patient % 3 == 0 ? "valid" : "test", sex: sex,
            age: age, scores: scores.map { "\(Float($0))" },
            truth: truth.map { stream.uniform() < 0.05 ? "" : $0 ? "1" : "0" }))
      }
    }
  }

  func path(_ name: String) -> String { Files.join(folder.path, name) }

  /// Writes the tables that stages read.
  func writeInputs() throws {
    for name in ["eval", "fairness", "summary"] { try Files.makeFolder(path(name)) }
    var predictions = CSVWriter(header: ["image", "patient", "study", "subset"] + findings)
    var truth = CSVWriter(header: ["image"] + findings)
    for picture in pictures {
      predictions.append(
        [picture.image, picture.patient, picture.study, picture.subset] + picture.scores)
      truth.append([picture.image] + picture.truth)
    }
    try predictions.write(to: path("predictions.csv"))
    try truth.write(to: path("truth.csv"))
    var known: Set<String> = []
    let listed = pictures.filter { known.insert($0.image).inserted }
    try Cohort(
      images: listed.map(\.image), paths: listed.map(\.image), patients: listed.map(\.patient),
      studies: listed.map(\.study),
      columns: [
        Cohort.Column("sex", .attribute, listed.map(\.sex)),
        Cohort.Column("age", .attribute, listed.map(\.age)),
        Cohort.Column("row", .attribute, listed.indices.map(String.init)),
      ]
    ).write(to: path("cohort.csv"))
  }

  /// Runs a stage on files in the folder of the world.
  func run(
    _ kind: StageKind, _ body: StageBody, _ parameters: some Encodable, _ inputs: [String: String],
    threads: Int = 2
  ) throws {
    let job = Job(
      id: "1", kind: kind.name, parameters: try Value(encoding: parameters),
      inputs: inputs.mapValues { JobInput(path: path($0)) }, output: path(kind.name),
      scratch: path("scratch"), threads: threads, device: "cpu", outputs: kind.outputs, store: "",
      fingerprint: "", slot: "")
    try body(job, JobContext(job: job) { _ in })
  }

  /// `eval`.
  @discardableResult
  func eval(_ more: [String: String] = [:], threads: Int = 2) throws -> MetricsDocument {
    try run(
      .eval, evalStage,
      EvalParameters(eval: .init(judging.eval), labels: .init(findings: findings)),
      ["predictions": "predictions.csv", "truth": "truth.csv", "cohort": "cohort.csv"]
        .merging(more) { $1 }, threads: threads)
    return try ResultFile.read(MetricsDocument.self, path("eval/metrics.json"))
  }

  /// `fairness`, after `eval`.
  @discardableResult
  func fairness(_ more: [String: String] = [:], threads: Int = 2) throws -> FairnessDocument {
    try run(
      .fairness, fairnessStage,
      FairnessParameters(
        fairness: judging.fairness, eval: .init(judging.eval, judging.fairness),
        labels: .init(findings: findings)),
      [
        "predictions": "predictions.csv", "truth": "truth.csv", "cohort": "cohort.csv",
        "thresholds": "eval/thresholds.csv",
      ].merging(more) { $1 }, threads: threads)
    return try ResultFile.read(FairnessDocument.self, path("fairness/fairness.json"))
  }

  /// `summary` of one seed beside itself, after `fairness`.
  @discardableResult
  func summary() throws -> MetricTable {
    let judged = [
      "metrics": "eval/metrics.json", "replicates": "eval/replicates.bin",
      "fairness": "fairness/fairness.json", "group_replicates": "fairness/replicates.bin",
    ]
    try run(
      .summary, summaryStage, SummaryParameters(seeds: 1),
      Dictionary(
        uniqueKeysWithValues: ["0", "shortcut"].flatMap { suffix in
          judged.map { ("\($0.key).\(suffix)", $0.value) }
        }))
    return try MetricTable(path: path("summary/metrics.tsv"))
  }

  /// Writes the inputs and runs both.
  func judge(threads: Int = 2) throws -> (metrics: MetricsDocument, fairness: FairnessDocument) {
    try writeInputs()
    return (try eval(threads: threads), try fairness(threads: threads))
  }

  /// What `eval`, or then `fairness`, says is wrong.
  func complaints() throws -> [Diagnostic] {
    try writeInputs()
    return wrong {
      try eval()
      try fairness()
    }
  }

  /// What is wrong where `body` throws.
  func wrong(_ body: () throws -> Void) -> [Diagnostic] {
    do {
      try body()
      return []
    } catch let one as Diagnostic {
      return [one]
    } catch let several as Diagnostics {
      return several.all
    } catch {
      return [Diagnostic("\(error)")]
    }
  }

  /// The rows of a table as dictionaries.
  func rows(_ name: String) throws -> [[String: String]] {
    let csv = try CSV(path: path(name))
    return (0..<csv.rowCount).map { row in
      Dictionary(
        uniqueKeysWithValues: csv.header.indices.map { (csv.header[$0], csv[row, $0]) })
    }
  }
}
