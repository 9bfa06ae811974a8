import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs

/// `data lint-split`: whether subsets share what they must not share.
struct LintSplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint-split",
    abstract:
      "Look for patients, studies and identical pictures in two subsets. Exit code 1 if so.",
    discussion: """
      The split is a table with a column subset or split and a column image, path, patient or index, \
      or a spec, each of whose splits is looked at (its stages cohort and split are run where they \
      have not). A table is about the pictures of --data, or about itself where it has a column \
      patient or CheXpert's paths.
      """)

  @Argument(help: "A split file or a spec.", completion: .file()) var split: String
  @Option(help: "The data set that a split file is about.", completion: .file()) var data: String?
  @OptionGroup(title: "Of the data set") var table: TableOptions
  @Option(help: "Attributes whose groups are told (default: sex, age, race, view).")
  var by: [String] = []
  @Option(help: "Patients that a group of valid or test needs.") var minGroup = 10
  @Flag(help: "Do not decode the pictures.") var noPictures = false
  @Option(help: "Threads (default: the cores).") var threads: Int?
  @Option(help: "The folder of the cache.", completion: .directory) var runs = "runs"

  func validate() throws { try StageRun.check(threads: threads) }

  func run() throws {
    var report = InspectionReport()
    var leaks = 0
    for found in try splits() {
      let lint = try SpecOptions.reporting { try examine(found) }
      report.blocks.append(.heading(found.title))
      report.add(lint, strange: found.strange)
      leaks += lint.leaks.count + lint.empty.count
    }
    report.blocks.append(.text(leaks == 0 ? "no leaks" : "not to be used: see above"))
    Terminal.put(report.text)
    if leaks > 0 { throw ExitCode.failure }
  }

  /// A split, and the pictures it is of.
  private struct Found {
    var title: String
    var cohort: Cohort
    var subsets: [Subset?]
    var also: [(row: Int, subset: Subset)] = []
    var strange = 0
    /// The folder of the pictures, where it is known.
    var root: String?
  }

  private func splits() throws -> [Found] {
    if split.hasSuffix(".yaml") || split.hasSuffix(".yml") { return try splitsOfSpec() }
    return try SpecOptions.reporting {
      let source = try data.map { data in
        try ExaminedSource.find(data, table, runs: runs).first.map { try $0.get() }
      }
      let cohort = try source.flatMap { $0 }.map { source in
        let (found, problems) = source.read()
        guard let found else { throw Diagnostics(problems) }
        return found
      }
      let listing = try SplitListing(path: split, cohort: cohort?.cohort)
      return [
        Found(
          title: split, cohort: listing.cohort, subsets: listing.subsets, also: listing.also,
          strange: listing.strange,
          root: cohort?.hasPictures == true ? source.flatMap { $0 }?.files.root : nil)
      ]
    }
  }

  private func splitsOfSpec() throws -> [Found] {
    let (spec, stages) = try SpecOptions.load(split, .init(), runs: runs)
    var seen: Set<StageID> = []
    var wanted: [(cohort: StageID, split: StageID, experiment: Int)] = []
    for (index, named) in stages.stages.enumerated() {
      guard let cohort = named[StageKind.cohort.name], let own = named[StageKind.split.name],
        seen.insert(own).inserted
      else { continue }
      wanted.append((cohort, own, index))
    }
    let (graph, ids) = stages.graph.part(wanted.flatMap { [$0.cohort, $0.split] })
    let summary = try SpecOptions.reporting {
      try StageRun(runs: runs, threads: threads)(graph, sweep: "lint of \(spec.name)")
    }
    StageRun.tell(summary.failed)
    guard summary.failed.isEmpty, !summary.wasInterrupted else { throw ExitCode.failure }
    let store = Store(runs)
    return try SpecOptions.reporting(code: 1) {
      try wanted.enumerated().map { index, stage in
        func path(_ id: StageID, _ output: String) throws -> String {
          guard let digest = summary.results[id.index]?.digest(of: output) else {
            throw Diagnostic("`\(output)` was not made")
          }
          return store.objectPath(digest)
        }
        let cohort = try Cohort(path: path(ids[2 * index], OutputName.cohort))
        let split = try Split(path: path(ids[2 * index + 1], OutputName.split))
        return Found(
          title: "\(spec.name): \(stages.graph[stage.split].label)", cohort: cohort,
          subsets: split.subsets, root: stages.experiments[stage.experiment].files.root)
      }
    }
  }

  private func examine(_ found: Found) throws -> SplitLint {
    var survey: PictureSurvey?
    if !noPictures, let root = found.root {
      survey = PictureSurvey(found.cohort, root: root, threads: threads ?? ThisMachine.cores)
    }
    let usual = ["sex", "race", "view", "source"].filter(found.cohort.attributes.contains)
    return try SplitLint(
      found.cohort, subsets: found.subsets, also: found.also, digests: survey?.digests,
      attributes: by.isEmpty ? usual : by, minGroup: minGroup)
  }
}

extension InspectionReport {
  fileprivate mutating func add(_ lint: SplitLint, strange: Int) {
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
