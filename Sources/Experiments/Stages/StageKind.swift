import Pipeline

/// A kind of stage: the name that finds its body, the version of its results, what it writes.
public struct StageKind: Sendable {
  /// The name, as in fingerprints, plans and messages.
  public let name: String
  /// Raised when the body gives other bytes than before for the same inputs.
  public let version: Int
  /// The files that the body writes.
  public let outputs: [String]
  /// What it occupies while it runs.
  public let weight: StageWeight

  init(_ name: String, version: Int, outputs: [String], weight: StageWeight = .light) {
    self.name = name
    self.version = version
    self.outputs = outputs
    self.weight = weight
  }

  /// Reads the table of a data set: `OutputName.cohort`, and the list of its pictures.
  public static let cohort = StageKind(
    "cohort", version: 1, outputs: [OutputName.cohort, OutputName.pictureList])
  /// Assigns patients to train, valid and test.
  public static let split = StageKind("split", version: 1, outputs: [OutputName.split])
  /// Turns raw labels into training labels.
  public static let labels = StageKind("labels", version: 1, outputs: [OutputName.labels])
  /// Turns raw labels into what valid and test are judged by.
  public static let truth = StageKind("truth", version: 1, outputs: [OutputName.truth])
  /// Draws what a training sees, and weighs its classes.
  public static let sample = StageKind(
    "sample", version: 1, outputs: [OutputName.sample, OutputName.classWeights])
  /// Decodes the pictures once, and measures them.
  public static let images = StageKind(
    "images", version: 1, outputs: [OutputName.pack, OutputName.pictures])
  /// Trains one network.
  public static let train = StageKind(
    "train", version: 1, outputs: [OutputName.model, OutputName.history], weight: .heavy)
  /// Scores the pictures of valid and test.
  public static let predict = StageKind(
    "predict", version: 1, outputs: [OutputName.predictions], weight: .heavy)
  /// Scores them from attributes and picture statistics alone.
  public static let shortcut = StageKind(
    "shortcut", version: 1, outputs: [OutputName.predictions, OutputName.coefficients])
  /// Thresholds from validation, metrics with intervals.
  public static let eval = StageKind(
    "eval", version: 1,
    outputs: [OutputName.metrics, OutputName.thresholds, OutputName.replicates])
  /// Group metrics and gaps with intervals.
  public static let fairness = StageKind(
    "fairness", version: 1, outputs: [OutputName.fairness, OutputName.replicates])
  /// One row of the table: an arm over its seeds, beside the shortcut baseline.
  public static let summary = StageKind("summary", version: 1, outputs: [OutputName.summary])
}

/// The files that stages write, by the names a person sees in `runs/`.
public enum OutputName {
  public static let cohort = "cohort.csv"
  public static let pictureList = "picture_list.txt"
  public static let split = "split.csv"
  public static let labels = "labels.csv"
  public static let truth = "truth.csv"
  public static let sample = "sample.csv"
  public static let classWeights = "class_weights.csv"
  public static let pack = "images.pack"
  public static let pictures = "pictures.csv"
  public static let model = "model.safetensors"
  public static let history = "history.csv"
  public static let predictions = "predictions.csv"
  public static let coefficients = "coefficients.csv"
  public static let metrics = "metrics.json"
  public static let thresholds = "thresholds.csv"
  public static let replicates = "replicates.bin"
  public static let fairness = "fairness.json"
  public static let summary = "summary.json"
}
