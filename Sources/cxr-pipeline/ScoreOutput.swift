import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs
import Reports

/// What came of scores that another program made.
struct ScoreOutput {
  let scoring: Scoring
  let stages: ExperimentStages
  let results: [StageResult?]
  let store: Store

  /// The table of a sweep, with what a reader must know of the tables that were read.
  func table() throws -> RunTable {
    let saved = try SavedTable(name: "score", stages, results)
    var table = try RunTable([(saved, store)])
    table.add(remarks: try remarks())
    return table
  }

  private static let (consistencyFolder, tableFile) = ("consistency", "table.csv")

  /// The folder of each of `files` below that of `--output`: named as the model, with a number where
  /// that is taken.
  ///
  /// - Throws: for a name that leads out of the folder.
  static func folders(of files: [Scoring.File]) throws(Diagnostic) -> [String] {
    var taken: Set<String> = [consistencyFolder, tableFile]
    var folders: [String] = []
    for file in files {
      let isSeed = files.contains { $0.name == file.name && $0.seed > 0 }
      let name = isSeed ? "\(file.name),seed=\(file.seed)" : file.name
      let folder = String(name.map { "/\\\0".contains($0) ? "_" : $0 })
      guard !["", ".", ".."].contains(folder) else {
        throw Diagnostic(
          "`\(name)` cannot name a folder of `--output`",
          hint: "`--predictions name=path` gives another name")
      }
      var (free, number) = (folder, 1)
      while !taken.insert(free).inserted {
        number += 1
        free = "\(folder)_\(number)"
      }
      folders.append(free)
    }
    return folders
  }

  /// Writes `<model>/metrics.json` and the like, `consistency/` and `table.csv` into a folder.
  func write(_ table: RunTable, to folder: String) throws {
    let folders = try Self.folders(of: scoring.files)
    let files: [(kind: String, outputs: [String])] = [
      (StageKind.scoreTable.name, [OutputName.predictions]),
      ("eval", [OutputName.metrics, OutputName.thresholds, OutputName.curves]),
      ("fairness", [OutputName.fairness, OutputName.groupCurves]),
    ]
    for (own, kinds) in zip(folders, stages.stages) {
      for (kind, outputs) in files {
        try copy(outputs, of: kinds[kind], to: Files.join(folder, own))
      }
    }
    if case .stage(let stage) = stages.consistency {
      try copy(
        StageKind.consistency.outputs, of: stage, to: Files.join(folder, Self.consistencyFolder))
    }
    try Files.write(table.csv(), to: Files.join(folder, Self.tableFile))
  }

  private func copy(_ outputs: [String], of stage: StageID?, to folder: String) throws {
    guard let stage, let result = results[stage.index] else { return }
    try Files.makeFolder(folder)
    for output in outputs {
      guard let digest = result.digest(of: output) else { continue }
      try Files.write(Files.read(store.objectPath(digest)), to: Files.join(folder, output))
    }
  }

  /// What is not as one may expect, with counts.
  private func remarks() throws -> [String] {
    var remarks: [String] = []
    if !scoring.patientsAreKnown {
      remarks.append(
        "no `--patient`: each row counts as a patient, so that intervals and p-values ignore which "
          + "rows are of one patient")
    }
    remarks += scoring.unjudged
    if let labels = try notes(StageKind.labelTable, 0) {
      let eval = scoring.judging.eval
      for (counts, word, use) in [
        (labels.blank, "empty", eval.blank == "negative" ? "count as negative" : "are left out"),
        (
          labels.uncertain, "uncertain (-1)",
          ["u-zeros": "count as negative", "u-ones": "count as positive"][eval.uncertain]
            ?? "are left out"
        ),
      ] {
        let found = scoring.findings.compactMap { name in
          counts[name].flatMap { $0 > 0 ? "\($0) of `\(name)`" : nil }
        }
        if !found.isEmpty {
          remarks.append(
            "of \(labels.rows) labels, those that are \(word) \(use): \(found.joined(separator: ", "))"
          )
        }
      }
      if labels.implausibleAges > 0 {
        remarks.append(CohortNotes.aboveRange(labels.implausibleAges))
      }
    }
    for (index, file) in scoring.files.enumerated() {
      guard let notes = try notes(StageKind.scoreTable, index) else { continue }
      let name = scoring.files.count > 1 ? "`\(file.name)`: " : ""
      if notes.unscored > 0 {
        remarks.append("\(name)\(counted(notes.unscored, "labelled row")) without a score")
      }
      if notes.training > 0 {
        remarks.append("\(name)\(counted(notes.training, "row")) of train, not judged")
      }
      if notes.sharedPatients > 0 {
        remarks.append(
          "! \(name)\(counted(notes.sharedPatients, "patient")) in validation and in test: thresholds "
            + "have seen them")
      }
      for finding in scoring.findings {
        guard let count = notes.outside[finding], count > 0 else { continue }
        remarks.append(
          "\(name)\(counted(count, "score")) of `\(finding)` not from 0 to 1, so that what needs "
            + "probabilities (brier, log loss, calibration) is undefined")
      }
    }
    return remarks
  }

  private func notes(_ kind: StageKind, _ index: Int) throws -> ImportNotes? {
    guard let stage = stages.stages[index][kind.name],
      let digest = results[stage.index]?.digest(of: OutputName.notes)
    else { return nil }
    return try ResultFile.read(ImportNotes.self, store.objectPath(digest))
  }
}
