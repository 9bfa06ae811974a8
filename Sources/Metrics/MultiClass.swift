import Basics

/// The scored cases of one attribute or finding with several classes (race, or three-class labels).
public struct MultiClass: Sendable {
  /// The classes.
  public let classes: [String]
  /// The scores, `[case][class]`, all finite.
  public let scores: [[Double]]
  /// The class of each case; `nil` where it is not evaluated.
  public let truth: [Int?]
  /// The patient of each case, as in ``Cases``.
  public let patient: [Int]

  /// Cases from lists of one length.
  ///
  /// - Throws: for lists of different lengths, more than 1,000 classes, a case without one score per class, scores that are not
  ///   finite (with their number), a truth that is no class, and patient numbers as ``Cases``.
  public init(
    classes: [String], scores: [[Double]], truth: [Int?], patient: [Int]
  ) throws(Diagnostic) {
    guard truth.count == scores.count, patient.count == scores.count else {
      throw Diagnostic(
        "there are \(truth.count) truths and \(patient.count) patients for \(scores.count) cases")
    }
    guard classes.count <= 1_000 else {
      throw Diagnostic("there are \(classes.count) classes, and 1000 at most are compared")
    }
    if let wrong = scores.first(where: { $0.count != classes.count }) {
      throw Diagnostic("a case has \(wrong.count) scores for \(classes.count) classes")
    }
    let broken = scores.count { !$0.allSatisfy(\.isFinite) }
    guard broken == 0 else {
      throw Diagnostic("\(broken) of \(scores.count) cases have scores that are NaN or infinite")
    }
    if let wrong = truth.lazy.compactMap({ $0 }).first(where: { !classes.indices.contains($0) }) {
      throw Diagnostic("a case has the class \(wrong), and there are \(classes.count)")
    }
    if let wrong = patient.first(where: { !(0..<Cases.patientLimit).contains($0) }) {
      throw Diagnostic("a case has the patient number \(wrong), not in 0..<\(Cases.patientLimit)")
    }
    self.classes = classes
    self.scores = scores
    self.truth = truth
    self.patient = patient
  }

  /// The class with the highest score of each case, the first of equals; `nil` without classes.
  public var predicted: [Int?] {
    scores.map { scores in
      scores.indices.reduce(nil as Int?) { best, index in
        best.map { scores[index] > scores[$0] ? index : $0 } ?? index
      }
    }
  }

  /// The cases of one class against all others, which its scores rank.
  ///
  /// - Throws: for a class that there is not.
  public func oneVersusRest(_ index: Int) throws(Diagnostic) -> Cases {
    guard classes.indices.contains(index) else {
      throw Diagnostic("there is no class \(index) among \(classes.count)")
    }
    return try Cases(
      scores: scores.map { $0[index] }, truth: truth.map { $0.map { $0 == index } },
      patient: patient)
  }
}

/// What is measured of several classes.
public struct MultiClassEstimates: Sendable {
  /// How many cases of each class (row) are predicted as each (column).
  public var confusion: [[Double]]
  /// The share of cases predicted rightly; undefined without cases.
  public var accuracy: Estimate
  /// The mean over classes of the share of their cases predicted rightly, over the classes that have
  /// cases as in scikit-learn; undefined without cases.
  public var balancedAccuracy: Estimate
  /// The AUROC of each class against the rest; undefined where one side has no case.
  public var aurocs: [Estimate]
  /// The mean of `aurocs` over the classes for which it is defined (one-vs-rest, macro).
  public var auroc: Estimate
}

extension MultiClass {
  /// Every number, with bootstrap intervals where there are `draws`.
  ///
  /// - Throws: as ``evaluate(_:threshold:draws:interval:level:threads:)``.
  public func estimates(
    draws: PatientDraws? = nil, level: Double = 0.95, threads: Int = processorCount
  ) throws(Diagnostic) -> MultiClassEstimates {
    var aurocs: [Estimate] = []
    for index in classes.indices {
      let cases = try oneVersusRest(index)
      aurocs.append(try evaluate(cases, draws: draws, level: level, threads: threads)[.auroc])
    }
    let (count, predicted) = (classes.count, self.predicted)
    let sums = PatientSums(
      columns: count * count, patient: patient, cases: truth.indices.filter { truth[$0] != nil }
    ) { index, add in
      if let truth = truth[index], let predicted = predicted[index] {
        add(truth * count + predicted, 1)
      }
    }
    let totals = sums.totals
    let replicates = sums.replicates(draws, threads: threads)
    func row(_ sums: [Double], _ index: Int) -> ArraySlice<Double> {
      sums[index * count..<(index + 1) * count]
    }
    return MultiClassEstimates(
      confusion: classes.indices.map { Array(row(totals, $0)) },
      accuracy: PatientSums.estimate(totals, replicates, level: level) { sums in
        .ratio(
          classes.indices.reduce(0) { $0 + sums[$1 * count + $1] }, sums.reduce(0, +),
          or: "0 cases")
      },
      balancedAccuracy: PatientSums.estimate(totals, replicates, level: level) { sums in
        let recalls = classes.indices.map { index in
          Measure.ratio(sums[index * count + index], row(sums, index).reduce(0, +), or: "0 cases")
        }
        return Measure.mean(recalls)
      },
      aurocs: aurocs, auroc: Estimate.mean(aurocs, level: level))
  }
}
