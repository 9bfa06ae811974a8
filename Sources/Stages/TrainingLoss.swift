import Torch

/// Binary cross-entropy of many findings, of which any may be unlabelled in any picture.
///
/// For each finding the weighted mean over its labelled cases of the batch,
/// Σ w(y) ℓ / Σ w(y) with w(y) = (1 − y) w₀ + y w₁, then the mean over the findings that have a
/// labelled case. With weights of 1 this is PyTorch's `BCEWithLogitsLoss`; with class weights it
/// averages as PyTorch's `CrossEntropyLoss(weight=…)` does.
struct TrainingLoss {
  /// w₀ and w₁ for each finding.
  let weights: [(negative: Float, positive: Float)]

  /// The loss of `logits` `[batch, findings]`, float32 scalar; `nil` when nothing is labelled.
  ///
  /// - Parameter labels: row by row, one for each finding; `nil` is unlabelled.
  func callAsFunction(_ logits: Tensor, _ labels: [[Float?]]) throws -> Tensor? {
    let findings = weights.count
    var targets = [Float](repeating: 0, count: labels.count * findings)
    var factors = targets
    var totals = [Float](repeating: 0, count: findings)
    for (row, values) in labels.enumerated() {
      for (finding, value) in values.enumerated() {
        guard let value else { continue }
        let weight = (1 - value) * weights[finding].negative + value * weights[finding].positive
        targets[row * findings + finding] = value
        factors[row * findings + finding] = weight
        totals[finding] += weight
      }
    }
    let labelled = totals.count { $0 > 0 }
    guard labelled > 0 else { return nil }
    for index in factors.indices where factors[index] > 0 {
      factors[index] /= totals[index % findings] * Float(labelled)
    }
    let shape = [labels.count, findings]
    let target = try Tensor(targets, shape: shape).to(logits.device)
    let factor = try Tensor(factors, shape: shape).to(logits.device)
    return try logits.to(.float32).binaryCrossEntropy(target, weight: factor).sum()
  }
}
