import Pipeline

// The parameters of each stage: only what its body reads, under the names of the spec, so that a
// fingerprint says `train.epochs 6` and a reason says `train.epochs 4 → 6`.

/// Parameters of `cohort`.
public struct CohortParameters: Codable, Sendable {
  public var cohort: CohortSection
}

/// Parameters of `split`; empty where the split comes from a file.
public struct SplitParameters: Codable, Sendable {
  public var split: SplitSection?
}

/// Parameters of `labels`.
public struct LabelsParameters: Codable, Sendable {
  public var labels: LabelsSection
}

/// Parameters of `truth`.
public struct TruthParameters: Codable, Sendable {
  public struct Labels: Codable, Sendable { public var findings: [String] }
  public struct Eval: Codable, Sendable {
    public var uncertain: String
    public var blank: String
  }
  public var labels: Labels
  public var eval: Eval
}

/// Parameters of `sample`; the seed only where something is drawn.
public struct SampleParameters: Codable, Sendable {
  public struct Train: Codable, Sendable {
    public var classWeights: ClassWeightsSetting
    enum CodingKeys: String, CodingKey { case classWeights = "class_weights" }
  }
  public var sample: SampleSection
  public var train: Train
  public var seed: Int?
}

/// Parameters of `images`.
public struct ImagesParameters: Codable, Sendable {
  public struct Cohort: Codable, Sendable {
    public var onBadImage: String
    enum CodingKeys: String, CodingKey { case onBadImage = "on_bad_image" }
  }
  public struct Images: Codable, Sendable { public var size: Int }
  public var cohort: Cohort
  public var images: Images
}

/// Parameters of `train`.
public struct TrainParameters: Codable, Sendable {
  public struct Images: Codable, Sendable { public var channels: Int }
  public struct Labels: Codable, Sendable { public var findings: [String] }
  public var train: TrainSection
  public var images: Images
  public var labels: Labels
  public var seed: Int
  /// `cpu` or `cuda`: the class of device, whose arithmetic the result depends on.
  public var device: String
}

/// Parameters of `predict`.
public struct PredictParameters: Codable, Sendable {
  public struct Train: Codable, Sendable {
    public var arch: String
    public var precision: String
  }
  public var train: Train
  public var images: TrainParameters.Images
  public var labels: TrainParameters.Labels
  public var device: String
}

/// Parameters of `shortcut`.
public struct ShortcutParameters: Codable, Sendable {
  public var labels: TrainParameters.Labels
}

/// Parameters of `eval`.
public struct EvalParameters: Codable, Sendable {
  public struct Eval: Codable, Sendable {
    public var per: String
    public var threshold: ThresholdSection
    public var bootstrap: Int
    public var seed: Int
  }
  public var eval: Eval
  public var labels: TrainParameters.Labels
}

/// Parameters of `fairness`.
public struct FairnessParameters: Codable, Sendable {
  public struct Eval: Codable, Sendable {
    public var per: String
    public var bootstrap: Int
    public var seed: Int
  }
  public var fairness: FairnessSection
  public var eval: Eval
  public var labels: TrainParameters.Labels
}

/// Parameters of `summary`.
public struct SummaryParameters: Codable, Sendable {
  /// How many seeds the arm has.
  public var seeds: Int
}
