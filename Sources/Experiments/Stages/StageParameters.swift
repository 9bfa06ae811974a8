import Pipeline
import Radiographs

// The parameters of each stage: only what its body reads, under the names of the spec, so that a
// fingerprint says `train.epochs 6` and a reason says `train.epochs 4 → 6`.

/// Parameters of `cohort`.
package struct CohortParameters: Codable, Sendable {
  package var cohort: CohortSection
}

/// Parameters of `split`; where test is matched on findings, what its truth is, unless that is the
/// usual.
package struct SplitParameters: Codable, Sendable {
  package struct Labels: Codable, Sendable {
    package var noFinding: String?
    enum CodingKeys: String, CodingKey { case noFinding = "no_finding" }
  }
  package struct Eval: Codable, Sendable { package var blank: String }
  package var split: SplitSection
  package var labels: Labels?
  package var eval: Eval?

  init(_ e: Experiment) {
    split = e.split
    guard e.split.match?.on != nil else { return }
    if let rule = e.labels.noFinding { labels = Labels(noFinding: rule) }
    if e.eval.blank != EvalSection.negative { eval = Eval(blank: e.eval.blank) }
  }
}

/// Parameters of `labels`; the seed only where labels are drawn.
package struct LabelsParameters: Codable, Sendable {
  package struct Labels: Codable, Sendable {
    package var findings: [String]
    package var uncertain: [UncertainPolicy]
    package var blank: String
    package var noFinding: String?
    package var attribute: String?
    package var ageEdges: [Int]?
    enum CodingKeys: String, CodingKey {
      case findings, uncertain, blank, attribute
      case ageEdges = "age_edges"
      case noFinding = "no_finding"
    }
  }
  package var labels: Labels
  package var seed: Int?
}

/// Parameters of `truth`.
package struct TruthParameters: Codable, Sendable {
  package struct Labels: Codable, Sendable {
    package var findings: [String]
    package var noFinding: String?
    package var attribute: String?
    package var ageEdges: [Int]?
    enum CodingKeys: String, CodingKey {
      case findings, attribute
      case ageEdges = "age_edges"
      case noFinding = "no_finding"
    }
  }
  package struct Eval: Codable, Sendable {
    package var uncertain: String
    package var blank: String
  }
  package var labels: Labels
  package var eval: Eval
}

/// Parameters of `sample`; the seed only where something is drawn.
package struct SampleParameters: Codable, Sendable {
  package struct Train: Codable, Sendable {
    package var classWeights: ClassWeightsSetting
    enum CodingKeys: String, CodingKey { case classWeights = "class_weights" }
  }
  package var sample: SampleSection
  package var train: Train
  package var seed: Int?
}

/// Parameters of `images`.
package struct ImagesParameters: Codable, Sendable {
  package struct Cohort: Codable, Sendable {
    package var onBadImage: String
    enum CodingKeys: String, CodingKey { case onBadImage = "on_bad_image" }
  }
  /// How the pictures are packed, as in the spec.
  package typealias Images = PictureForm
  package var cohort: Cohort
  package var images: Images
}

/// Parameters of `train`.
package struct TrainParameters: Codable, Sendable {
  package struct Images: Codable, Sendable {
    package var channels: Int
    /// Absent for what the number of channels says.
    package var normalize: NormalizationChoice?
    /// What the checkpoint says of the pictures, where it is not the usual.
    package var fit: PictureForm.Fit?
    package var filter: PictureForm.Filter?
    package var equalize: Bool?
    package var decode: PictureForm.Decoding?

    /// How pixels are normalised, where a training measures it by `measured`.
    package func normalization(
      measured: () throws -> PictureNormalization
    ) rethrows -> PictureNormalization {
      switch normalize {
      case .fixed(let normalization)?: normalization
      case .training?: try measured()
      case nil: PictureNormalization(channels: channels)
      }
    }

    /// The squares of `size` pixels and levels of `bits` that pictures became.
    package func form(size: Int, bits: Int) -> PictureForm {
      PictureForm(
        size: size, fit: fit ?? .square, filter: filter ?? .bilinear, equalize: equalize ?? false,
        bits: bits, decode: decode)
    }
  }
  package struct Labels: Codable, Sendable {
    package var findings: [String]
    /// One for each finding.
    package var heads: [Head]
    /// The findings whose uncertain labels are drawn anew in each epoch: those between 0 and 1.
    package var smooth: [String: LabelSmoothing]?
  }
  package var train: TrainSection
  package var images: Images
  package var labels: Labels
  package var seed: Int
  /// `cpu` or `cuda`: the class of device, whose arithmetic the result depends on.
  package var device: String
}

/// Parameters of `features`; the seed only where a part of the backbone is drawn.
package struct FeaturesParameters: Codable, Sendable {
  package struct Train: Codable, Sendable {
    package var arch: String
    package var weights: String
    package var rgbKernels: String?
    package var precision: String

    enum CodingKeys: String, CodingKey {
      case arch, weights, precision
      case rgbKernels = "rgb_kernels"
    }
  }
  package var train: Train
  package var images: TrainParameters.Images
  package var seed: Int?
  package var device: String
}

/// Parameters of `predict`.
package struct PredictParameters: Codable, Sendable {
  package struct Train: Codable, Sendable {
    package var arch: String
    package var precision: String
  }
  package var train: Train
  package var images: TrainParameters.Images
  package var labels: TrainParameters.Labels
  /// The subset that is scored; absent for valid and test.
  package var subset: String?
  package var device: String
}

/// Parameters of `resplit`.
package struct ResplitParameters: Codable, Sendable {
  package struct Labels: Codable, Sendable { package var findings: [String] }
  /// The findings that choose a policy.
  package var labels: Labels
  package var resplit: PolicyChoice.Resplit
  /// That of the split.
  package var seed: Int
}

/// Parameters of `choice`.
package struct ChoiceParameters: Codable, Sendable {
  package struct Labels: Codable, Sendable {
    package var findings: [String]
    package var uncertain: [UncertainPolicy]
  }
  package var labels: Labels
  package var eval: ComparisonParameters.Eval
}

/// Parameters of `shortcut`.
package struct ShortcutParameters: Codable, Sendable {
  package var labels: TruthParameters.Labels
}

/// Parameters of `eval`.
package struct EvalParameters: Codable, Sendable {
  package struct Eval: Codable, Sendable {
    package var per: String
    package var aggregate: String
    package var threshold: ThresholdSection
    package var at: GivenRatesSection?
    package var means: [String: [String]]?
    package var bootstrap: Int
    package var interval: String
    package var strata: [String]?
    package var seed: Int

    init(_ eval: EvalSection) {
      (per, aggregate, threshold) = (eval.per, eval.aggregate, eval.threshold)
      (at, means) = (eval.at, eval.means)
      (bootstrap, interval, strata) = (eval.bootstrap, eval.interval, eval.strata)
      seed = eval.seed
    }
  }
  package var eval: Eval
  package var labels: TruthParameters.Labels
}

/// Parameters of `fairness`.
package struct FairnessParameters: Codable, Sendable {
  package struct Eval: Codable, Sendable {
    package var per: String
    package var aggregate: String
    /// Where each group has a threshold of its own.
    package var threshold: ThresholdSection?
    package var means: [String: [String]]?
    package var bootstrap: Int
    package var interval: String
    package var strata: [String]?
    package var seed: Int

    init(_ eval: EvalSection, _ fairness: FairnessSection) {
      (per, aggregate, means) = (eval.per, eval.aggregate, eval.means)
      threshold = fairness.thresholds == FairnessSection.byGroup ? eval.threshold : nil
      (bootstrap, interval, strata) = (eval.bootstrap, eval.interval, eval.strata)
      seed = eval.seed
    }
  }
  package var fairness: FairnessSection
  package var eval: Eval
  package var labels: TruthParameters.Labels
}

/// Parameters of `comparison`.
package struct ComparisonParameters: Codable, Sendable {
  package struct Eval: Codable, Sendable {
    package var per: String
    package var aggregate: String
    package var bootstrap: Int
    package var seed: Int
  }
  /// How many seeds are paired.
  package var seeds: Int
  package var eval: Eval
  package var labels: TruthParameters.Labels
}

/// Parameters of `summary`.
package struct SummaryParameters: Codable, Sendable {
  /// How many seeds the arm has.
  package var seeds: Int
}

/// Parameters of `consistency`; its files name the arms.
package struct ConsistencyParameters: Codable, Sendable {
  package struct Eval: Codable, Sendable {
    package var per: String
    package var aggregate: String
    package var bootstrap: Int
    package var strata: [String]?
    package var seed: Int
  }
  package var arms: [String]
  /// The seeds of each arm.
  package var seeds: [[Int]]
  /// The groups; how they are held against each other does not matter here.
  package var fairness: FairnessSection
  package var eval: Eval
  package var labels: TruthParameters.Labels

  init(_ experiment: Experiment, arms: [String], seeds: [[Int]]) {
    let eval = experiment.eval
    (self.arms, self.seeds) = (arms, seeds)
    fairness = experiment.fairness
    (fairness.thresholds, fairness.privileged, fairness.also) = ("shared", nil, nil)
    self.eval = Eval(
      per: eval.per, aggregate: eval.aggregate, bootstrap: eval.bootstrap, strata: eval.strata,
      seed: eval.seed)
    labels = .init(findings: experiment.labels.findings)
  }
}

/// Parameters of `label_table`.
package struct LabelTableParameters: Codable, Sendable {
  /// Of each table.
  package var layouts: [TableLayout]
  /// Which column holds what.
  package var columns: [String: String]
  package var labels: TruthParameters.Labels
}

/// Parameters of `score_table`.
package struct ScoreTableParameters: Codable, Sendable {
  package var layout: TableLayout
  /// Of the scores of validation; as the others where absent.
  package var validLayout: TableLayout?
  package var labels: TruthParameters.Labels

  enum CodingKeys: String, CodingKey {
    case layout, labels
    case validLayout = "valid_layout"
  }
}
