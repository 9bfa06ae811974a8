import Basics

/// What tables of patients say, which may be several things of one.
extension CohortDraft {
  /// An attribute of patients whose texts stand for the groups in `table`; a text that stands for
  /// none is missing and counted. Of several groups of a patient `policy` takes one, missing ones
  /// aside, and it is said how many patients that touched.
  ///
  /// - Parameter texts: for each patient what the tables say, in their order.
  mutating func addPatientGroups(
    _ name: String, _ texts: [String: [String]], _ table: [String: String],
    _ policy: ContradictionPolicy
  ) {
    var chosen: [String: String] = [:]
    var contradicted = 0
    for patient in patients where chosen[patient] == nil {
      var groups: [String] = []
      for text in texts[patient] ?? [] {
        let group = group(name, text, table, patient)
        if !group.isEmpty { groups.append(group) }
      }
      if Set(groups).count > 1 { contradicted += 1 }
      chosen[patient] = policy.choice(groups)
    }
    if contradicted > 0 {
      remarks.append(
        "\(counted(contradicted, "patient")) with two values of `\(name)`: "
          + (policy == .dropInconsistent ? "taken as missing" : "the \(policy.rawValue) is taken"))
    }
    columns.append(Cohort.Column(name, .attribute, patients.map { chosen[$0] ?? "" }))
  }

  /// The attribute of the subsets that a table of its own gives, and how many pictures it lacks.
  mutating func addSubsets(_ subsets: [String?], without lack: String) {
    let without = subsets.count { $0 == nil }
    if without > 0 {
      remarks.append(
        "\(counted(without, "picture")) of the table \(without == 1 ? "is" : "are") \(lack)")
    }
    addAttribute(CohortDraft.subsetColumn, subsets.map { $0 ?? "" })
  }

  /// Says how many patients a table of demographics does not list.
  mutating func noteAbsent(_ isListed: (String) -> Bool) {
    let absent = Set(patients.filter { !isListed($0) }).count
    if absent > 0 {
      remarks.append(
        "\(counted(absent, "patient")) \(absent == 1 ? "has" : "have") no demographics")
    }
  }
}
