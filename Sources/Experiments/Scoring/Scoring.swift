import Basics
import Metrics
import Pipeline
import Radiographs

/// Scores of other programs, with labels, and how they are judged.
package struct Scoring: Sendable {
  /// A table of scores.
  package struct File: Sendable {
    /// Its arm.
    package var name: String
    /// Tables of one name are numbered.
    package var seed: Int
    package var path: String
    var layout: TableLayout
    /// The keys, and the subset of each where the table says it.
    var cases: Digest
    /// The scores of validation, or the thresholds, that belong to it.
    var valid: (path: String, layout: TableLayout)?
    var thresholds: String?
  }

  /// The tables of scores; those of one arm stand together.
  package let files: [File]
  let labels: [(path: String, layout: TableLayout)]
  /// Which columns of the labels hold what.
  let columns: [String: String]
  /// What is judged.
  package let findings: [String]
  package let judging: Judging
  /// Whether something says which patient a case is of; else each counts as one.
  package let patientsAreKnown: Bool
  /// The arm that the others are compared with.
  package let baseline: String?
  /// What one table has and another lacks or says otherwise, so that it is not judged.
  package let unjudged: [String]
  /// The experiment that each file stands for: what a spec says that says nothing more.
  let template: Experiment

  /// Looks at the tables that `options` name.
  ///
  /// - Throws: all that is wrong with the options and with the headers of the tables.
  package init(_ options: ScoringOptions) throws(Diagnostics) {
    var wrong: [Diagnostic] = []
    func noting<Value>(_ body: () throws(Diagnostics) -> Value) -> Value? {
      do throws(Diagnostics) {
        return try body()
      } catch {
        wrong += error.all
        return nil
      }
    }
    let reader = TableReader(options)
    let named = Self.named(options.predictions)
    let scores = named.compactMap { name in
      noting { () throws(Diagnostics) in
        try reader.read(name.path, ["score", "probability", "prob"])
      }
    }
    let tables = ([options.labels] + (options.validLabels.map { [$0] } ?? [])).compactMap { path in
      noting { () throws(Diagnostics) in try reader.read(path, ["label", "truth", "target"]) }
    }
    let thresholds = options.thresholdsFrom.compactMap { path in
      noting { () throws(Diagnostics) in try reader.thresholds(path) }
    }
    if ![0, 1, named.count].contains(options.thresholdsFrom.count) {
      wrong.append(
        Diagnostic(
          "there are \(options.thresholdsFrom.count) `--thresholds-from` for \(named.count) "
            + "`--predictions`", hint: "name one for all, or one for each"))
    }
    guard wrong.isEmpty, let first = scores.first, let main = tables.first else {
      throw Diagnostics(wrong)
    }
    let columns = reader.columns(of: main.table)
    let header = try LabelledCases.inspect(main.path, main.layout, columns: columns)
    wrong += header.wrong
    // Ages and the like, which both tables may have, are no labels.
    let scored = Set(scores.flatMap(\.table.findings))
    let known = header.findings.filter { scored.contains($0) && main.isLabel($0) }
    let findings = options.findings ?? known
    if findings.isEmpty {
      wrong.append(
        Diagnostic(
          "no finding is a column of both `\(first.path)` and `\(main.path)`",
          hint: "the scores have \(first.table.findings.prefix(20).quotedList), the labels "
            + header.findings.prefix(20).quotedList))
    }
    wrong += Self.problems(findings, scores + tables, areChosen: options.findings != nil)
    let (experiment, diagnostics) = Self.template(options, findings)
    wrong += diagnostics
    guard let experiment else {
      throw Diagnostics(wrong.isEmpty ? [Diagnostic("the options make no experiment")] : wrong)
    }
    let judging = Judging(experiment, thresholds: nil)
    wrong += judging.problems(header)
    if let baseline = options.baseline, !named.contains(where: { $0.name == baseline }) {
      wrong.append(
        Diagnostic(
          "no predictions are called `\(baseline)`",
          hint: "they are called \(named.map(\.name).quotedList)"))
    }
    var all: [File] = []
    for (name, table) in zip(named, scores) {
      var file = File(
        name: name.name, seed: 0, path: table.path, layout: table.layout, cases: table.cases)
      file.seed = all.count { $0.name == name.name }
      let own = thresholds.count == 1 ? thresholds[0] : thresholds.dropFirst(name.place).first
      switch own {
      case .given(let path)?: file.thresholds = path
      case .fitted(let path, let layout)?: file.valid = (path, layout)
      case nil: break
      }
      all.append(file)
    }
    wrong += Self.repeated(named.map { ($0.name, $0.path) })
    if options.validLabels != nil, all.allSatisfy({ $0.valid == nil }) {
      wrong.append(
        Diagnostic("`--valid-labels` is for scores of validation, and `--thresholds-from` has none")
      )
    }
    if !wrong.isEmpty { throw Diagnostics(wrong) }
    // Those of one arm stand together.
    let order = all.map(\.name)
    files = all.enumerated().sorted { a, b in
      let first = { (name: String) in order.firstIndex(of: name) ?? 0 }
      return (first(a.element.name), a.offset) < (first(b.element.name), b.offset)
    }.map(\.element)
    labels = tables.map { ($0.path, $0.layout) }
    patientsAreKnown = columns["patient"] != nil || main.table.csv.column("patient") != nil
    unjudged = Self.unjudged(findings, scores, header.findings, main)
    (self.columns, self.findings, self.judging) = (columns, findings, judging)
    (template, baseline) = (experiment, options.baseline)
  }

  /// What stands in a table and is not judged, and why.
  private static func unjudged(
    _ findings: [String], _ scores: [TableReader.Read], _ labels: [String], _ main: TableReader.Read
  ) -> [String] {
    var scored: [String] = []
    for name in scores.flatMap(\.table.findings)
    where !scored.contains(name) && !findings.contains(name)
      && !LabelsSection.reservedNames.contains(name)
    {
      scored.append(name)
    }
    let lacking = scored.filter { !main.table.csv.header.contains($0) }
    let others = scored.filter { labels.contains($0) && !main.isLabel($0) }
    let unscored = labels.filter {
      !findings.contains($0) && !scored.contains($0) && main.isLabel($0)
    }
    return [
      ("scored and not judged, since the labels lack it", lacking),
      ("scored and not judged, since it holds no labels there", others),
      ("labelled and not judged, since nothing is scored for it", unscored),
    ].compactMap { words, names in names.isEmpty ? nil : "\(words): \(names.quotedList)" }
  }

  /// Tables that are seeds of one model and say the same: chance in training would seem to be none.
  private static func repeated(_ named: [(name: String, path: String)]) -> [Diagnostic] {
    var wrong: [Diagnostic] = []
    for (name, members) in Dictionary(grouping: named, by: \.name).sorted(by: { $0.key < $1.key })
    where members.count > 1 {
      var known: [Digest: String] = [:]
      for member in members {
        guard let digest = (try? Files.read(member.path)).map({ Digest(of: $0) }) else { continue }
        if let other = known.updateValue(member.path, forKey: digest) {
          wrong.append(
            Diagnostic(
              other == member.path
                ? "`\(other)` stands twice as seeds of `\(name)`"
                : "`\(other)` and `\(member.path)` are seeds of `\(name)` and say the same",
              hint: "name each model of its own with `name=path`"))
        }
      }
    }
    return wrong
  }

  /// Findings that are named twice, or that a table lacks.
  private static func problems(
    _ findings: [String], _ tables: [TableReader.Read], areChosen: Bool
  ) -> [Diagnostic] {
    var wrong: [Diagnostic] = []
    for (index, name) in findings.enumerated() {
      if findings[..<index].contains(name) {
        wrong.append(Diagnostic("the finding `\(name)` is named twice"))
      }
      for table in tables where !table.table.findings.contains(name) {
        let near = nearestName(to: name, among: table.table.findings)
        wrong.append(
          Diagnostic(
            "`\(table.path)` has no finding `\(name)`",
            hint: !areChosen
              ? "say with `--findings` what all tables have"
              : near.map { "did you mean `\($0)`?" }
                ?? "its columns are \(table.table.findings.prefix(20).quotedList)"))
      }
    }
    return wrong
  }

  /// The tables of scores with their names and their places on the command line.
  private static func named(
    _ words: [String]
  ) -> [(name: String, path: String, place: Int)] {
    words.enumerated().map { place, word in
      if !Files.exists(word), let sign = word.firstIndex(of: "="), sign > word.startIndex {
        return (String(word[..<sign]), String(word[word.index(after: sign)...]), place)
      }
      // What has no name has that of its file, and of its folders where several files have one.
      let depth = (1..<10).first { depth in
        words.allSatisfy { $0 == word || name($0, depth) != name(word, depth) }
      }
      return (name(word, depth ?? 10), word, place)
    }
  }

  /// The last parts of a path, without the ending of the file.
  private static func name(_ path: String, _ depth: Int) -> String {
    let text = path.split(separator: "/").suffix(depth).joined(separator: "/")
    let ending = [".csv.gz", ".csv"].first(where: text.hasSuffix) ?? ""
    return String(text.dropLast(ending.count))
  }

  /// The experiment that a spec with these settings of `eval` and `fairness` says, and what is wrong
  /// with them.
  private static func template(
    _ options: ScoringOptions, _ findings: [String]
  ) -> (experiment: Experiment?, wrong: [Diagnostic]) {
    let machine = Machine(device: "cpu", hasBFloat16: false, runs: "") { _, _ in }
    func reader(_ tree: SpecNode, _ diagnostics: DiagnosticList) -> ExperimentReader {
      ExperimentReader(
        SweepPoint(settings: [], seed: 0, root: tree), diagnostics: diagnostics, machine: machine,
        isScoring: true)
    }
    let judged = DiagnosticList()
    let judging = reader(options.tree(judged), judged)
    _ = judging.evalSection(adjudicated: nil)
    _ = judging.fairnessSection()
    // The other sections say nothing of scores, so what is wrong with them does not matter.
    let all = DiagnosticList()
    var headers: [ExperimentReader.HeaderKey: CohortHeader] = [:]
    let whole = options.tree(
      with: [
        ("cohort", ["source": "csv", "root": "/", "table": options.labels]),
        ("train", ["arch": "simple"]),
      ], findings: findings, all)
    let experiment = reader(whole, all).read(headers: &headers)
    var wrong: [Diagnostic] = []
    for problem in judged.sorted where problem.place?.file != SpecOverride.file {
      wrong.append(Diagnostic(problem.message, hint: problem.hint))
    }
    for problem in all.sorted where problem.place?.file == SpecOverride.file {
      let index = (problem.place?.line ?? 0) - 1
      let option = options.overrides.indices.contains(index) ? options.overrides[index] : ""
      wrong.append(Diagnostic("`--set \(option)`: \(problem.message)", hint: problem.hint))
    }
    return (experiment, wrong)
  }
}
