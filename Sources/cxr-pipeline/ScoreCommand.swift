import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Reports

/// `score`: metrics, fairness and error consistency of scores that another program made.
struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Judge scores of any program: metrics, groups, gaps, intervals, comparisons.",
    discussion: """
      A table has a row for each case and a column for each finding, or a row for each case and \
      finding with columns `finding` and `score` (in labels, `label`). Labels are 1, 0, -1 \
      (uncertain) or empty. A column `subset` in the scores says what is train, valid and test; \
      without one everything is test.
      """)

  enum Unit: String, ExpressibleByArgument, CaseIterable { case image, study, patient }
  enum Aggregate: String, ExpressibleByArgument, CaseIterable { case max, mean }

  @Option(
    help: """
      A table of scores, `path` or `name=path`. Can be repeated; tables of one name are seeds of \
      one model.
      """, completion: .file())
  var predictions: [String] = []
  @Option(help: "The table of labels and attributes.", completion: .file()) var labels: String
  @Option(help: "The column that all tables have, by which rows belong together (default: image).")
  var key: String?
  @Option(help: "The column of the patient.") var patient: String?
  @Option(help: "The column of the study.") var study: String?
  @Option(help: "Another column that holds something: sex=Gender, score=p. Can be repeated.")
  var column: [String] = []
  @Option(help: "What is judged, separated by commas (default: what both tables have).")
  var findings: NameList?
  @Option(help: "Attributes and crossings whose groups are compared: 'sex,age,sex x age'.")
  var by: NameList?
  @Option(help: "The inner edges of the age groups: 40,60,80.") var ageEdges: NameList?
  @Option(help: "Patients below which a group is shown with a dash.") var minGroup: Int?

  @Option(help: "The unit that is judged.") var per = Unit.image
  @Option(help: "The score of a study or patient over its rows.") var aggregate: Aggregate?
  @Option(help: "What -1 is: exclude, u-zeros or u-ones.") var uncertain: String?
  @Option(help: "What an empty label is: negative or exclude.") var blank: String?
  @Option(help: "The rule of the thresholds: youden, f1, 'fixed 0.5', 'fpr <= 0.2', …")
  var threshold: String?
  @Option(help: "The subset that thresholds are fitted on: valid, or test by name.")
  var thresholdOn: String?
  @Option(
    help: """
      Scores of validation, or a table with `finding` and `threshold`. Once for all, or once for \
      each of `--predictions`.
      """, completion: .file())
  var thresholdsFrom: [String] = []
  @Option(help: "The labels of validation, where `--labels` lacks them.", completion: .file())
  var validLabels: String?

  @Option(help: "The name of the scores that the others are compared with.") var baseline: String?
  @Option(help: "Replicates of the patient bootstrap, 0 for none.") var bootstrap: Int?
  @Option(help: "Seeds the bootstrap.") var seed: Int?
  @Option(
    name: .customLong("set"),
    help: "Another key of `eval` or `fairness`, as in a spec: 'eval.means=[A, B]'. Can be repeated."
  )
  var overrides: [String] = []
  @Option(help: "How the table is written.") var format = TableFormat.table
  @Option(help: "A folder for all that was found, model by model.", completion: .directory)
  var output: String?
  @Option(help: "Threads (default: the cores).") var threads: Int?
  @Option(help: "The folder of the cache.", completion: .directory) var runs = "runs"

  func validate() throws {
    if predictions.isEmpty { throw ValidationError("say with `--predictions` what is judged") }
    for pair in column where pair.split(separator: "=", maxSplits: 1).count != 2 {
      throw ValidationError("expected `key=column` for `--column`, found `\(pair)`")
    }
    try StageRun.check(threads: threads)
  }

  func run() throws {
    let scoring = try SpecOptions.reporting { try Scoring(options) }
    // Before anything is measured or written.
    if output != nil {
      try SpecOptions.reporting { _ = try ScoreOutput.folders(of: scoring.files) }
    }
    let stages = try SpecOptions.reporting { try ExperimentGraph.build(scoring) }
    let summary = try StageRun(runs: runs, threads: threads).whole(
      stages.graph, sweep: "scores of others")
    try SpecOptions.reporting(code: 1) {
      let results = ScoreOutput(
        scoring: scoring, stages: stages, results: summary.results, store: Store(runs))
      let table = try results.table()
      if let output { try results.write(table, to: output) }
      try format.put(table)
    }
  }

  private var options: ScoringOptions {
    var options = ScoringOptions()
    (options.predictions, options.labels, options.key) = (predictions, labels, key)
    (options.patient, options.study) = (patient, study)
    for pair in column {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      options.columns[parts[0]] = parts[1]
    }
    options.findings = findings?.names
    (options.thresholdsFrom, options.validLabels) = (thresholdsFrom, validLabels)
    options.overrides = overrides
    options.baseline = baseline
    options.set(["eval", "per"], to: per.rawValue)
    let settings: [(path: [String], value: String?)] = [
      (["eval", "aggregate"], aggregate?.rawValue), (["eval", "uncertain"], uncertain),
      (["eval", "blank"], blank), (["eval", "threshold", "rule"], threshold),
      (["eval", "threshold", "on"], thresholdOn),
      (["eval", "bootstrap"], bootstrap.map { "\($0)" }), (["eval", "seed"], seed.map { "\($0)" }),
      (["fairness", "min_group"], minGroup.map { "\($0)" }),
    ]
    for (path, value) in settings {
      if let value { options.set(path, to: value) }
    }
    if let by { options.set(["fairness", "by"], to: by.names) }
    if let ageEdges { options.set(["fairness", "age_edges"], to: ageEdges.names) }
    return options
  }
}
