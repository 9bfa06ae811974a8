import Torch
import Zoo

/// Probabilities of a network in evaluation mode.
struct Scorer {
  let network: any Network
  let pictures: PictureBatches
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
          try network(try pictures(rows), .evaluation)
        }
        return try logits.to(.float32).sigmoid().floats()
      }
      let width = values.count / rows.count
      for row in 0..<rows.count { scores.append(Array(values[row * width..<(row + 1) * width])) }
      progress(scores.count)
    }
    return scores
  }
}
