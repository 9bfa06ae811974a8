import Experiments
import Pipeline

/// The bodies of all stages by kind: what `cxr-worker` serves.
public var stageBodies: [String: StageBody] {
  [
    StageKind.cohort.name: cohortStage,
    StageKind.split.name: splitStage,
    StageKind.labels.name: labelsStage,
    StageKind.truth.name: truthStage,
    StageKind.sample.name: sampleStage,
    StageKind.images.name: imagesStage,
    StageKind.train.name: trainStage,
    StageKind.predict.name: predictStage,
    StageKind.eval.name: evalStage,
    StageKind.fairness.name: fairnessStage,
  ]
}
