import Basics
import Pipeline
import Radiographs

/// The section that says who is in train, valid and test.
extension ExperimentReader {
  func splitSection(_ findings: [String]) -> (section: SplitSection, file: String?) {
    let reader = top.sectionOrEmpty("split")
    let file = splitFile(reader)
    let by = reader.choice("by", among: ["patient", "official"], default: "patient")
    var section = SplitSection(by: file == nil ? by : SplitSection.file)
    section.folds = reader.int("folds", in: 3...1000)
    section.fold = reader.int("fold", in: 0...999)
    section.holdOut = holdOut(reader)
    let fractions = fractions(reader)
    let valid = reader.double("valid", in: .leastNonzeroMagnitude..<1)
    let seed = reader.int("seed", in: 0..., default: 0)
    let stratify = reader.strings("stratify")
    section.maxPerPatient = reader.int("max_per_patient", in: 1...)
    section.balance = groups(reader, "balance")
    section.match = groups(reader, "match")
    // What makes the split: one of these, each with keys that only it has.
    let makers = [
      (file != nil, "`split.file`"), (by == "official", "`by: official`"),
      (section.folds != nil, "`split.folds`"), (section.holdOut != nil, "`split.hold_out`"),
    ].filter(\.0).map(\.1)
    if makers.count > 1 {
      reader.diagnostics.add(
        "\(makers.joined(separator: " and ")) cannot both say who is in which subset",
        at: reader.place)
    }
    let maker = makers.first ?? "`by: patient`"
    func refuse(_ key: String, unless fits: Bool) {
      guard !fits, reader.node(key) != nil else { return }
      reader.add("`\(reader.fullName(key))` has no effect beside \(maker)", at: key)
    }
    let isDealt = file == nil && by == "patient"
    let cuts =
      section.maxPerPatient != nil || section.balance != nil || section.match != nil
    refuse("by", unless: file == nil)
    refuse("fractions", unless: isDealt && section.folds == nil)
    refuse("valid", unless: file == nil && by == "official")
    refuse("fold", unless: reader.node("folds") != nil)
    refuse("seed", unless: file == nil || cuts)
    refuse("stratify", unless: file == nil)
    if let folds = section.folds {
      if let fold = section.fold, fold >= folds {
        reader.add("the folds are 0 to \(folds - 1)", at: "fold")
      } else if section.fold == nil {
        reader.add("`split.fold` must say which fold is the test", at: "folds")
      }
    } else {
      section.fold = nil
    }
    if isDealt, section.folds == nil { section.fractions = fractions }
    if by == "official" { section.valid = valid ?? 0.1 }
    if file == nil || cuts { section.seed = seed }
    if file == nil { section.stratify = stratify ?? findings }
    section.ageEdges = ageEdges(reader, for: section.names.flatMap(\.names))
    return (section, file)
  }

  private func splitFile(_ reader: SectionReader) -> String? {
    let file = reader.path("file")
    if let file, !Files.exists(file) || Files.isFolder(file) {
      reader.add("there is no file `\(file)`", at: "file")
    }
    return file
  }

  private func fractions(_ reader: SectionReader) -> SplitSection.Fractions {
    let parts = reader.section("fractions")
    let standard = parts == nil
    let fractions = SplitSection.Fractions(
      train: parts?.requiredDouble("train", in: 0...1) ?? (standard ? 0.6 : 0),
      valid: parts?.requiredDouble("valid", in: 0...1) ?? (standard ? 0.2 : 0),
      test: parts?.requiredDouble("test", in: 0...1) ?? (standard ? 0.2 : 0))
    let sum = fractions.train + fractions.valid + fractions.test
    if abs(sum - 1) > 1e-9 {
      reader.add(
        "the fractions add up to \(Double(Int((sum * 1e6).rounded())) / 1e6), not to 1",
        at: "fractions")
    } else if fractions.train == 0 || fractions.valid == 0 || fractions.test == 0 {
      reader.add(
        "each subset needs patients: a training is judged on valid and on test", at: "fractions")
    }
    return fractions
  }

  /// `hold_out: {source: nih}`: one attribute with its value.
  private func holdOut(_ reader: SectionReader) -> [String: String]? {
    guard reader.node("hold_out") != nil, let section = reader.section("hold_out") else {
      return nil
    }
    guard let name = section.keys.first, section.keys.count == 1 else {
      reader.add(
        "`split.hold_out` names one attribute and the value that is test", at: "hold_out",
        hint: "write `hold_out: {source: nih}`")
      for key in section.keys { _ = section.node(key) }
      return nil
    }
    return section.requiredString(name).map { [name: $0] }
  }

  /// `race`, or `{by: race, groups: [Asian, Black]}`; a match says `on` what, too.
  private func groups(_ reader: SectionReader, _ key: String) -> SplitSection.Groups? {
    guard let node = reader.node(key) else { return nil }
    guard node.entries != nil, let section = reader.section(key) else {
      guard key == "balance" else {
        reader.add(
          "`\(reader.fullName(key))` needs `by` and `on`", at: key,
          hint: "write `\(key): {by: race, on: [age, Edema]}`")
        return nil
      }
      return reader.string(key).map { SplitSection.Groups(by: $0) }
    }
    let by = section.requiredString("by")
    let on = key == "match" ? section.requiredStrings("on") : nil
    let groups = keptGroups(section)
    return by.map { SplitSection.Groups(by: $0, on: on, groups: groups) }
  }

  /// `groups` of a section: the ones that stay.
  func keptGroups(_ reader: SectionReader) -> [String]? {
    let groups = reader.strings("groups")
    if let groups, Set(groups).count < max(groups.count, 2) {
      reader.add(
        "`\(reader.fullName("groups"))` needs two different groups or more", at: "groups")
    }
    return groups
  }

  /// `age_edges` of a section, where one of `names` is age; else nothing.
  func ageEdges(_ reader: SectionReader, for names: [String]) -> [Int]? {
    let written = reader.ints("age_edges", in: 1...119)
    guard names.contains(FairnessSection.age) else {
      if reader.node("age_edges") != nil {
        reader.add(
          "`\(reader.fullName("age_edges"))` has no effect where nothing is by age",
          at: "age_edges")
      }
      return nil
    }
    let edges = written ?? [40, 60, 80]
    checkAgeEdges(edges, reader)
    return edges
  }

  func checkAgeEdges(_ edges: [Int], _ reader: SectionReader) {
    if zip(edges, edges.dropFirst()).contains(where: { $0 >= $1 }) || edges.isEmpty {
      reader.add("the edges must rise", at: "age_edges")
    }
  }
}
