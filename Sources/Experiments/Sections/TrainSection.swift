import Pipeline

/// `train:` the network and how it learns.
package struct TrainSection: Codable, Hashable, Sendable {
  /// The network, as `NetworkChoice.arch` has it.
  package var arch: String
  /// What the network starts from, as `NetworkChoice.weights` has it; files enter as inputs.
  package var weights: String
  /// `sum` where kernels of three channels become their sum for fewer; absent for their mean, and
  /// where there are none.
  package var rgbKernels: String?
  /// Parts of the network that are not trained, by name; `backbone` is all but the last layer. Absent
  /// where all is trained.
  package var freeze: [String]?
  /// The share of residual branches that are left out in the last block; absent for none.
  package var stochasticDepth: Double?
  /// The share of values that are dropped inside of the network; absent for none.
  package var dropout: Double?
  /// The share of features that are dropped before the last layer; absent for the architecture's.
  package var headDropout: Double?
  /// Passes over the sample.
  package var epochs: Int
  /// Pictures per step.
  package var batch: Int
  /// Which step is taken.
  package var optimizer: OptimizerSection
  /// How the learning rate falls; absent where it does not.
  package var schedule: ScheduleSection?
  /// The validation metric that chooses the epoch to keep: `loss` (lowest) or a name of
  /// `TrainSection.selections` (highest); the earlier epoch wins a tie.
  package var select: String
  /// `float32` or `bfloat16`, resolved for the machine that trains.
  package var precision: String

  /// Whether only the last layer is trained.
  package var isProbe: Bool { freeze?.contains(Self.backbone) ?? false }

  /// In `freeze`, all but the last layer.
  package static let backbone = "backbone"

  /// The metrics that can choose an epoch.
  package static let selections = [
    "loss", "auroc", "average_precision", "accuracy", "balanced_accuracy",
  ]

  enum CodingKeys: String, CodingKey {
    case arch, weights, freeze, dropout, epochs, batch, optimizer, schedule, select, precision
    case rgbKernels = "rgb_kernels"
    case stochasticDepth = "stochastic_depth"
    case headDropout = "head_dropout"
  }
}

/// `train.optimizer:`
package struct OptimizerSection: Codable, Hashable, Sendable {
  /// `adam`, `adamw` or `sgd`.
  package var name: String
  /// The learning rate of the first epoch.
  package var lr: Double
  /// L2 penalty (adam, sgd) or decoupled decay (adamw).
  package var weightDecay: Double
  /// Only for `sgd`.
  package var momentum: Double?

  enum CodingKeys: String, CodingKey {
    case name, lr, momentum
    case weightDecay = "weight_decay"
  }
}

/// `train.schedule:` after every `step` epochs the learning rate is multiplied by `gamma`.
package struct ScheduleSection: Codable, Hashable, Sendable {
  package var step: Int
  package var gamma: Double
}

/// `train.class_weights:` how much a case of each class counts in the loss.
package enum ClassWeightsSetting: Codable, Hashable, Sendable {
  /// Every case counts 1.
  case none
  /// N / (2 n_c), counted on the sample, for each finding by itself.
  case balanced
  /// The weights of the negative and the positive class, the same for every finding.
  case explicit([Double])
  /// The two weights for each finding by name.
  case perFinding([String: [Double]])

  /// Reads what `encode` wrote.
  package init(from decoder: any Decoder) throws {
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
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encode("none")
    case .balanced: try container.encode("balanced")
    case .explicit(let pair): try container.encode(pair)
    case .perFinding(let pairs): try container.encode(pairs)
    }
  }
}
