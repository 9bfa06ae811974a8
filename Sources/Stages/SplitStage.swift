import Basics
import Experiments
import Pipeline
import Radiographs

/// `split`: who is in which subset, then what is left out.
func splitStage(_ job: Job, _ context: JobContext) throws {
  let section = try context.parameters(as: SplitParameters.self).split
  let cohort = try context.cohort()
  var split = try section.split(of: cohort, context)
  if let limit = section.maxPerPatient {
    split = split.limited(to: limit, seed: section.seed ?? 0)
  }
  if let balance = section.balance {
    split = try section.evened(split, Subset.allCases, balance, cohort)
  }
  if let match = section.match { split = try section.evened(split, [.test], match, cohort) }
  if split.leftOut > 0 {
    context.log("\(counted(split.leftOut, "picture")) of the cohort in no subset")
  }
  try split.write(to: context.output(OutputName.split))
}

extension SplitSection {
  /// The subsets before anything is left out.
  fileprivate func split(of cohort: Cohort, _ context: JobContext) throws -> Split {
    let seed = seed ?? 0
    if by == SplitSection.file {
      let (split, strangeRows) = try Split.reading(table: context.input("file"), cohort: cohort)
      if strangeRows > 0 {
        context.log(
          "\(counted(strangeRows, "row")) of the split file \(strangeRows == 1 ? "names" : "name") "
            + "no picture of the cohort")
      }
      return split
    }
    let traits = try (stratify ?? []).map { try trait($0, cohort) }
    if by == "official" {
      return try Split(
        cohort, official: cohort.attribute(SplitSection.officialAttribute), valid: valid ?? 0,
        seed: seed, stratify: traits)
    }
    if let folds, let fold {
      return try Split(cohort, folds: folds, fold: fold, seed: seed, stratify: traits)
    }
    guard let fractions else { throw Diagnostic("the split has no fractions") }
    if let (name, value) = holdOut?.first {
      let cells = try cohort.attribute(name)
      guard cells.contains(value) else {
        throw Diagnostic(
          "no picture has `\(value)` for `\(name)`, which is held out",
          hint: nearestName(to: value, among: Set(cells).sorted()).map { "did you mean `\($0)`?" })
      }
      return try Split(
        cohort, holdingOut: cells.map { $0 == value }, train: fractions.train,
        valid: fractions.valid, seed: seed, stratify: traits)
    }
    return try Split(
      cohort,
      fractions: SplitFractions(
        train: fractions.train, valid: fractions.valid, test: fractions.test),
      seed: seed, stratify: traits)
  }

  /// A finding, or an attribute; a column that may be either is a finding where nearly all of its cells
  /// are labels, so that one that is none is reported.
  private func trait(_ name: String, _ cohort: Cohort) throws -> SplitTrait {
    guard cohort.attributes.contains(name) else { return .finding(name) }
    let cells = try cohort.attribute(name)
    let labels = cells.count { RawLabel($0) != nil }
    return cohort.findings.contains(name) && 10 * labels >= 9 * cells.count
      ? .finding(name) : .groups(try cohort.groups(name, ageEdges: ageEdges ?? []))
  }

  /// `split` with the groups of `cut` made equally large, and alike in what the groups say.
  fileprivate func evened(
    _ split: Split, _ subsets: [Subset], _ cut: Groups, _ cohort: Cohort
  ) throws -> Split {
    let all = try cohort.groups(cut.by, ageEdges: ageEdges ?? [])
    if let unknown = cut.groups?.first(where: { !all.contains($0) }) {
      let names = Set(all.compactMap { $0 }).sorted()
      throw Diagnostic(
        "no picture has `\(unknown)` for `\(cut.by)`",
        hint: nearestName(to: unknown, among: names).map { "did you mean `\($0)`?" }
          ?? "the groups are \(names.prefix(20).quotedList)")
    }
    let groups = all.map { group in
      group.flatMap { cut.groups?.contains($0) == false ? nil : $0 }
    }
    let columns = try (cut.on ?? []).map { name -> [String] in
      switch try trait(name, cohort) {
      // Uncertain cases are apart: some truths leave them out.
      case .finding: try cohort.labels(of: name).map { $0 == .blank ? "0" : "\($0.rawValue)" }
      case .groups(let groups): groups.map { $0 ?? "" }
      }
    }
    let strata = cohort.images.indices.map { row in
      columns.map { $0[row] }.joined(separator: ", ")
    }
    return try split.evened(subsets, groups: groups, strata: strata, seed: seed ?? 0)
  }
}
