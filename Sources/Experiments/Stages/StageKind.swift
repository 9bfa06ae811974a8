import Pipeline

/// A kind of stage: the name that finds its body, the version of its results, what it writes.
package struct StageKind: Sendable {
  /// The name, as in fingerprints, plans and messages.
  package let name: String
  /// Raised when the body gives other bytes than before for the same inputs.
  package let version: Int
  /// The files that the body writes.
  package let outputs: [String]
  /// What it occupies while it runs.
  package let weight: StageWeight

  init(_ name: String, version: Int, outputs: [String], weight: StageWeight = .light) {
    self.name = name
    self.version = version
    self.outputs = outputs
    self.weight = weight
  }

  /// Every kind, in the order of a graph.
  package static let all: [StageKind] = [
    .cohort, .split, .labels, .truth, .resplit, .images, .sample, .features, .train, .predict,
    .choice, .shortcut, .eval, .fairness, .summary, .comparison, .consistency, .labelTable,
    .scoreTable,
  ]

  /// Reads the table of a data set: `OutputName.cohort`, and the list of its pictures.
  package static let cohort = StageKind(
    "cohort", version: 2, outputs: [OutputName.cohort, OutputName.pictureList])
  /// Assigns patients to train, valid and test.
  package static let split = StageKind("split", version: 2, outputs: [OutputName.split])
  /// Turns raw labels into training labels.
  package static let labels = StageKind("labels", version: 2, outputs: [OutputName.labels])
  /// Turns raw labels into what valid and test are judged by.
  package static let truth = StageKind("truth", version: 2, outputs: [OutputName.truth])
  /// Draws what a training sees, and weighs its classes.
  package static let sample = StageKind(
    "sample", version: 1, outputs: [OutputName.sample, OutputName.classWeights])
  /// Decodes the pictures once, and measures them.
  package static let images = StageKind(
    "images", version: 2, outputs: [OutputName.pack, OutputName.pictures], weight: .wide)
  /// Runs a backbone that is not trained over all pictures, once for all heads on it.
  package static let features = StageKind(
    "features", version: 1, outputs: [OutputName.features], weight: .heavy)
  /// Trains one network.
  package static let train = StageKind(
    "train", version: 3, outputs: [OutputName.model, OutputName.history], weight: .heavy)
  /// Scores the pictures of valid and test.
  package static let predict = StageKind(
    "predict", version: 1, outputs: [OutputName.predictions], weight: .heavy)
  /// Shares out train and valid again, where valid is too small to choose a policy by.
  package static let resplit = StageKind("resplit", version: 2, outputs: [OutputName.split])
  /// Chooses the label policy of each finding on valid.
  package static let choice = StageKind("choice", version: 1, outputs: [OutputName.policies])
  /// Scores them from attributes and picture statistics alone.
  package static let shortcut = StageKind(
    "shortcut", version: 1, outputs: [OutputName.predictions, OutputName.coefficients])
  /// Thresholds from validation, metrics with intervals.
  package static let eval = StageKind(
    "eval", version: 5,
    outputs: [
      OutputName.metrics, OutputName.thresholds, OutputName.curves, OutputName.replicates,
    ])
  /// Group metrics and gaps with intervals.
  package static let fairness = StageKind(
    "fairness", version: 4,
    outputs: [OutputName.fairness, OutputName.groupCurves, OutputName.replicates])
  /// One row of the table: an arm over its seeds, beside the shortcut baseline.
  package static let summary = StageKind(
    "summary", version: 7,
    outputs: [OutputName.summary, OutputName.metricTable, OutputName.replicates])
  /// An arm minus the arm that the spec compares it with.
  package static let comparison = StageKind(
    "comparison", version: 3, outputs: [OutputName.comparison])
  /// Whether the models of a sweep err on the same cases.
  package static let consistency = StageKind(
    "consistency", version: 2,
    outputs: [
      OutputName.consistency, OutputName.consistencyMatrix, OutputName.consistencyPairs,
      OutputName.consistencyPicture, OutputName.misses,
    ])
  /// Reads the labels of cases that another program scored.
  package static let labelTable = StageKind(
    "label_table", version: 1, outputs: [OutputName.cohort, OutputName.notes])
  /// Reads the scores of another program.
  package static let scoreTable = StageKind(
    "score_table", version: 2,
    outputs: [OutputName.predictions, OutputName.thresholds, OutputName.notes])
}

/// The files that stages write, by the names a person sees in `runs/`.
package enum OutputName {
  package static let cohort = "cohort.csv"
  package static let pictureList = "picture_list.txt"
  package static let split = "split.csv"
  package static let labels = "labels.csv"
  package static let truth = "truth.csv"
  package static let sample = "sample.csv"
  package static let classWeights = "class_weights.csv"
  package static let pack = "images.pack"
  package static let pictures = "pictures.csv"
  package static let features = "features.safetensors"
  package static let model = "model.safetensors"
  package static let history = "history.csv"
  package static let predictions = "predictions.csv"
  package static let policies = "policies.csv"
  package static let coefficients = "coefficients.csv"
  package static let metrics = "metrics.json"
  package static let thresholds = "thresholds.csv"
  package static let curves = "curves.csv"
  package static let groupCurves = "group_curves.csv"
  package static let replicates = "replicates.bin"
  package static let fairness = "fairness.json"
  package static let summary = "summary.json"
  package static let metricTable = "metrics.tsv"
  package static let comparison = "comparison.tsv"
  package static let consistency = "consistency.json"
  package static let consistencyMatrix = "consistency.csv"
  package static let consistencyPairs = "consistency_pairs.csv"
  package static let consistencyPicture = "consistency.png"
  package static let misses = "misses.csv"
  package static let notes = "notes.json"
}
