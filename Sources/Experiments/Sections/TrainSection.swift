import Pipeline

/// `train:` the network and how it learns.
public struct TrainSection: Codable, Hashable, Sendable {
  /// A name of the catalogue.
  public var arch: String
  /// `random`, or `file` when the network starts from a safetensors file, which enters as an input.
  public var weights: String
  /// Passes over the sample.
  public var epochs: Int
  /// Pictures per step.
  public var batch: Int
  /// Which step is taken.
  public var optimizer: OptimizerSection
  /// How the learning rate falls; absent where it does not.
  public var schedule: ScheduleSection?
  /// The validation metric that chooses the epoch to keep: `loss` (lowest) or a name of
  /// `TrainSection.selections` (highest); the earlier epoch wins a tie.
  public var select: String
  /// `float32` or `bfloat16`, resolved for the machine that trains.
  public var precision: String

  /// The metrics that can choose an epoch.
  public static let selections = [
    "loss", "auroc", "average_precision", "accuracy", "balanced_accuracy",
  ]
}

/// `train.optimizer:`
public struct OptimizerSection: Codable, Hashable, Sendable {
  /// `adam`, `adamw` or `sgd`.
  public var name: String
  /// The learning rate of the first epoch.
  public var lr: Double
  /// L2 penalty (adam, sgd) or decoupled decay (adamw).
  public var weightDecay: Double
  /// Only for `sgd`.
  public var momentum: Double?

  enum CodingKeys: String, CodingKey {
    case name, lr, momentum
    case weightDecay = "weight_decay"
  }
}

/// `train.schedule:` after every `step` epochs the learning rate is multiplied by `gamma`.
public struct ScheduleSection: Codable, Hashable, Sendable {
  public var step: Int
  public var gamma: Double
}

/// `train.class_weights:` how much a case of each class counts in the loss.
public enum ClassWeightsSetting: Codable, Hashable, Sendable {
  /// Every case counts 1.
  case none
  /// N / (2 n_c), counted on the sample, for each finding by itself.
  case balanced
  /// The weights of the negative and the positive class, the same for every finding.
  case explicit([Double])
  /// The two weights for each finding by name.
  case perFinding([String: [Double]])

  /// Reads what `encode` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let name = try? container.decode(String.self) {
      self = name == "balanced" ? .balanced : .none
    } else if let pair = try? container.decode([Double].self) {
      self = .explicit(pair)
    } else {
      self = .perFinding(try container.decode([String: [Double]].self))
    }
  }

  /// Writes the setting as the spec has it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encode("none")
    case .balanced: try container.encode("balanced")
    case .explicit(let pair): try container.encode(pair)
    case .perFinding(let pairs): try container.encode(pairs)
    }
  }
}
