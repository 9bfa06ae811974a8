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
      patient or CheXpert's paths. Where pictures of --data or of a spec cannot be compared, the exit \
      code is 1, too, unless a spec leaves them out or --no-pictures is said.
      """)

  @Argument(help: "A split file or a spec.", completion: .file()) var split: String
  @Option(help: "The data set that a split file is about.", completion: .file()) var data: String?
  @OptionGroup(title: "Of the data set") var table: TableOptions
  @Option(
    help: """
      Attributes and crossings whose groups are told (default: sex, age, race, view, source and those of \
      the spec).
      """)
  var by: [String] = []
  @Option(help: "The inner edges of the age groups (default: the spec's, else 40,60,80).")
  var ageEdges: NameList?
  @Option(help: "Patients that a group of valid or test needs.") var minGroup = 10
  @Flag(help: "Do not decode the pictures.") var noPictures = false
  @Option(help: "Threads (default: the cores).") var threads: Int?
  @Option(help: "The folder of the cache.", completion: .directory) var runs = "runs"

  func validate() throws {
    try StageRun.check(threads: threads)
    guard let ageEdges else { return }
    let edges = ageEdges.names.compactMap { Int($0) }
    guard edges.count == ageEdges.names.count, !edges.isEmpty, edges.allSatisfy({ 1...119 ~= $0 }),
      zip(edges, edges.dropFirst()).allSatisfy(<)
    else { throw ValidationError("`--age-edges` needs rising years, as in `40,60,80`") }
  }

  func run() throws {
    var report = InspectionReport()
    var leaks = 0
    var compared: [ComparedPictures] = []
    // Many splits are of one cohort, whose pictures are decoded once.
    var known: (cohort: Cohort, rows: [Int], pictures: ComparedPictures)?
    for found in try splits() {
      if noPictures {
        compared.append(ComparedPictures(count: found.rows.count, notDecoded: "`--no-pictures`"))
      } else if let known, known.rows == found.rows, known.cohort == found.cohort {
        compared.append(known.pictures)
      } else {
        compared.append(found.compared(threads: threads ?? ThisMachine.cores))
      }
      let pictures = compared[compared.count - 1]
      known = (found.cohort, found.rows, pictures)
      let lint = try SpecOptions.reporting { try examine(found, pictures) }
      report.blocks.append(.heading(found.title))
      report.add(lint, strange: found.strange)
      if let block = pictures.block { report.blocks.append(block) }
      leaks += lint.leaks.count + lint.empty.count
    }
    report.blocks.append(
      .text(leaks == 0 ? ComparedPictures.verdict(compared) : "not to be used: see above"))
    Terminal.put(report.text)
    if leaks > 0 || compared.contains(where: \.isIncomplete) { throw ExitCode.failure }
  }

  private func splits() throws -> [LintedSplit] {
    if split.hasSuffix(".yaml") || split.hasSuffix(".yml") { return try splitsOfSpec() }
    return try SpecOptions.reporting {
      guard let data else {
        let listing = try SplitListing(path: split, cohort: nil)
        return [LintedSplit(split, listing, files: nil)]
      }
      let source = try ExaminedSource.whole(data, table, runs: runs)
      var listing = try SplitListing(path: split, cohort: source.promised())
      // A picture is looked for where it lies on disk; what is not there is told as missing.
      listing.cohort = source.found(of: listing.cohort)
      return [LintedSplit(split, listing, files: source.files, fairness: source.fairness)]
    }
  }

  private func splitsOfSpec() throws -> [LintedSplit] {
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
        let experiment = stages.experiments[stage.experiment]
        return LintedSplit(
          title: "\(spec.name): \(stages.graph[stage.split].label)", cohort: cohort,
          subsets: split.subsets, root: experiment.files.root,
          leavesOut: experiment.cohort.onBadImage == BadImagePolicy.skip.rawValue,
          fairness: experiment.fairness)
      }
    }
  }

  private func examine(_ found: LintedSplit, _ pictures: ComparedPictures) throws -> SplitLint {
    let usual = ["sex", "age", "race", "view", "source"].filter(found.cohort.attributes.contains)
    let own = found.fairness?.by ?? []
    let names = by.isEmpty ? own + usual.filter { !own.contains($0) } : by
    let edges = ageEdges?.names.compactMap { Int($0) } ?? [40, 60, 80]
    return try SplitLint(
      found.cohort, subsets: found.subsets, also: found.also, digests: pictures.digests,
      groups: names.map { name in
        let fairness = ageEdges == nil ? found.fairness : nil
        let groups =
          try fairness.map { try found.cohort.groups(name, bins: $0.bins) }
          ?? found.cohort.groups(name, ageEdges: edges)
        return (name, groups)
      }, minGroup: minGroup)
  }
}
