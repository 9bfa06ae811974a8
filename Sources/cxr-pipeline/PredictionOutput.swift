import Basics
import Experiments
import Pipeline
import Radiographs
import Reports

/// What came of a prediction: the scores as a table, and how they are judged.
struct PredictionOutput {
  let prediction: Prediction
  let stages: PredictionStages
  let results: [StageResult?]
  let store: Store

  /// `path`, `patient` and `study` where they are known, then a column for each finding; in the order
  /// of the table or the list.
  func table() throws -> [UInt8] {
    let cohort = try Cohort(path: path(stages.cohort, OutputName.cohort))
    let scores = try CSV(path: path(stages.predict, OutputName.predictions))
    let image = try scores.requiredColumn("image")
    let columns = try prediction.network.findings.map { try scores.requiredColumn($0) }
    let rowOf = Dictionary(
      (0..<scores.rowCount).map { (scores[$0, image], $0) }, uniquingKeysWith: { first, _ in first }
    )
    let hasStudies = cohort.studies.contains { !$0.isEmpty }
    let hasPatients = prediction.pictures.patientsAreKnown
    var writer = CSVWriter(
      header: ["path"] + (hasPatients ? ["patient"] : []) + (hasStudies ? ["study"] : [])
        + prediction.network.findings)
    for row in cohort.images.indices.sorted(by: { cohort.rows[$0] < cohort.rows[$1] }) {
      // A picture that could not be read has no score.
      guard let found = rowOf[cohort.images[row]] else { continue }
      // A list names its pictures as a person did.
      let name = prediction.pictures.areListed ? cohort.images[row] : cohort.paths[row]
      writer.append(
        [name] + (hasPatients ? [cohort.patients[row]] : [])
          + (hasStudies ? [cohort.studies[row]] : []) + columns.map { scores[found, $0] })
    }
    return writer.bytes
  }

  /// Metrics, findings and groups in words; `nil` where nothing was judged.
  func judgement() throws -> String? {
    guard let (metrics, fairness) = try documents() else { return nil }
    let counts = metrics.subsets["test"]
    let head =
      "\(counted(counts?.images ?? 0, "picture")) with labels"
      + (prediction.pictures.patientsAreKnown
        ? " of \(counted(counts?.patients ?? 0, "patient"))" : "")
    let tables =
      JudgedTables.metrics(metrics)
      + prediction.judging.fairness.by.map { JudgedTables.groups(fairness, $0) }
    return ([head] + tables).joined(separator: "\n\n")
  }

  /// `{"metrics", "fairness"}`, the documents of an experiment, with all new pictures as `test`.
  func json() throws -> String {
    guard let (metrics, fairness) = try documents() else { return "{}\n" }
    return try ResultFile.text(JSONDocument(metrics: metrics, fairness: fairness))
  }

  private struct JSONDocument: Encodable {
    let metrics: MetricsDocument
    let fairness: FairnessDocument
  }

  private func documents() throws -> (MetricsDocument, FairnessDocument)? {
    guard let judged = stages.judged else { return nil }
    return (
      try ResultFile.read(MetricsDocument.self, path(judged.eval, OutputName.metrics)),
      try ResultFile.read(FairnessDocument.self, path(judged.fairness, OutputName.fairness))
    )
  }

  private func path(_ stage: StageID, _ output: String) throws(Diagnostic) -> String {
    guard let digest = results[stage.index]?.digest(of: output) else {
      throw Diagnostic("`\(output)` is not there")
    }
    return store.objectPath(digest)
  }
}
