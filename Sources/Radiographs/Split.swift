import Basics

/// The parts of a cohort that a model is trained, chosen and tested on.
public enum Subset: String, Codable, Sendable, CaseIterable {
  /// Trained on.
  case train
  /// Epochs, thresholds and arms are chosen on.
  case valid
  /// Reported on.
  case test
}

/// Which subset each picture of a cohort belongs to; a patient's pictures are always together.
public struct Split: Sendable, Equatable {
  /// The keys of the pictures, in the order of the cohort.
  public let images: [String]
  /// The patient of each picture.
  public let patients: [String]
  /// The study of each picture; "" where the data set has none.
  public let studies: [String]
  /// The subset of each picture; `nil` where it is in none.
  public let subsets: [Subset?]

  /// Gives every picture of `cohort` the subset of its patient.
  init(_ cohort: Cohort, subsetOf: [String: Subset]) {
    self.init(cohort, subsets: cohort.patients.map { subsetOf[$0] })
  }

  init(_ cohort: Cohort, subsets: [Subset?]) {
    self.init(
      images: cohort.images, patients: cohort.patients, studies: cohort.studies, subsets: subsets)
  }

  /// Puts every picture of `cohort` into `subset`.
  public init(_ cohort: Cohort, all subset: Subset) {
    self.init(cohort, subsets: cohort.images.map { _ in subset })
  }

  /// The rows of the cohort that are in `subset`.
  public func rows(_ subset: Subset) -> [Int] {
    subsets.indices.filter { subsets[$0] == subset }
  }

  /// How many pictures are in no subset.
  public var leftOut: Int { subsets.count { $0 == nil } }
}
