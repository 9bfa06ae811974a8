/// A point of a curve, where ŷ = [s ≥ threshold].
public struct CurvePoint: Hashable, Sendable, Codable {
  /// The threshold; `nil` where nothing is predicted positive.
  public var threshold: Double?
  /// The false positive rate of a ROC curve, the recall of a precision–recall curve.
  public var x: Double
  /// The true positive rate of a ROC curve, the precision of a precision–recall curve.
  public var y: Double
}

/// A curve, or the reason why there is none.
public struct Curve: Hashable, Sendable {
  /// The points from the highest threshold to the lowest; empty where undefined.
  public var points: [CurvePoint]
  /// Why there is no curve.
  public var undefined: String?
}

extension OperatingPoints {
  /// The ROC curve, a point for each distinct score after (0, 0) (scikit-learn's `roc_curve`).
  ///
  /// Undefined without positives or without negatives.
  ///
  /// - Parameter corners: whether points on a straight line between their neighbours are left out.
  public func rocCurve(corners: Bool = true) -> Curve {
    guard positives > 0 else { return Curve(points: [], undefined: "0 positives") }
    guard negatives > 0 else { return Curve(points: [], undefined: "0 negatives") }
    let kept = thresholds.indices.filter { index in
      guard corners, index + 1 < thresholds.count else { return true }
      let (tp, fp) = index > 0 ? (truePositives[index - 1], falsePositives[index - 1]) : (0, 0)
      let before = (truePositives[index] - tp, falsePositives[index] - fp)
      let after = (
        truePositives[index + 1] - truePositives[index],
        falsePositives[index + 1] - falsePositives[index]
      )
      return before.0 * after.1 != before.1 * after.0
    }
    let start = CurvePoint(threshold: nil, x: 0, y: 0)
    return Curve(
      points: [start]
        + kept.map {
          CurvePoint(
            threshold: thresholds[$0], x: falsePositives[$0] / negatives,
            y: truePositives[$0] / positives)
        })
  }

  /// The precision–recall curve, a point for each distinct score after (0, 1) (scikit-learn's
  /// `precision_recall_curve`, from the other end).
  ///
  /// Undefined without positives.
  ///
  /// - Parameter corners: whether points inside a stretch of falling precision at one recall are left
  ///   out.
  public func precisionRecallCurve(corners: Bool = true) -> Curve {
    guard positives > 0 else { return Curve(points: [], undefined: "0 positives") }
    let kept = thresholds.indices.filter { index in
      guard truePositives[index] + falsePositives[index] > 0 else { return false }
      guard corners, index + 1 < thresholds.count else { return true }
      let before = index > 0 ? truePositives[index - 1] : 0
      return truePositives[index] != before || truePositives[index + 1] != truePositives[index]
    }
    let start = CurvePoint(threshold: nil, x: 0, y: 1)
    return Curve(
      points: [start]
        + kept.map {
          CurvePoint(
            threshold: thresholds[$0], x: truePositives[$0] / positives,
            y: truePositives[$0] / (truePositives[$0] + falsePositives[$0]))
        })
  }

  /// The largest sensitivity among thresholds with at least this specificity, 0 where only the one
  /// above all scores has it; no interpolation.
  ///
  /// Undefined without positives or negatives and for a specificity outside [0, 1].
  public func sensitivity(atSpecificity least: Double) -> Measure {
    extreme(least, above: 0) { tp, fp in
      (negatives - fp) / negatives >= least ? tp / positives : 0
    }
  }

  /// The largest specificity among thresholds with at least this sensitivity; no interpolation.
  ///
  /// Undefined as ``sensitivity(atSpecificity:)``.
  public func specificity(atSensitivity least: Double) -> Measure {
    extreme(least, above: least <= 0 ? 1 : 0) { tp, fp in
      tp / positives >= least ? (negatives - fp) / negatives : 0
    }
  }

  /// The largest value over the thresholds, that above all scores with it.
  private func extreme(
    _ rate: Double, above: Double, _ value: (Double, Double) -> Double
  ) -> Measure {
    guard positives > 0 else { return .undefined("0 positives") }
    guard negatives > 0 else { return .undefined("0 negatives") }
    guard (0...1).contains(rate) else { return .undefined("the rate \(rate) is not in 0…1") }
    let values = zip(truePositives, falsePositives).map(value)
    return Measure(values.reduce(above, max), otherwise: "the result is not a number")
  }
}
