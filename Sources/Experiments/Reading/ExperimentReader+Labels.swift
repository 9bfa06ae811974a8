import Basics
import Pipeline
import Radiographs

/// The section that says what is learned.
extension ExperimentReader {
  func labelsSection() -> LabelsSection? {
    guard let reader = top.requiredSection("labels") else { return nil }
    if reader.node("attribute") != nil { return attributeTask(reader) }
    if reader.node("classes") != nil {
      reader.add("`labels.classes` has no effect without `labels.attribute`", at: "classes")
    }
    _ = ageEdges(reader, for: [])
    let findings = reader.requiredStrings("findings")
    if let findings, Set(findings).count < findings.count {
      reader.add("a finding is listed twice", at: "findings")
    }
    for finding in findings ?? [] where LabelsSection.reservedNames.contains(finding) {
      reader.add(
        "`\(finding)` names a column of every table and cannot be a finding", at: "findings")
    }
    let uncertain = uncertainPolicies(reader, findings ?? [])
    let blank = reader.choice("blank", among: ["negative", "ignore"], default: "negative")
    let head = reader.choice("head", among: ["sigmoid", "softmax"], default: "sigmoid")
    let noFinding = reader.choice(
      "no_finding", among: ["read", LabelsSection.derived], default: "read")
    let derives = noFinding == LabelsSection.derived
    if derives, let findings, !findings.contains(NoFinding.name) {
      reader.add(
        "`labels.no_finding` has no effect: `\(NoFinding.name)` is not among `labels.findings`",
        at: "no_finding")
    }
    return findings.map {
      LabelsSection(
        findings: $0, uncertain: uncertain, blank: blank, head: Head(rawValue: head) ?? .sigmoid,
        noFinding: derives ? noFinding : nil)
    }
  }

  /// `attribute: race`, of which one of several classes is learned.
  private func attributeTask(_ reader: SectionReader) -> LabelsSection? {
    let attribute = reader.requiredString("attribute")
    let classes = reader.requiredStrings("classes")
    if let classes, classes.count < 2 || Set(classes).count < classes.count {
      reader.add("`labels.classes` needs two different classes or more", at: "classes")
    }
    for name in classes ?? [] where LabelsSection.reservedNames.contains(name) {
      reader.add("`\(name)` names a column of every table and cannot be a class", at: "classes")
    }
    for key in ["findings", "uncertain", "blank", "head", "no_finding"]
    where reader.node(key) != nil {
      reader.add("`labels.\(key)` has no effect beside `labels.attribute`", at: key)
    }
    let edges = ageEdges(reader, for: attribute.map(FairnessSection.parts) ?? [])
    guard let attribute, let classes else { return nil }
    return LabelsSection(
      findings: classes, uncertain: classes.map { _ in .plain(.ignore) }, blank: "ignore",
      head: .sigmoid, attribute: attribute, ageEdges: edges)
  }

  /// One policy for all findings, or a map from findings to policies; those that the map does not
  /// name are `u-zeros`.
  private func uncertainPolicies(
    _ reader: SectionReader, _ findings: [String]
  ) -> [UncertainPolicy] {
    let entries = reader.node("uncertain")?.entries
    let keys = Self.policyKeys + Self.choiceKeys
    let isPolicy = entries?.contains { keys.contains($0.key) } == true
    guard entries != nil, !isPolicy, let map = reader.section("uncertain") else {
      let one = policy(reader, "uncertain")
      return findings.map { _ in one }
    }
    for finding in map.keys where !findings.contains(finding) {
      _ = map.node(finding)
      top.diagnostics.add(
        "`\(finding)` is not among `labels.findings`", at: map.keyPlace(of: finding),
        hint: nearestName(to: finding, among: findings).map { "did you mean `\($0)`?" })
    }
    let policies = findings.map { policy(map, $0) }
    let choices = policies.compactMap { policy -> PolicyChoice? in
      if case .bestOf(let choice) = policy { choice } else { nil }
    }
    if Set(choices).count > 1 {
      reader.add(
        "the findings that choose a policy choose from one list", at: "uncertain",
        hint: "write the same `best-of`, `choose` and `resplit` for each")
    } else if !choices.isEmpty, policies.contains(.selfTrain) {
      reader.add("`self-train` and `best-of` cannot both be in one training", at: "uncertain")
    }
    return policies
  }

  private static let policyKeys = ["soft", "smooth", UncertainPolicy.bestOfName]
  /// What only a choice has.
  private static let choiceKeys = ["choose", "resplit"]

  private func policy(_ reader: SectionReader, _ key: String) -> UncertainPolicy {
    guard reader.node(key)?.entries != nil, let section = reader.section(key) else {
      let names = LabelPolicy.named.map(\.description) + [UncertainPolicy.selfTrainName]
      let name = reader.choice(key, among: names, default: "u-zeros")
      return name == UncertainPolicy.selfTrainName
        ? .selfTrain : .plain(LabelPolicy(name: name) ?? .uZeros)
    }
    let soft = section.double("soft", in: 0...1)
    let smoothing = section.node("smooth") == nil ? nil : self.smoothing(section)
    let choice = choice(section)
    let kinds = Self.policyKeys.filter { section.node($0) != nil }
    if kinds.count != 1 {
      reader.add(
        "`\(reader.fullName(key))` needs one of `soft`, `smooth` and `best-of`", at: key)
    }
    if let choice { return .bestOf(choice) }
    if let smoothing { return .plain(.smooth(smoothing)) }
    return .plain(soft.map { .soft($0) } ?? .uZeros)
  }

  private func smoothing(_ reader: SectionReader) -> LabelSmoothing? {
    guard let section = reader.section("smooth") else { return nil }
    let ends = section.doubles("to", in: 0...1)
    let draw = section.choice(
      "draw", among: LabelSmoothing.Draw.allCases.map(\.rawValue), default: "once")
    guard let ends else {
      if section.node("to") == nil { _ = section.requiredNode("to") }
      return nil
    }
    guard ends.count == 2, ends[0] < ends[1] else {
      section.add("`to` is an interval, as in `[0.55, 0.85]`", at: "to")
      return nil
    }
    return LabelSmoothing(to: ends, draw: LabelSmoothing.Draw(rawValue: draw) ?? .once)
  }

  private func choice(_ section: SectionReader) -> PolicyChoice? {
    let names = [LabelPolicy.uZeros, .uOnes, .ignore].map(\.description)
    let written = section.choices(UncertainPolicy.bestOfName, among: names)
    let rule = section.choice("choose", among: PolicyChoice.Rule.allCases.map(\.rawValue))
    let resplit = section.section("resplit").map { reader in
      PolicyChoice.Resplit(
        below: reader.int("below", in: 1..., default: 10),
        valid: reader.double("valid", in: .leastNonzeroMagnitude..<1, default: 0.2))
    }
    guard let written else {
      for key in Self.choiceKeys
      where section.node(key) != nil && section.node(UncertainPolicy.bestOfName) == nil {
        section.add("`\(key)` has no effect without `best-of`", at: key)
      }
      return nil
    }
    if written.count < 2 || Set(written).count < written.count {
      section.add("a choice needs two different policies or more", at: UncertainPolicy.bestOfName)
    }
    return PolicyChoice(
      candidates: written.compactMap { LabelPolicy(name: $0) },
      choose: rule.flatMap(PolicyChoice.Rule.init) ?? .point, resplit: resplit)
  }
}
