import Basics

/// Train and valid shared out again, to choose by where valid is too small.
extension Split {
  /// How many patients have a positive and how many a negative picture of a finding in `subset`.
  ///
  /// - Parameter labels: of each picture of the split.
  public func patients(_ subset: Subset, with labels: [Float?]) -> (positive: Int, negative: Int) {
    var known: [Set<String>] = [[], []]
    for (row, label) in zip(rows(subset), rows(subset).map { labels[$0] }) {
      if let label { known[label > 0.5 ? 1 : 0].insert(patients[row]) }
    }
    return (known[1].count, known[0].count)
  }

  /// The split with the patients of train and valid shared out anew; test is in no subset.
  ///
  /// - Parameters:
  ///   - cohort: the pictures of the split.
  ///   - share: the share of these patients that valid gets.
  /// - Throws: for another cohort, unknown findings and cells that are no label, and when a subset
  ///   stays empty.
  public func sharedAgain(
    _ cohort: Cohort, valid share: Double, seed: Int, stratify traits: [SplitTrait]
  ) throws(Diagnostics) -> Split {
    guard cohort.images == images else {
      throw Diagnostics([Diagnostic("cohort and split are of different pictures")])
    }
    let rows = images.indices.filter { subsets[$0] == .train || subsets[$0] == .valid }
    let strata = try PatientStrata(cohort, rows: rows, traits)
    let parts = strata.dealt([1 - share, share], seed: seed)
    var again = [Subset?](repeating: nil, count: images.count)
    for row in rows { again[row] = parts[patients[row]].map { $0 == 0 ? .train : .valid } }
    let split = Split(cohort, subsets: again)
    try split.checkNoneIsEmpty([.train, .valid], patients: strata.count)
    return split
  }
}
