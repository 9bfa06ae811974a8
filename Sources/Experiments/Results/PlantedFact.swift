import Basics
import Radiographs

/// Something that is true of a phantom, and that a sweep over it can find.
package enum PlantedFact: Hashable, Codable, Sendable {
  /// Wrong labels in one group: what its AUROC is less that of the rest for a perfect classifier.
  case gap(finding: String, attribute: String, group: String, chance: Double, auroc: Double)
  /// A policy for uncertain labels that ranks the finding better than the other of the two.
  case policy(finding: String, presentIfUncertain: Double, suited: String, other: String)

  /// The facts that the results of `experiment` can be held against; none where its cohort is no
  /// phantom.
  ///
  /// - Throws: where the phantom does not say what it is.
  package static func all(_ experiment: Experiment) throws(Diagnostic) -> [PlantedFact] {
    guard let folder = experiment.files.phantom else { return [] }
    let dials = try PhantomTruth(folder: folder).options.dials
    let findings = experiment.labels.findings
    let isAdjudicated = experiment.eval.uncertain == EvalSection.adjudicated
    var facts: [PlantedFact] = []
    let noise = dials.noise
    if noise.probability != noise.elsewhere, findings.contains(noise.finding),
      experiment.fairness.by.contains(noise.attribute)
    {
      let gap = dials.plantedGap(
        uncertain: LabelPolicy(evaluation: experiment.eval.uncertain) ?? .ignore,
        adjudicated: isAdjudicated,
        blank: experiment.eval.blank == "negative" ? .negative : .ignore)
      facts.append(
        .gap(
          finding: noise.finding, attribute: noise.attribute, group: noise.group,
          chance: noise.probability, auroc: gap.auroc()))
    }
    // What an uncertain case is, only an adjudication says.
    for finding in findings where isAdjudicated {
      guard let present = dials.presentIfUncertain[finding],
        let suited = dials.suitedPolicy(finding)
      else { continue }
      facts.append(
        .policy(
          finding: finding, presentIfUncertain: present, suited: suited.description,
          other: (suited == .uOnes ? LabelPolicy.uZeros : .uOnes).description))
    }
    return facts
  }
}
