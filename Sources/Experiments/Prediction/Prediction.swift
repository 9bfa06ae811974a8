import Basics
import Metrics
import Pipeline
import Radiographs

/// A trained network, and pictures that it has not seen.
package struct Prediction: Sendable {
  /// The network and its checkpoint.
  package var network: TrainedNetwork
  package var model: String
  /// The code of the network, where it is one of TorchScript.
  package var program: String?
  /// `float32` or `bfloat16`.
  package var precision: String
  package var pictures: NewPictures
  /// How the scores are judged, where the pictures are labelled.
  package var judging: Judging

  /// A prediction.
  package init(
    network: TrainedNetwork, model: String, program: String? = nil, precision: String,
    pictures: NewPictures, judging: Judging
  ) {
    self.program = program
    self.network = network
    self.model = model
    self.precision = precision
    self.pictures = pictures
    self.judging = judging
  }

  /// The findings of the network that the tables know, and so can judge.
  package var judged: [String] {
    network.findings.filter {
      CompositeFinding.isKnown($0, among: pictures.header.findings)
    }
  }
}

/// How scores are judged: the unit, the threshold, the groups.
package struct Judging: Sendable {
  package var eval: EvalSection
  package var fairness: FairnessSection
  /// The `thresholds.csv` of an experiment, in place of a fit.
  package var thresholds: String?
  /// The `fairness.json` of an experiment with thresholds by group, in place of a fit.
  package var groupThresholds: String?

  /// What a spec says that does not mention it.
  package init() {
    let place = Place(file: "", line: 1)
    let point = SweepPoint(
      settings: [], seed: 0, root: SpecNode(.map([]), at: place))
    let machine = Machine(device: "cpu", hasBFloat16: false, runs: "") { _, _ in }
    let reader = ExperimentReader(point, diagnostics: DiagnosticList(), machine: machine)
    eval = reader.evalSection(adjudicated: nil).section
    fairness = reader.fairnessSection()
  }

  /// As an experiment is judged, by given thresholds where there are some.
  package init(_ experiment: Experiment, thresholds: String? = nil, groupThresholds: String? = nil)
  {
    eval = experiment.eval
    fairness = experiment.fairness
    self.thresholds = thresholds
    if fairness.thresholds == FairnessSection.byGroup { self.groupThresholds = groupThresholds }
  }

  /// Leaves out what other pictures need not have: strata, and what is uncertain where the experiment
  /// had a table that decided it.
  package mutating func dropOwnData() {
    eval.strata = nil
    if eval.uncertain == EvalSection.adjudicated { eval.uncertain = "exclude" }
  }

  /// Judges with a threshold that was given, the same for all findings and groups.
  package mutating func fix(threshold: Double) {
    eval.threshold.rule = ThresholdRule.fixed(threshold).description
    fairness.thresholds = "shared"
    (thresholds, groupThresholds) = (nil, nil)
  }

  /// What is wrong with the groups for a data set with these attributes.
  package func problems(_ header: CohortHeader) -> [Diagnostic] {
    var wrong: [Diagnostic] = []
    for part in fairness.by.flatMap(FairnessSection.parts) where !header.attributes.contains(part) {
      let near = nearestName(to: part, among: header.attributes)
      wrong.append(
        Diagnostic(
          "unknown attribute `\(part)`",
          hint: near.map { "did you mean `\($0)`?" }
            ?? (header.attributes.isEmpty
              ? "the pictures have no attributes"
              : "the attributes are \(header.attributes.prefix(20).quotedList)")))
    }
    return wrong
  }
}

/// A prediction as stages.
package struct PredictionStages: Sendable {
  package let graph: Graph
  package let cohort: StageID
  package let predict: StageID
  /// What judges the scores, where the pictures are labelled.
  package let judged: (eval: StageID, fairness: StageID)?
}
