import Basics
import Foundation
import Pipeline

/// One arm with one seed: all sections of the spec, checked, with every default filled in.
package struct Experiment: Sendable {
  /// The arm and its settings, and the seed.
  package var arm: String
  package var settings: [(path: String, value: String)]
  package var seed: Int
  package var cohort: CohortSection
  package var split: SplitSection
  package var labels: LabelsSection
  package var sample: SampleSection
  package var images: ImagesSection
  package var train: TrainSection
  package var classWeights: ClassWeightsSetting
  package var eval: EvalSection
  package var fairness: FairnessSection
  /// Where the data lies on this machine; in no fingerprint.
  package var files: ExperimentFiles
  /// The spec of this experiment alone, as written.
  package var source: SpecNode

  /// `arch=resnet18 seed=0`.
  package var name: String { "\(arm) seed=\(seed)" }
}

extension Experiment {
  /// The spec of this experiment alone, with absolute paths, so that it can be run from anywhere.
  package var resolved: SpecNode {
    var root = source
    let paths = [
      (["cohort", "root"], files.root), (["cohort", "table"], files.table),
      (["split", "file"], files.split), (["train", "weights"], files.weights),
    ]
    for (key, path) in paths {
      guard let path else { continue }
      let absolute = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
      let node = SpecNode(.scalar(absolute, isPlain: false), at: root.place)
      root = (try? root.setting(key, to: node)) ?? root
    }
    return root
  }
}

/// The files an experiment starts from.
package struct ExperimentFiles: Hashable, Sendable {
  /// The folder of the data set.
  package var root: String
  /// Its table.
  package var table: String
  /// A split made elsewhere.
  package var split: String?
  /// A safetensors file that the network starts from.
  package var weights: String?
}
