import Basics
import Experiments
import Pipeline
import Radiographs

/// `split`: who is in which subset, then what is left out.
func splitStage(_ job: Job, _ context: JobContext) throws {
  let parameters = try context.parameters(as: SplitParameters.self)
  let section = parameters.split
  let cohort = try context.cohort()
  var split = try section.split(of: cohort, context)
  if let limit = section.maxPerPatient {
    split = split.limited(to: limit, seed: section.seed ?? 0)
  }
  if let balance = section.balance {
    split = try section.evened(split, Subset.allCases, balance, cohort, parameters)
  }
  if let match = section.match {
    split = try section.evened(split, [.test], match, cohort, parameters)
  }
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
    _ split: Split, _ subsets: [Subset], _ cut: Groups, _ cohort: Cohort,
    _ parameters: SplitParameters
  ) throws -> Split {
    let groups = try cohort.groups(cut.by, ageEdges: ageEdges ?? [], keeping: cut.groups)
    let columns = try (cut.on ?? []).map { name -> [String] in
      switch try trait(name, cohort) {
      case .finding: try parameters.truth(of: name, cohort)
      case .groups(let groups): groups.map { $0 ?? "" }
      }
    }
    let strata = cohort.images.indices.map { row in
      columns.map { $0[row] }.joined(separator: ", ")
    }
    return try split.evened(subsets, groups: groups, strata: strata, seed: seed ?? 0)
  }
}

extension SplitParameters {
  /// What each picture of `cohort` is in the truth of a finding, apart where it is uncertain or not
  /// used: some truths leave these out.
  fileprivate func truth(of finding: String, _ cohort: Cohort) throws -> [String] {
    let truth = try LabelTable(
      cohort, findings: [finding], uncertain: [.threeClass],
      blank: eval == nil ? .negative : .ignore, derivesNoFinding: labels?.noFinding != nil)
    return (truth.values.first ?? []).map { value in
      switch value {
      case nil: ""
      case LabelPolicy.uncertainClass?: "-1"
      case let value?: value > 0.5 ? "1" : "0"
      }
    }
  }
}
