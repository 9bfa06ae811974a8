import Basics
import Pipeline

/// One arm with one seed: all sections of the spec, checked, with every default filled in.
public struct Experiment: Sendable {
  /// The arm and its settings, and the seed.
  public var arm: String
  public var settings: [(path: String, value: String)]
  public var seed: Int
  public var cohort: CohortSection
  public var split: SplitSection
  public var labels: LabelsSection
  public var sample: SampleSection
  public var images: ImagesSection
  public var train: TrainSection
  public var classWeights: ClassWeightsSetting
  public var eval: EvalSection
  public var fairness: FairnessSection
  /// Where the data lies on this machine; in no fingerprint.
  public var files: ExperimentFiles
  /// The spec of this experiment alone.
  public var resolved: SpecNode

  /// `arch=resnet18 seed=0`: the folder of the experiment in `runs/`, too.
  public var name: String { "\(arm) seed=\(seed)" }
}

/// The files an experiment starts from.
public struct ExperimentFiles: Hashable, Sendable {
  /// The folder of the data set.
  public var root: String
  /// Its table.
  public var table: String
  /// A split made elsewhere.
  public var split: String?
  /// A safetensors file that the network starts from.
  public var weights: String?
}
