import Pipeline
import Radiographs

/// What uncertain labels of a finding become in training.
package enum UncertainPolicy: Hashable, Sendable {
  /// What the label alone decides.
  case plain(LabelPolicy)
  /// The probability that a network gives which was trained without them (U-SelfTrained, Irvin et
  /// al. 2019).
  case selfTrain
  /// The one of several policies that a training with each of them says.
  case bestOf(PolicyChoice)

  static let selfTrainName = "self-train"
  static let bestOfName = "best-of"

  /// The policy while a network is trained that the final labels need: a self-training leaves
  /// uncertain labels out, a choice tries `candidate`.
  func before(candidate: LabelPolicy?) -> UncertainPolicy {
    switch self {
    case .plain: self
    case .selfTrain: .plain(.ignore)
    case .bestOf: .plain(candidate ?? .ignore)
    }
  }

  /// The policy as the stage `labels` needs it, which is told what was chosen.
  var told: UncertainPolicy {
    guard case .bestOf = self else { return self }
    return .bestOf(PolicyChoice(candidates: [], choose: .point))
  }

  /// The policy in one line.
  package var text: String {
    switch self {
    case .plain(let policy): policy.description
    case .selfTrain: Self.selfTrainName
    case .bestOf(let choice):
      "\(Self.bestOfName) \(choice.candidates.map(\.description).joined(separator: ", "))"
    }
  }
}

/// `best-of: [u-zeros, u-ones]`.
package struct PolicyChoice: Codable, Hashable, Sendable {
  /// What is tried; the first stands where nothing speaks against it.
  package var candidates: [LabelPolicy]
  package var choose: Rule
  /// What stands in for valid where it has too few cases; absent where nothing does.
  package var resplit: Resplit?

  /// Train and valid shared out again by patients, and the candidates trained on that.
  package struct Resplit: Codable, Hashable, Sendable {
    /// How many patients of valid, with the finding or without, are enough.
    package var below: Int
    /// The share of the patients that valid gets.
    package var valid: Double
  }

  /// When a candidate is chosen over the first one, by its AUROC on valid.
  package enum Rule: String, Codable, CaseIterable, Sendable {
    /// When it is higher.
    case point
    /// When the interval of the paired difference is above zero.
    case significant
  }

  enum CodingKeys: String, CodingKey {
    case choose, resplit
    case candidates = "best-of"
  }
}

/// As the spec has it.
extension UncertainPolicy: Codable {
  package init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self),
      name == Self.selfTrainName
    {
      self = .selfTrain
    } else if let choice = try? PolicyChoice(from: decoder) {
      self = .bestOf(choice)
    } else {
      self = .plain(try LabelPolicy(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .plain(let policy): try policy.encode(to: encoder)
    case .selfTrain:
      var container = encoder.singleValueContainer()
      try container.encode(Self.selfTrainName)
    case .bestOf(let choice): try choice.encode(to: encoder)
    }
  }
}
