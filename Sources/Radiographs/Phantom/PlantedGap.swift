/// What a label says about the truth in one group.
public struct LabelTruth: Codable, Sendable, Equatable {
  /// P(present | label 1).
  public var presentIfPositive: Double
  /// P(present | label 0).
  public var presentIfNegative: Double

  /// The rate of calls among labels 1 of a classifier that calls `sensitivity` of what is there
  /// and `falseAlarms` of what is not; the true-positive rate that an evaluation sees.
  public func truePositiveRate(sensitivity: Double = 1, falseAlarms: Double = 0) -> Double {
    sensitivity * presentIfPositive + falseAlarms * (1 - presentIfPositive)
  }

  /// The rate of calls among labels 0 of such a classifier.
  public func falsePositiveRate(sensitivity: Double = 1, falseAlarms: Double = 0) -> Double {
    sensitivity * presentIfNegative + falseAlarms * (1 - presentIfNegative)
  }

  /// The AUROC against the labels of a classifier whose AUROC against the truth is `trueAUROC`, in
  /// 0...1: ½ + (P(present | 1) − P(present | 0)) (A − ½).
  ///
  /// A pair of labels 1 and 0 is right, reversed or a tie in the truth; A, 1 − A and ½ of these are
  /// ranked as the labels say.
  public func auroc(trueAUROC: Double = 1) -> Double {
    0.5 + (presentIfPositive - presentIfNegative) * (trueAUROC - 0.5)
  }
}

/// The gap that wrong labels of one group make, for a classifier that is as good in all groups.
public struct PlantedGap: Codable, Sendable, Equatable {
  /// The group with the wrong labels.
  public var group: LabelTruth
  /// Everybody else.
  public var others: LabelTruth

  /// The group's true-positive rate less that of the others; for a perfect classifier unless told.
  public func truePositiveRate(sensitivity: Double = 1, falseAlarms: Double = 0) -> Double {
    group.truePositiveRate(sensitivity: sensitivity, falseAlarms: falseAlarms)
      - others.truePositiveRate(sensitivity: sensitivity, falseAlarms: falseAlarms)
  }

  /// The group's false-positive rate less that of the others.
  public func falsePositiveRate(sensitivity: Double = 1, falseAlarms: Double = 0) -> Double {
    group.falsePositiveRate(sensitivity: sensitivity, falseAlarms: falseAlarms)
      - others.falsePositiveRate(sensitivity: sensitivity, falseAlarms: falseAlarms)
  }

  /// The group's AUROC less that of the others.
  public func auroc(trueAUROC: Double = 1) -> Double {
    group.auroc(trueAUROC: trueAUROC) - others.auroc(trueAUROC: trueAUROC)
  }
}

extension PhantomDials {
  /// The gap planted in the labels of ``noise``'s finding, judged with these policies.
  ///
  /// With CheXpert's shares n₁, n₀, u and b of the labels 1, 0, −1 and none, a flip of chance p and
  /// q = P(present | −1), the labels 1 hold n₁(1 − p) that are there and n₀p that are not; the
  /// labels 0 hold n₁p that are there and n₀(1 − p) + b that are not. Uncertain labels add uq and
  /// u(1 − q) to the side that the policy puts them on, or each to its own where they are
  /// `adjudicated`. Blank labels that are ignored drop b.
  public func plantedGap(
    uncertain: LabelPolicy = .ignore, adjudicated: Bool = false, blank: BlankPolicy = .negative
  ) -> PlantedGap {
    func truth(_ flip: Double) -> LabelTruth {
      guard let finding = PhantomFinding.all.first(where: { $0.name == noise.finding }) else {
        return LabelTruth(presentIfPositive: 1, presentIfNegative: 0)
      }
      let present = finding.uncertain * presentIfUncertain(finding.name)
      let absent = finding.uncertain - present
      var positive = (there: finding.positive * (1 - flip), not: finding.negative * flip)
      var negative = (there: finding.positive * flip, not: finding.negative * (1 - flip))
      if blank == .negative { negative.not += finding.blank }
      if adjudicated {
        positive.there += present
        negative.not += absent
      }
      switch uncertain {
      case .uOnes: positive = (positive.there + present, positive.not + absent)
      case .uZeros: negative = (negative.there + present, negative.not + absent)
      case .ignore, .threeClass, .soft, .smooth: break
      }
      return LabelTruth(
        presentIfPositive: positive.there / (positive.there + positive.not),
        presentIfNegative: negative.there / (negative.there + negative.not))
    }
    return PlantedGap(group: truth(noise.probability), others: truth(noise.elsewhere))
  }
}
