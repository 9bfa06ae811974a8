import Experiments
import Pipeline
import Torch

/// The bodies of all stages by kind: what `cxr-worker` serves.
package var stageBodies: [String: StageBody] {
  [
    StageKind.cohort.name: cohortStage,
    StageKind.split.name: splitStage,
    StageKind.labels.name: labelsStage,
    StageKind.truth.name: truthStage,
    StageKind.sample.name: sampleStage,
    StageKind.images.name: imagesStage,
    StageKind.features.name: featuresStage,
    StageKind.train.name: trainStage,
    StageKind.predict.name: predictStage,
    StageKind.resplit.name: resplitStage,
    StageKind.choice.name: choiceStage,
    StageKind.shortcut.name: shortcutStage,
    StageKind.eval.name: evalStage,
    StageKind.fairness.name: fairnessStage,
    StageKind.summary.name: summaryStage,
    StageKind.comparison.name: comparisonStage,
    StageKind.consistency.name: consistencyStage,
    StageKind.labelTable.name: labelTableStage,
    StageKind.scoreTable.name: scoreTableStage,
  ]
}

/// What took part in a result, for the record.
package var libraryVersions: [String: String] { ["libtorch": Backend.version] }

/// Settings of the whole process that must stand before the first job.
package func prepareWorker() { Backend.keepFreedMemory() }
