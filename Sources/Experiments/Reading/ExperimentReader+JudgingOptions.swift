import Basics
import Metrics
import Pipeline
import Radiographs

/// The keys of `eval` and `fairness` that ask for more than the standard figures.
extension ExperimentReader {
  /// `eval.at`: the rates at which the other one is measured.
  func givenRates(_ reader: SectionReader) -> GivenRatesSection? {
    guard let at = reader.section("at") else { return nil }
    let section = GivenRatesSection(
      sensitivity: at.doubles("sensitivity", in: 0...1) ?? [],
      specificity: at.doubles("specificity", in: 0...1) ?? [])
    for (key, rates) in [
      ("sensitivity", section.sensitivity), ("specificity", section.specificity),
    ] where Set(rates).count < rates.count {
      at.add("a \(key) is listed twice", at: key)
    }
    return section.sensitivity.isEmpty && section.specificity.isEmpty ? nil : section
  }

  /// `eval.means`: means over lists of findings, by name.
  func means(_ reader: SectionReader) -> [String: [String]]? {
    guard let map = reader.section("means") else { return nil }
    var means: [String: [String]] = [:]
    for name in map.keys {
      if name.isEmpty || name.contains(".") {
        map.diagnostics.add(
          "`\(name)` is no name of a mean: it becomes a part of `test.mean.<name>.auroc`",
          at: map.keyPlace(of: name))
      }
      guard let findings = map.requiredStrings(name) else { continue }
      if Set(findings).count < findings.count { map.add("a finding is listed twice", at: name) }
      means[name] = findings
    }
    return means.isEmpty ? nil : means
  }

  /// `fairness.age_edges`, or `fairness.age_bins` in its place.
  func ageGroups(_ reader: SectionReader) -> (edges: [Int]?, bins: String?) {
    let edges = reader.ints("age_edges", in: 1...119)
    if let edges, zip(edges, edges.dropFirst()).contains(where: { $0 >= $1 }) || edges.isEmpty {
      reader.add("the edges must rise", at: "age_edges")
    }
    guard let bins = reader.string("age_bins") else { return (edges ?? [40, 60, 80], nil) }
    if edges != nil {
      reader.add("`fairness.age_edges` has no effect beside `fairness.age_bins`", at: "age_edges")
    }
    do {
      if try FairnessSection.quantileCount(bins) == nil { _ = try AgeBins(parsing: bins) }
    } catch {
      reader.add(error.message, at: "age_bins", hint: error.hint)
    }
    return (nil, bins)
  }

  /// `fairness.privileged`: the group of an attribute that the others are held against.
  func privileged(_ reader: SectionReader, by: [String]) -> [String: String]? {
    guard let map = reader.section("privileged") else { return nil }
    var groups: [String: String] = [:]
    for name in map.keys {
      let group = map.requiredString(name)
      guard by.contains(name) else {
        map.diagnostics.add(
          "`\(name)` is not among `fairness.by`", at: map.keyPlace(of: name),
          hint: nearestName(to: name, among: by).map { "did you mean `\($0)`?" })
        continue
      }
      groups[name] = group
    }
    return groups.isEmpty ? nil : groups
  }

  /// The findings and attributes that the options name, once the tables are known.
  func checkOptions(
    _ cohort: (section: CohortSection, files: ExperimentFiles), _ findings: [String],
    _ eval: EvalSection, _ headers: [HeaderKey: CohortHeader]
  ) {
    let reader = top.sectionOrEmpty("eval")
    if let means = eval.means, let map = reader.section("means") {
      for (name, list) in means.sorted(by: { $0.key < $1.key }) {
        for finding in list where !findings.contains(finding) {
          map.add(
            "`\(finding)` is not among `labels.findings`", at: name,
            hint: nearestName(to: finding, among: findings).map { "did you mean `\($0)`?" })
        }
      }
    }
    guard let strata = eval.strata,
      let header = headers[HeaderKey(section: cohort.section, files: cohort.files)],
      header.wrong.isEmpty
    else { return }
    if Set(strata).count < strata.count {
      reader.add("a stratum is listed twice", at: "strata")
    }
    let names = findings + header.attributes
    for name in strata {
      if name == "age" {
        reader.add("nearly every age would be a stratum of its own", at: "strata")
      } else if !names.contains(name) {
        reader.add(
          "`\(name)` is neither among `labels.findings` nor an attribute", at: "strata",
          hint: nearestName(to: name, among: names).map { "did you mean `\($0)`?" })
      }
    }
  }
}

extension FairnessSection {
  /// How many bins `quantiles 4` asks for; `nil` for bins with edges.
  package static func quantileCount(_ text: String) throws(Diagnostic) -> Int? {
    let words = text.split(separator: " ")
    guard words.first.map(String.init) == quantiles else { return nil }
    guard words.count == 2, let count = Int(words[1]), (2...100).contains(count) else {
      throw Diagnostic(
        "`\(text)` is no number of age groups", hint: "an example is `quantiles 4`, from 2 to 100")
    }
    return count
  }

  /// The age groups, of which quantiles depend on the `ages` of all pictures.
  package func bins(ages: [Double?]) throws(Diagnostic) -> AgeBins {
    guard let ageBins else {
      return try AgeBins(edges: [0] + (ageEdges ?? []).map(Double.init), isOpen: true)
    }
    if let count = try Self.quantileCount(ageBins) {
      return try AgeBins(quantiles: count, of: ages)
    }
    return try AgeBins(parsing: ageBins)
  }
}
