import Basics

/// The scored cases of one finding at one unit of evaluation (image, study or patient).
public struct Cases: Sendable {
  /// The scores, one per case, all finite.
  public let scores: [Double]
  /// The truth; `nil` where the case is not evaluated.
  public let truth: [Bool?]
  /// The patient of each case, numbered from 0 over all patients of the subset, including those of
  /// whom no case is evaluated: patients are drawn before such cases are dropped.
  public let patient: [Int]

  /// One more than the largest patient number: numbers are dense, and bound what memory is used.
  public static let patientLimit = 1 << 24

  /// Cases from lists of one length.
  ///
  /// - Throws: for lists of different lengths, scores that are not finite (with their number) and
  ///   patient numbers that are negative or not below `patientLimit`.
  public init(scores: [Double], truth: [Bool?], patient: [Int]) throws(Diagnostic) {
    try checkCases(scores: scores, truth: truth.count, weights: nil)
    guard patient.count == scores.count else {
      throw Diagnostic("there are \(patient.count) patients for \(scores.count) scores")
    }
    if let wrong = patient.first(where: { !(0..<Self.patientLimit).contains($0) }) {
      throw Diagnostic("a case has the patient number \(wrong), not in 0..<\(Self.patientLimit)")
    }
    self.scores = scores
    self.truth = truth
    self.patient = patient
  }

  /// How many cases there are, evaluated or not.
  public var count: Int { scores.count }

  /// Why the scores are no probabilities; `nil` where each is in [0, 1].
  public var probabilityObjection: String? {
    let outside = scores.count { !(0...1).contains($0) }
    return outside == 0 ? nil : "\(outside) of \(scores.count) scores are not in 0…1"
  }

  /// The indices of evaluated cases by falling score.
  var ranked: [Int] {
    descendingOrder(of: scores.indices.filter { truth[$0] != nil }, by: scores)
  }
}

/// How many images, patients, positives and negatives of a group are evaluated.
public struct CaseCounts: Hashable, Sendable, Codable {
  /// The evaluated cases.
  public var images: Int
  /// The patients with an evaluated case.
  public var patients: Int
  /// The positive cases.
  public var positives: Int
  /// The negative cases.
  public var negatives: Int

  /// The counts of the evaluated cases at `indices`.
  init(of indices: [Int], in cases: Cases) {
    images = indices.count
    patients = Set(indices.map { cases.patient[$0] }).count
    positives = indices.count { cases.truth[$0] == true }
    negatives = images - positives
  }
}
