extension PhantomDials {
  /// The AUROC against the truth, in 0...1, that a policy for uncertain labels lets a classifier
  /// reach on the planted uncertainty; `nil` for findings that have none, and for U-Ignore.
  ///
  /// The classifier tells what is certain from what is not mentioned without error, and ranks
  /// uncertain cases, which look alike, with the class that its training labels put them in. With
  /// n₁, u and q the shares of the labels 1 and −1 and P(present | −1), prevalence π = n₁ + uq:
  ///
  /// U-Ones ties the uncertain negatives with the positives: 1 − ½ u(1 − q) / (1 − π);
  /// U-Zeros ties the uncertain positives with the negatives: 1 − ½ uq / π.
  ///
  /// U-Ones is the better one exactly where q > π.
  public func auroc(of finding: String, uncertain: LabelPolicy) -> Double? {
    guard let rates = PhantomFinding.all.first(where: { $0.name == finding }), rates.uncertain > 0
    else { return nil }
    let present = presentIfUncertain(finding)
    let prevalence = rates.prevalence(present)
    switch uncertain {
    case .uOnes: return 1 - rates.uncertain * (1 - present) / (1 - prevalence) / 2
    case .uZeros: return 1 - rates.uncertain * present / prevalence / 2
    case .ignore, .threeClass, .soft, .smooth: return nil
    }
  }
}

extension PhantomDials {
  /// The policy for uncertain labels of `finding` that ranks it better; `nil` where neither does.
  public func suitedPolicy(_ finding: String) -> LabelPolicy? {
    guard let ones = auroc(of: finding, uncertain: .uOnes),
      let zeros = auroc(of: finding, uncertain: .uZeros), ones != zeros
    else { return nil }
    return ones > zeros ? .uOnes : .uZeros
  }
}
