import Basics

/// Splits of patients by chance, the same in whatever order a cohort lists its pictures.
extension Split {
  /// Shares out the patients of `cohort`.
  ///
  /// Each subset differs from its fraction by less than one patient in all, and by at most one in a
  /// stratum (``PatientStrata``).
  ///
  /// - Throws: for fractions that do not add up, unknown findings and cells that are no label, and
  ///   when a subset with a fraction above 0 stays empty.
  public init(
    _ cohort: Cohort, fractions: SplitFractions, seed: Int, stratify traits: [SplitTrait] = []
  ) throws(Diagnostics) {
    if !fractions.problems.isEmpty { throw Diagnostics(fractions.problems) }
    let strata = try PatientStrata(cohort, traits)
    let parts = strata.dealt(Subset.allCases.map { fractions[$0] }, seed: seed)
    self.init(cohort, subsetOf: parts.mapValues { Subset.allCases[$0] })
    try checkNoneIsEmpty(Subset.allCases.filter { fractions[$0] > 0 }, patients: strata.count)
  }

  /// Shares out the patients of `cohort` in `folds` equal parts: `fold`, from 0, is test, the next one
  /// (after the last the first) valid, the others train. Over all folds each patient is tested once.
  ///
  /// - Throws: for fewer than 3 folds, a fold that is none, as above, and when a subset stays empty.
  public init(
    _ cohort: Cohort, folds: Int, fold: Int, seed: Int, stratify traits: [SplitTrait] = []
  ) throws(Diagnostics) {
    guard folds >= 3, (0..<folds).contains(fold) else {
      throw Diagnostics([Diagnostic("there is no fold \(fold) of \(folds)")])
    }
    let strata = try PatientStrata(cohort, traits)
    let equal = Array(repeating: 1 / Double(folds), count: folds)
    self.init(
      cohort,
      subsetOf: strata.dealt(equal, seed: seed).mapValues { part in
        part == fold ? .test : part == (fold + 1) % folds ? .valid : .train
      })
    try checkNoneIsEmpty(Subset.allCases, patients: strata.count)
  }

  /// Tests on the pictures at which `isHeldOut`, and shares out the patients who have none of these
  /// between train and valid. The other pictures of patients who have are in no subset.
  ///
  /// - Throws: for unknown findings and cells that are no label, and when a subset stays empty.
  public init(
    _ cohort: Cohort, holdingOut isHeldOut: [Bool], train: Double, valid: Double, seed: Int,
    stratify traits: [SplitTrait] = []
  ) throws(Diagnostics) {
    let rows = cohort.images.indices.filter { isHeldOut[$0] }
    let tested = Set(rows.map { cohort.patients[$0] })
    let others = cohort.images.indices.filter { !tested.contains(cohort.patients[$0]) }
    let strata = try PatientStrata(cohort, rows: others, traits)
    let share = valid / (train + valid)
    let parts = strata.dealt([1 - share, share], seed: seed)
    self.init(
      cohort,
      subsets: cohort.images.indices.map { row in
        isHeldOut[row] ? .test : parts[cohort.patients[row]].map { $0 == 0 ? .train : .valid }
      })
    try checkNoneIsEmpty(Subset.allCases, patients: strata.count + tested.count)
  }

  /// Takes the subsets that the owners of the data have made, by any of their names (``Subset``).
  ///
  /// Where they have no test, their valid is the test. Where that leaves no valid, the fraction
  /// `valid` of the patients of train becomes it.
  ///
  /// - Parameter names: the subset of each picture; "" for none.
  /// - Throws: for a name that is no subset, patients in two subsets, and when a subset stays empty.
  public init(
    _ cohort: Cohort, official names: [String], valid: Double, seed: Int,
    stratify traits: [SplitTrait] = []
  ) throws(Diagnostics) {
    var wrong = DiagnosticList()
    var subsets = names.enumerated().map { row, name -> Subset? in
      let subset = Subset(foreign: name)
      if subset == nil, !name.isEmpty { wrong.add(unknownSubset(name, cohort.place(row))) }
      return subset
    }
    try wrong.throwIfAny()
    try Self.check(subsets, cohort, of: "the official split")
    if !subsets.contains(.test) { subsets = subsets.map { $0 == .valid ? .test : $0 } }
    if !subsets.contains(.valid) {
      let train = subsets.indices.filter { subsets[$0] == .train }
      let parts = try PatientStrata(cohort, rows: train, traits).dealt(
        [1 - valid, valid], seed: seed)
      for row in train where parts[cohort.patients[row]] == 1 { subsets[row] = .valid }
    }
    self.init(cohort, subsets: subsets)
    try checkNoneIsEmpty(Subset.allCases, patients: Set(patients).count)
  }

  func checkNoneIsEmpty(_ wanted: [Subset], patients count: Int) throws(Diagnostics) {
    let empty = wanted.filter { rows($0).isEmpty }
    guard !empty.isEmpty else { return }
    throw Diagnostics(
      empty.map {
        Diagnostic(
          "\(counted(count, "patient")) \(count == 1 ? "is" : "are") too few: "
            + "none is left for `\($0)`")
      })
  }
}
