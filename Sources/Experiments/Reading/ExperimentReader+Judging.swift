import Basics
import Metrics
import Pipeline
import Radiographs

/// The sections that say how an experiment is judged, and the names that only the data can check.
extension ExperimentReader {
  /// - Parameter adjudicated: the table of the cohort's own truth, which a phantom has.
  func evalSection(adjudicated: String?) -> (section: EvalSection, adjudicated: String?) {
    let reader = top.sectionOrEmpty("eval")
    let uncertain = reader.choice(
      "uncertain", among: ["exclude", "u-zeros", "u-ones", EvalSection.adjudicated],
      default: "exclude")
    let table = reader.path("adjudicated") ?? adjudicated
    if uncertain != EvalSection.adjudicated {
      if reader.node("adjudicated") != nil {
        reader.add(
          "`eval.adjudicated` has no effect without `eval.uncertain: adjudicated`",
          at: "adjudicated")
      }
    } else if let table {
      if !Files.exists(table) || Files.isFolder(table) {
        reader.add("there is no file `\(table)`", at: "adjudicated")
      }
    } else {
      reader.add(
        "`eval.adjudicated` must name the table that decides what uncertain labels are",
        at: "uncertain")
    }
    let threshold = reader.sectionOrEmpty("threshold")
    let rule = threshold.string("rule", default: "youden")
    do {
      if case .fixed(let value) = try ThresholdRule(parsing: rule), !isScoring,
        !(0...1).contains(value)
      {
        threshold.add("scores are from 0 to 1, and so is a fixed threshold", at: "rule")
      }
    } catch {
      threshold.add(error.message, at: "rule", hint: error.hint)
    }
    let bootstrap = reader.int(
      "bootstrap", in: 0...100_000, default: EvalSection.usualBootstrap)
    if (1..<100).contains(bootstrap) {
      reader.add(
        "\(bootstrap) replicates say nothing about the ends of an interval", at: "bootstrap",
        hint: "at least 100, or 0 for no intervals")
    }
    let section = EvalSection(
      per: reader.choice("per", among: ["image", "study", "patient"], default: "image"),
      aggregate: reader.choice("aggregate", among: ["max", "mean"], default: "max"),
      uncertain: uncertain,
      blank: reader.choice("blank", among: ["negative", "exclude"], default: "negative"),
      threshold: ThresholdSection(
        rule: rule, on: threshold.choice("on", among: ["valid", "test"], default: "valid")),
      at: givenRates(reader), means: means(reader),
      bootstrap: bootstrap,
      interval: reader.choice(
        "interval", among: IntervalMethod.allCases.map(\.rawValue),
        default: IntervalMethod.percentile.rawValue),
      strata: reader.strings("strata").flatMap { $0.isEmpty ? nil : $0 },
      seed: reader.int("seed", in: 0..., default: 0))
    return (section, uncertain == EvalSection.adjudicated ? table : nil)
  }

  func fairnessSection() -> FairnessSection {
    let reader = top.sectionOrEmpty("fairness")
    let by = reader.strings("by", default: [])
    for name in by where FairnessSection.parts(of: name).contains("") {
      reader.add(
        "`\(name)` is no crossing of attributes", at: "by", hint: "write `sex x age`")
    }
    let crossings = by.map { Set(FairnessSection.parts(of: $0)) }
    for (name, parts) in zip(by, crossings)
    where parts.count < FairnessSection.parts(of: name).count {
      reader.add("`\(name)` crosses an attribute with itself", at: "by")
    }
    if Set(crossings).count < crossings.count {
      reader.add("an attribute or crossing is listed twice", at: "by")
    }
    let ages = ageGroups(reader)
    let also = reader.choices("also", among: FairnessForm.allCases.map(\.rawValue)) ?? []
    return FairnessSection(
      by: by, ageEdges: ages.edges, ageBins: ages.bins,
      minGroup: reader.int("min_group", in: 1..., default: 10),
      thresholds: reader.choice(
        "thresholds", among: ["shared", FairnessSection.byGroup], default: "shared"),
      privileged: privileged(reader, by: by), also: also.isEmpty ? nil : also)
  }

  /// Findings and attributes are looked up in the headers of the tables, which are read once for
  /// all points of a sweep.
  func checkNames(
    _ cohort: (section: CohortSection, files: ExperimentFiles), _ labelled: LabelsSection?,
    _ split: SplitSection, _ sample: SampleSection, _ fairness: FairnessSection,
    _ headers: inout [HeaderKey: CohortHeader]
  ) {
    let key = HeaderKey(section: cohort.section, files: cohort.files)
    let header =
      headers[key] ?? cohort.section.header(cohort.files)
    headers[key] = header
    for diagnostic in header.wrong {
      guard cohort.section.sources == nil else {
        let message =
          diagnostic.place.map { "\(diagnostic.message) in `\($0.file)`" } ?? diagnostic.message
        top.add(message, at: "cohort", hint: diagnostic.hint)
        continue
      }
      let reader = top.sectionOrEmpty("cohort")
      // The place in the spec that names what the table lacks, else the table, else the root.
      let column = reader.node("columns")?.entries?.first { entry in
        entry.value.text.map { diagnostic.message.contains("`\($0)`") } ?? false
      }
      let table = reader.node("table") ?? reader.node("root")
      let message =
        diagnostic.place.map { "\(diagnostic.message) in `\($0.file)`" } ?? diagnostic.message
      reader.diagnostics.add(
        message, at: column?.value.place ?? table?.place ?? reader.place, hint: diagnostic.hint)
    }
    guard header.wrong.isEmpty else { return }
    let labels = top.sectionOrEmpty("labels")
    let attributes = labelled?.attribute.map(FairnessSection.parts)
    check(attributes ?? [], "attribute", header.attributes, labels, "attribute")
    let findings = attributes == nil ? labelled?.findings ?? [] : []
    let derives = labelled?.noFinding != nil
    for finding in findings {
      guard let without = header.lacking[finding] else { continue }
      labels.add(
        "`\(finding)` is no finding of \(without.quotedList)", at: "findings",
        hint: "a finding of theirs gets the name with `rename` in their section of `cohort`")
    }
    check(
      findings.filter { !(derives && $0 == NoFinding.name) && header.lacking[$0] == nil },
      "finding",
      header.findings, labels, "findings")
    checkSplitNames(split, header, derives ? [NoFinding.name] : [])
    if let by = sample.by {
      check(
        FairnessSection.parts(of: by), "attribute", header.attributes, top.sectionOrEmpty("sample"),
        "by")
    }
    let reader = top.sectionOrEmpty("fairness")
    for name in fairness.by {
      check(FairnessSection.parts(of: name), "attribute", header.attributes, reader, "by")
    }
  }

  /// The table that decides what uncertain labels are has the findings, as the cohort's has.
  func checkAdjudication(
    _ cohort: (section: CohortSection, files: ExperimentFiles), _ table: String?,
    _ findings: [String], _ headers: inout [HeaderKey: CohortHeader]
  ) {
    guard let table, Files.exists(table), !Files.isFolder(table) else { return }
    let reader = top.sectionOrEmpty("eval")
    let place = reader.node("adjudicated") == nil ? "uncertain" : "adjudicated"
    guard cohort.section.sources == nil else {
      reader.add("an adjudication is of a cohort of one source", at: place)
      return
    }
    var files = cohort.files
    (files.table, files.demographics) = (table, nil)
    let key = HeaderKey(section: cohort.section, files: files)
    let header = headers[key] ?? cohort.section.header(files)
    headers[key] = header
    for diagnostic in header.wrong {
      reader.add("\(diagnostic.message) in `\(table)`", at: place, hint: diagnostic.hint)
    }
    guard header.wrong.isEmpty else { return }
    for finding in findings where !CompositeFinding.isKnown(finding, among: header.findings) {
      reader.add("`\(table)` has no column `\(finding)`", at: place)
    }
  }

  /// Findings and attributes that the split names; a split by an attribute that the data lacks is one
  /// that nobody made.
  private func checkSplitNames(
    _ split: SplitSection, _ header: CohortHeader, _ derived: [String]
  ) {
    let reader = top.sectionOrEmpty("split")
    for (key, names) in split.names where reader.node(key) != nil {
      let isOfGroups = key == "balance"
      check(
        names, isOfGroups ? "attribute" : "finding or attribute",
        (isOfGroups ? [] : header.findings + derived) + header.attributes, reader, key)
    }
    for name in split.holdOut?.keys.sorted() ?? [] {
      check([name], "attribute", header.attributes, reader, "hold_out")
    }
    if split.by == "official", !header.attributes.contains(SplitSection.officialAttribute) {
      reader.add("the data set has no official split", at: "by")
    }
  }

  private func check(
    _ names: [String], _ kind: String, _ known: [String], _ reader: SectionReader, _ key: String
  ) {
    for name in names where !name.isEmpty && !CompositeFinding.isKnown(name, among: known) {
      let item = reader.node(key)?.items?.first { $0.text?.contains(name) == true }
      let near = nearestName(to: name, among: known)
      let list = known.prefix(20).quotedList
      reader.diagnostics.add(
        "unknown \(kind) `\(name)`", at: item?.place ?? reader.place(of: key),
        hint: near.map { "did you mean `\($0)`?" }
          ?? "the \(kind)s are \(list)\(known.count > 20 ? ", …" : "")")
    }
  }
}

extension FairnessSection {
  /// The attributes of a crossing: `sex x age` has two, `sex` one.
  package static func parts(of name: String) -> [String] {
    var parts: [String] = [""]
    for word in name.split(separator: " ", omittingEmptySubsequences: true) {
      if word == "x" || word == "×" {
        parts.append("")
      } else {
        let last = parts.count - 1
        parts[last] += parts[last].isEmpty ? String(word) : " \(word)"
      }
    }
    return parts
  }
}
