import Basics

/// How many pictures of a sample are negative, positive and uncertain for a finding.
public struct ClassCounts: Sendable, Equatable, Codable {
  /// How many are negative.
  public var negative: Int
  /// How many are positive.
  public var positive: Int
  /// How many are uncertain, where that is a class of its own.
  public var uncertain = 0
}

/// What the loss of a negative and a positive picture is multiplied with.
public struct ClassWeight: Sendable, Equatable, Codable {
  /// The weight of a negative picture.
  public var negative: Double
  /// The weight of a positive picture.
  public var positive: Double
  /// The weight of an uncertain picture, where that is a class of its own.
  public var uncertain: Double

  /// The weights of the classes.
  public init(negative: Double, positive: Double, uncertain: Double = 1) {
    self.negative = negative
    self.positive = positive
    self.uncertain = uncertain
  }
}

/// How the weights of the classes come about.
public enum ClassWeighting: Sendable, Equatable {
  /// Every picture weighs 1.
  case none
  /// w_c = N / (K n_c) for K classes, counted after sampling: the classes weigh as much in sum, and
  /// a picture 1 on average (King and Zeng 2001; scikit-learn's `balanced`). K is 3 where uncertain
  /// is a class of its own, else 2.
  case balanced
  /// The same weights for every finding.
  case same(ClassWeight)
  /// Weights of its own for each finding.
  case each([String: ClassWeight])

  func weights(
    _ findings: [String], _ counts: [ClassCounts]
  ) throws(Diagnostics) -> [ClassWeight] {
    var wrong: [Diagnostic] = []
    let weights = zip(findings, counts).map { finding, count -> ClassWeight in
      switch self {
      case .none:
        return ClassWeight(negative: 1, positive: 1)
      case .balanced:
        let all = Double(count.negative + count.positive + count.uncertain)
        let classes = count.uncertain > 0 ? 3.0 : 2.0
        func weight(_ cases: Int) -> Double { cases == 0 ? 1 : all / (classes * Double(cases)) }
        return ClassWeight(
          negative: weight(count.negative), positive: weight(count.positive),
          uncertain: weight(count.uncertain))
      case .same(let weight):
        return weight
      case .each(let weights):
        if let weight = weights[finding] { return weight }
        wrong.append(Diagnostic("`\(finding)` has no class weights"))
        return ClassWeight(negative: 1, positive: 1)
      }
    }
    for (finding, weight) in zip(findings, weights)
    where [weight.negative, weight.positive].contains(where: { !($0 > 0 && $0.isFinite) }) {
      wrong.append(
        Diagnostic("the class weights of `\(finding)` are not both finite and above 0"))
    }
    if case .each(let given) = self {
      for finding in given.keys.sorted() where !findings.contains(finding) {
        let near = nearestName(to: finding, among: findings)
        wrong.append(
          Diagnostic(
            "class weights are given for `\(finding)`, which is not trained",
            hint: near.map { "did you mean `\($0)`?" }))
      }
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    return weights
  }
}
