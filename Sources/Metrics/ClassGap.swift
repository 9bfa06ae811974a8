extension Confusion {
  /// |sensitivity − specificity|: how differently the two *classes* fare.
  ///
  /// Some programs compute group gaps with the classes as the groups. The "true positive rate" of the
  /// class of negatives is then the specificity and its "false positive rate" 1 − specificity, so that
  /// both gaps are this number. It compares classes and not patients, and says nothing of fairness.
  /// In [0, 1]; undefined without positives or without negatives.
  public var classGap: Measure { (sensitivity - specificity).map(abs) }

  /// The positive likelihood ratio TPR / FPR = sensitivity / (1 − specificity).
  ///
  /// At least 0; 1 says that a positive prediction means nothing. The programs of ``classGap`` print it
  /// as their disparate impact; it is none. Undefined without positives or negatives, and where no
  /// negative is predicted positive.
  public var likelihoodRatio: Measure {
    guard let sensitivity = sensitivity.value else { return self.sensitivity }
    guard let rate = falsePositiveRate.value else { return falsePositiveRate }
    return .ratio(sensitivity, rate, or: "0 false positives")
  }
}
