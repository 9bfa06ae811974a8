import Pipeline

/// `eval:` the truth, the unit and the threshold. Never depends on how a training saw its labels.
package struct EvalSection: Codable, Hashable, Sendable {
  /// Replicates of the patient bootstrap, where a spec does not say how many.
  package static let usualBootstrap = 1000

  /// The unit of the main figures: `image`, `study` or `patient`. All are always computed and shown
  /// side by side.
  package var per: String
  /// The score of a study or patient over its pictures: `max` or `mean`.
  package var aggregate: String
  /// What an uncertain label is in valid and test: `exclude`, `u-zeros`, `u-ones` or
  /// `adjudicated`.
  package var uncertain: String
  /// What a blank label is in valid and test: `negative` or `exclude`.
  package var blank: String
  /// How the threshold is found.
  package var threshold: ThresholdSection
  /// Rates at which the other one is measured; absent for none.
  package var at: GivenRatesSection?
  /// Means over lists of findings, by name; absent for none.
  package var means: [String: [String]]?
  /// Replicates of the patient bootstrap; 0 for none.
  package var bootstrap: Int
  /// How an interval is made of replicates: `percentile` or `bca`.
  package var interval: String
  /// Findings and attributes within whose values patients are drawn; absent for none.
  package var strata: [String]?
  /// Seeds the stream `bootstrap`; the same draws serve every experiment.
  package var seed: Int

  /// The value of `blank` that counts blanks as negative.
  package static let negative = "negative"
  /// The value of `uncertain` that a second table of labels stands behind.
  package static let adjudicated = "adjudicated"
}

/// `eval.threshold:`
package struct ThresholdSection: Codable, Hashable, Sendable {
  /// A rule of `ThresholdRule`.
  package var rule: String
  /// The subset on which it is fitted: `valid`; `test` only by name, and then every table says so.
  package var on: String
}

/// `eval.at:`
package struct GivenRatesSection: Codable, Hashable, Sendable {
  /// The sensitivities at which the specificity is measured.
  package var sensitivity: [Double]
  /// The specificities at which the sensitivity is measured.
  package var specificity: [Double]
}

/// `fairness:` the groups.
package struct FairnessSection: Codable, Hashable, Sendable {
  /// Attributes (`sex`) and crossings (`sex x age`).
  package var by: [String]
  /// The inner edges of the age groups in years: `[40, 60]` makes `0–40`, `40–60`, `60+`; absent
  /// where `age_bins` says what they are.
  package var ageEdges: [Int]?
  /// The age groups as `AgeBins` reads them, or `quantiles 4`; absent for `age_edges`.
  package var ageBins: String?
  /// Patients below which a group is shown with a dash.
  package var minGroup: Int
  /// `shared`, or `by_group` where each group has a threshold of its own.
  package var thresholds: String
  /// For an attribute or crossing the group that the others are held against; absent for none.
  package var privileged: [String: String]?
  /// Forms of other programs that are wanted besides: names of ``FairnessForm``.
  package var also: [String]?

  /// The attribute whose groups are bins.
  package static let age = "age"

  enum CodingKeys: String, CodingKey {
    case by, thresholds, privileged, also
    case ageEdges = "age_edges"
    case ageBins = "age_bins"
    case minGroup = "min_group"
  }

  /// The value of `thresholds` with a threshold for each group.
  package static let byGroup = "by_group"

  /// What `age_bins` begins with where the ages decide.
  package static let quantiles = "quantiles"
}

/// What `fairness.also` asks for.
package enum FairnessForm: String, CaseIterable, Sendable {
  /// Each group minus the median over groups (CheXclusion).
  case minusMedian = "minus_median"
  /// 1 − gap (MEDFAIR).
  case medfair
  /// How the positives of one group rank against the negatives of another.
  case xauc
}
