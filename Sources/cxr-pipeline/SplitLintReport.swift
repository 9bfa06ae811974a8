import Basics
import Radiographs

extension InspectionReport {
  /// Adds what a lint found.
  ///
  /// - Parameter strange: how many rows of the split name no picture.
  mutating func add(_ lint: SplitLint, strange: Int) {
    if strange > 0 {
      blocks.append(.text("\(counted(strange, "row")) of the split name no picture of the data"))
    }
    if lint.leftOut > 0 {
      blocks.append(.text("\(counted(lint.leftOut, "picture")) in no subset"))
    }
    if !lint.empty.isEmpty {
      blocks.append(.text("without a picture: \(lint.empty.map(\.rawValue).quotedList)"))
    }
    let subsets = lint.parts.map(\.subset.rawValue)
    blocks.append(
      .table(
        title: "subsets", header: [""] + subsets,
        rows: [
          ["pictures"] + lint.parts.map { String($0.pictures) },
          ["patients"] + lint.parts.map { String($0.patients) },
        ]))
    let findings = lint.parts.first?.findings.map(\.name) ?? []
    if !findings.isEmpty {
      blocks.append(
        .table(
          title: "positive pictures", header: [""] + subsets,
          rows: findings.indices.map { index in
            [findings[index]]
              + lint.parts.map { Self.share($0.findings[index].positive, of: $0.pictures) }
          }))
    }
    for (index, attribute) in (lint.parts.first?.attributes ?? []).map(\.name).enumerated() {
      let groups = Set(lint.parts.flatMap { $0.attributes[index].groups.map(\.value) }).sorted()
      blocks.append(
        .table(
          title: "\(attribute), pictures of patients", header: [""] + subsets,
          rows: groups.map { group in
            [group.isEmpty ? "missing" : group]
              + lint.parts.map { part in
                let share = part.attributes[index].groups.first { $0.value == group }
                return "\(Self.share(share?.pictures ?? 0, of: part.pictures)) of "
                  + "\(share?.patients ?? 0)"
              }
          }))
    }
    if !lint.small.isEmpty {
      blocks.append(
        .list(
          title: "groups too small to measure:",
          lint.small.map {
            "\($0.attribute) \($0.group): \(counted($0.patients, "patient")) in \($0.subset)"
          }))
    }
    let doubtful = lint.doubtful.sentences
    if !doubtful.isEmpty {
      blocks.append(.list(title: "worth a look, in two subsets:", doubtful))
    }
    guard !lint.leaks.isEmpty else { return }
    blocks.append(
      .list(
        title: "leaks:",
        lint.leaks.map { leak in
          let last = lint.parts.first { $0.subset == leak.subsets.last }
          let names = leak.subsets.map(\.rawValue).quotedList
          let noun = leak.kind == "study" && leak.count != 1 ? "studie" : leak.kind
          return "\(counted(leak.count, noun)) in both \(names), "
            + "\(Self.share(leak.touched, of: last?.pictures ?? 0)) of the pictures of "
            + "`\(leak.subsets.last?.rawValue ?? "")`: \(leak.examples.quotedFew())"
        }))
  }
}
