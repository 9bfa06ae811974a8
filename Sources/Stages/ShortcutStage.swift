import Basics
import Experiments
import Pipeline
import Probes
import Radiographs

/// `shortcut`: scores valid and test by a logistic regression on what is not anatomy: sex, age,
/// view, size of picture and file, brightness and border. A network that does not beat it has
/// shown nothing.
///
/// It learns from the truth of train, not from an arm's training labels, so that all arms of a
/// sweep with one split are held against one baseline.
func shortcutStage(_ job: Job, _ context: JobContext) throws {
  let labels = try context.parameters(as: ShortcutParameters.self).labels
  let findings = labels.findings
  let cohort = try context.cohort()
  let split = try Split(path: context.input("split"))
  let truth = try LabelTable(path: context.input("truth"))
  let pictures = try PictureTable(path: context.input("pictures"))
  let pictureRows = pictures.rows
  let rows = cohort.images.indices.filter { pictureRows[cohort.images[$0]] != nil }
  guard split.images == cohort.images, truth.images == cohort.images else {
    throw Diagnostic("cohort, split and truth are of different pictures")
  }
  let features = try shortcutFeatures(
    cohort, pictures, rows, pictureRows,
    without: labels.attribute.map(FairnessSection.parts) ?? [])
  var predictions = Predictions(findings: findings)
  var coefficients = CSVWriter(header: ["finding", "feature", "coefficient"])
  var scores: [[Double]] = []
  for (finding, labels) in zip(findings, truth.values) {
    let train = rows.indices.filter {
      split.subsets[rows[$0]] == .train && labels[rows[$0]] != nil
    }
    let known = train.map { (labels[rows[$0]] ?? 0) > 0.5 }
    guard Set(known).count == 2 else {
      throw Diagnostic("`\(finding)` has one class only in train: the shortcut cannot be fitted")
    }
    let design = try Design(features, train: train)
    let matrix = try design.matrix(features)
    let fit = try LogisticRegression(matrix.selecting(train), truth: known)
    scores.append(try fit.probabilities(matrix))
    coefficients.append([finding, "intercept", "\(fit.intercept)"])
    for (name, coefficient) in zip(design.names, fit.coefficients) {
      coefficients.append([finding, name, "\(coefficient)"])
    }
  }
  for (position, row) in rows.enumerated() {
    guard let subset = split.subsets[row], subset != .train else { continue }
    predictions.append(
      image: cohort.images[row], patient: cohort.patients[row],
      study: cohort.studies[row], subset: subset,
      scores: scores.map { $0[position] })
  }
  try predictions.write(to: context.output(OutputName.predictions))
  try coefficients.write(to: context.output(OutputName.coefficients))
}

/// What the baseline sees of the pictures at `rows` of the cohort, but for attributes that are `learned`.
private func shortcutFeatures(
  _ cohort: Cohort, _ pictures: PictureTable, _ rows: [Int], _ pictureRows: [String: Int],
  without learned: [String]
) throws -> [Feature] {
  var features: [Feature] = []
  for name in ["sex", "view"]
  where cohort.attributes.contains(name) && !learned.contains(name) {
    let cells = try cohort.attribute(name)
    features.append(
      Feature(name, .categories(rows.map { cells[$0].isEmpty ? nil : cells[$0] })))
  }
  if cohort.attributes.contains("age"), !learned.contains("age") {
    let cells = try cohort.attribute("age")
    features.append(Feature("age", .numbers(rows.map { Double(cells[$0]) })))
  }
  for name in PictureStatistics.names {
    let column = try pictures.csv.requiredColumn(name)
    let numbers = rows.map { row in
      pictureRows[cohort.images[row]].flatMap { Double(pictures.csv[$0, column]) }
    }
    features.append(Feature(name, .numbers(numbers)))
  }
  return features
}
