import Pipeline
import Radiographs

/// The section that says what a training sees of its subset.
extension ExperimentReader {
  func sampleSection(_ labels: LabelsSection?) -> SampleSection {
    let findings = labels?.findings ?? []
    let reader = top.sectionOrEmpty("sample")
    var section = SampleSection(
      method: reader.choice("method", among: SampleSection.methods, default: "all"))
    let finding = reader.string("finding")
    if let finding, !findings.isEmpty, !findings.contains(finding) {
      reader.add("`\(finding)` is not among `labels.findings`", at: "finding")
    }
    section.counts = sampleCounts(reader)
    let isByGroup = section.method == SampleSection.groupBalanced
    let by = reader.string("by")
    let groups = keptGroups(reader)
    if isByGroup {
      if by == nil {
        reader.add("`sample.by` must say whose groups are balanced", at: "method")
      } else if by.map(FairnessSection.parts)?.contains("") == true {
        reader.add(
          "`\(by ?? "")` is no crossing of attributes", at: "by", hint: "write `sex x age`")
      }
      (section.by, section.groups) = (by, groups)
    } else {
      for key in ["by", "groups"] where reader.node(key) != nil {
        reader.add(
          "`sample.\(key)` has no effect without `sample.method: group-balanced`", at: key)
      }
    }
    section.ageEdges = ageEdges(reader, for: section.by.map(FairnessSection.parts) ?? [])
    guard section.method != "all" || section.counts != nil else { return section }
    section.finding = finding ?? findings.first
    if finding == nil, findings.count > 1 {
      reader.add(
        "`sample.finding` must say whose classes are meant",
        at: section.counts == nil ? "method" : "counts")
    }
    if let labels, let index = section.finding.flatMap(findings.firstIndex(of:)),
      labels.uncertain[index] == .plain(.threeClass)
    {
      reader.add(
        "`sample` draws from two classes, and uncertain is a third of `\(findings[index])`",
        at: section.method == "all" ? "counts" : "method")
    }
    return section
  }

  private func sampleCounts(_ reader: SectionReader) -> SampleSection.Counts? {
    guard reader.node("counts") != nil, let section = reader.section("counts") else { return nil }
    let counts = SampleSection.Counts(
      positive: section.int("positive", in: 1...), negative: section.int("negative", in: 1...))
    if section.keys.isEmpty {
      reader.add("`sample.counts` says how many are `positive` or `negative`", at: "counts")
    }
    return counts
  }
}
