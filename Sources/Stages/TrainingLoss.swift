import Experiments
import Radiographs
import Torch

/// The loss of many findings, of which any may be unlabelled in any picture.
///
/// A finding with the head `sigmoid` has one logit and the binary cross-entropy ℓ; with `softmax`
/// (2 logits) or `3-class` (3 logits: negative, positive, uncertain) the cross-entropy. For each
/// finding the weighted mean over its labelled cases of the batch, Σ w(y) ℓ / Σ w(y), then the mean
/// over the findings that have a labelled case. With weights of 1 this is PyTorch's
/// `BCEWithLogitsLoss` and `CrossEntropyLoss`; with class weights it averages as PyTorch's
/// `CrossEntropyLoss(weight=…)` does.
struct TrainingLoss {
  /// The head of each finding.
  let heads: [Head]
  /// What the classes weigh, for each finding.
  let weights: [ClassWeight]

  /// The loss of `logits` `[batch, logits of all findings]`, float32 scalar; `nil` when nothing is
  /// labelled.
  ///
  /// - Parameter labels: row by row, one for each finding; `nil` is unlabelled.
  func callAsFunction(_ logits: Tensor, _ labels: [[Float?]]) throws -> Tensor? {
    let logits = try logits.to(.float32)
    if heads.contains(.oneOf) { return try oneOf(logits, labels) }
    var losses: [Tensor] = []
    var first = 0
    for (finding, head) in heads.enumerated() {
      let own = try logits.narrowed(1, from: first, length: head.logits)
      first += head.logits
      if let loss = try mean(own, head, weights[finding], labels.map { $0[finding] }) {
        losses.append(loss)
      }
    }
    guard !losses.isEmpty else { return nil }
    return losses.count == 1 ? losses[0] : try Tensor.stack(losses).mean()
  }

  /// Σ w(y) ℓ / Σ w(y) of one finding; `nil` where no case is labelled.
  private func mean(
    _ logits: Tensor, _ head: Head, _ weight: ClassWeight, _ labels: [Float?]
  ) throws -> Tensor? {
    var factors = labels.map { label in label.map { Self.factor($0, weight) } ?? 0 }
    let total = factors.reduce(0, +)
    guard total > 0 else { return nil }
    for index in factors.indices { factors[index] /= total }
    let factor = try Tensor(factors).to(logits.device)
    switch head {
    case .sigmoid, .oneOf:
      let target = try Tensor(labels.map { $0 ?? 0 }).to(logits.device)
      return try logits.flattened().binaryCrossEntropy(target, weight: factor).sum()
    case .softmax where labels.contains(where: { $0.map { $0 != $0.rounded() } == true }):
      // A probability is that much of either class.
      let share = try Tensor(labels.map { $0 ?? 0 }).to(logits.device)
      let (negative, positive) = try (
        logits.crossEntropy(try Tensor(labels.map { _ in Int64(0) }).to(logits.device)),
        logits.crossEntropy(try Tensor(labels.map { _ in Int64(1) }).to(logits.device))
      )
      return try ((negative + (positive - negative) * share) * factor).sum()
    case .softmax, .threeClass:
      let target = try Tensor(labels.map { Int64(($0 ?? 0).rounded()) }).to(logits.device)
      return try (logits.crossEntropy(target) * factor).sum()
    }
  }

  /// Σ w(y) ℓ / Σ w(y) for classes that exclude each other, with the weight that each has as positive.
  private func oneOf(_ logits: Tensor, _ labels: [[Float?]]) throws -> Tensor? {
    let targets = labels.map { row in row.firstIndex { $0.map { $0 > 0.5 } == true } }
    var factors = targets.map { $0.map { Float(weights[$0].positive) } ?? 0 }
    let total = factors.reduce(0, +)
    guard total > 0 else { return nil }
    for index in factors.indices { factors[index] /= total }
    let target = try Tensor(targets.map { Int64($0 ?? 0) }).to(logits.device)
    return try (logits.crossEntropy(target) * Tensor(factors).to(logits.device)).sum()
  }

  private static func factor(_ label: Float, _ weight: ClassWeight) -> Float {
    if label == LabelPolicy.uncertainClass { return Float(weight.uncertain) }
    return (1 - label) * Float(weight.negative) + label * Float(weight.positive)
  }
}
