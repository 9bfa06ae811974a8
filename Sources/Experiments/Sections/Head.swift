/// The logits of a finding, and how they become its score.
package enum Head: String, Codable, Hashable, Sendable {
  /// One logit x; the score is σ(x).
  case sigmoid
  /// Two logits, negative and positive; the score is the softmax over both.
  case softmax
  /// Three logits, negative, positive and uncertain; the score is the softmax over the first two
  /// alone, p₁ / (p₀ + p₁).
  case threeClass = "3-class"
  /// One logit for each of several classes that exclude each other; the scores are the softmax over all
  /// of them.
  case oneOf = "one-of"

  /// How many logits.
  package var logits: Int {
    switch self {
    case .sigmoid, .oneOf: 1
    case .softmax: 2
    case .threeClass: 3
    }
  }
}
