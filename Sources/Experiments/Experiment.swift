import Basics
import Pipeline

/// One arm with one seed: all sections of the spec, checked, with every default filled in.
package struct Experiment: Sendable {
  /// The arm and its settings, and the seed.
  package var arm: String
  package var settings: [SweepSetting]
  package var seed: Int
  package var cohort: CohortSection
  package var split: SplitSection
  package var labels: LabelsSection
  package var sample: SampleSection
  package var images: ImagesSection
  package var train: TrainSection
  /// Which network that is, and what it starts from.
  package var network: NetworkChoice
  package var classWeights: ClassWeightsSetting
  /// Seconds between the checkpoints of a training; part of no fingerprint.
  package var checkpointSeconds: Double
  package var eval: EvalSection
  package var fairness: FairnessSection
  /// Where the data lies on this machine; in no fingerprint.
  package var files: ExperimentFiles

  /// `weights: {from: <arm>}`.
  package struct Origin: Sendable {
    /// The arm as written, and where.
    package var arm: String
    package var place: Place
    /// The index of its experiment in `StudySpec.all`.
    package var index = 0
  }

  /// `arch=resnet18 seed=0`.
  package var name: String { "\(arm) seed=\(seed)" }
}

/// The files an experiment starts from.
package struct ExperimentFiles: Hashable, Sendable {
  /// The folder of the data set.
  package var root: String
  /// The folder of the phantom, where the cohort is one.
  package var phantom: String?
  /// The options of the phantom, by the names of the spec.
  package var phantomOptions: [String: String] = [:]
  /// The table that the spec names; `nil` where it is the one that the data set ships.
  package var table: String?
  /// The tables that are read, but for that of demographics.
  package var tables: [String]
  /// The table of demographics, or the folder of such tables, where the data set has them apart.
  package var demographics: String?
  /// The tables of demographics that are read.
  package var demographicTables: [String] = []
  /// The files of each source, where there are several; `root` then holds links to their roots.
  package var sources: [ExperimentFiles] = []
  /// The table that decides what uncertain labels are in valid and test.
  package var adjudicated: String?
  /// A split made elsewhere.
  package var split: String?
  /// Whether `table` lists pictures that were looked up already.
  package var isListed = false

  /// What a spec names beside the roots: `table` and `demographics`, of several sources `0.table` and
  /// so on.
  package var named: [String: String] {
    var named: [String: String] = [:]
    named["table"] = table
    named["demographics"] = demographics
    for (index, source) in sources.enumerated() {
      for (key, path) in source.named { named["\(index).\(key)"] = path }
    }
    return named
  }

  /// The tables that are inputs of the cohort, by name.
  var tableInputs: [(name: String, path: String)] {
    let own =
      tables.enumerated().map { ("table.\($0)", $1) }
      + demographicTables.enumerated().map { ($0 == 0 ? "demographics" : "demographics.\($0)", $1) }
    return own
      + sources.enumerated().flatMap { index, source in
        source.tableInputs.map { ("\(index).\($0.name)", $0.path) }
      }
  }
}
