/// A mean over findings that says which of them it is not over.
public struct FindingsMean: Sendable {
  /// The five findings of the CheXpert competition (Irvin et al. 2019).
  public static let competition = [
    "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Pleural Effusion",
  ]

  /// The mean over `findings`, in each replicate too.
  public var mean: Estimate
  /// The findings that it is over.
  public var findings: [String]
  /// The findings for which the number is undefined, and why; also those that were not measured.
  public var undefined: [(finding: String, reason: String)]

  /// The mean over `named`, or over those of them that `chosen` lists.
  public init(
    _ named: [(finding: String, estimate: Estimate)], over chosen: [String]? = nil,
    level: Double = 0.95
  ) {
    let wanted = chosen ?? named.map(\.finding)
    findings = []
    undefined = []
    var estimates: [Estimate] = []
    for finding in wanted {
      let estimate =
        named.first { $0.finding == finding }?.estimate
        ?? Estimate(point: .undefined("not measured"))
      if let reason = estimate.point.reason {
        undefined.append((finding, reason))
      } else {
        findings.append(finding)
        estimates.append(estimate)
      }
    }
    mean =
      estimates.isEmpty
      ? Estimate(point: .undefined(undefined.first?.reason ?? "nothing to average"))
      : Estimate.mean(estimates, level: level)
  }
}
