import Experiments
import Torch
import Zoo

/// Probabilities of a network in evaluation mode.
///
/// With one logit x the score is σ(x); with more it is the softmax over negative and positive alone,
/// which is σ(x₁ − x₀). Classes that exclude each other have the softmax over all of them.
struct Scorer {
  let network: any Network
  /// The head of each finding.
  let heads: [Head]
  let pictures: NetworkInput
  let device: Device
  let scalarType: ScalarType?

  /// The probabilities of the pictures at `positions`, row by row, one for each finding.
  func callAsFunction(
    _ positions: [Int], batch: Int, progress: (_ done: Int) -> Void = { _ in }
  ) throws -> [[Float]] {
    var scores: [[Float]] = []
    for start in stride(from: 0, to: positions.count, by: batch) {
      let rows = positions[start..<min(start + batch, positions.count)]
      let values = try withoutGradients {
        let logits = try withAutocast(scalarType, device) {
          try pictures.logits(network, rows, .evaluation)
        }
        if heads.contains(.oneOf) { return try logits.to(.float32).softmax(1).floats() }
        return try odds(logits.to(.float32)).sigmoid().floats()
      }
      let width = values.count / rows.count
      for row in 0..<rows.count { scores.append(Array(values[row * width..<(row + 1) * width])) }
      progress(scores.count)
    }
    return scores
  }

  /// The log odds of each finding, `[batch, findings]`.
  private func odds(_ logits: Tensor) throws -> Tensor {
    if heads.allSatisfy({ $0 == .sigmoid }) { return logits }
    var columns: [Tensor] = []
    var first = 0
    for head in heads {
      let negative = try logits.narrowed(1, from: first, length: 1)
      columns.append(
        head == .sigmoid
          ? negative : try logits.narrowed(1, from: first + 1, length: 1) - negative)
      first += head.logits
    }
    return try Tensor.cat(columns, along: 1)
  }
}
