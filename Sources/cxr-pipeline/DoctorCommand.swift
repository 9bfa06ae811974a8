import ArgumentParser
import Basics
import Experiments
import Foundation
import Radiographs

/// `data doctor`: what a reader finds in a data set, and whether it can be used.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examine a data set: tables, labels, attributes, pictures. Exit code 1 if unusable.",
    discussion: """
      The data set is its folder, a table (.csv), or the spec that names it. Nothing is written but \
      the page that --html asks for, which holds numbers and no picture.
      """)

  @Argument(help: "A folder, a table or a spec.", completion: .file()) var data: String
  @OptionGroup(title: "Of a folder or a table") var table: TableOptions
  @Flag(help: "Do not decode the pictures.") var noPictures = false
  @Option(help: "Threads (default: the cores).") var threads: Int?
  @Option(help: "A page with the same tables, and plots.") var html: String?
  @Option(help: "The folder of the cache.", completion: .directory) var runs = "runs"

  func validate() throws { try StageRun.check(threads: threads) }

  func run() throws {
    var report = InspectionReport()
    var reasons: [String] = []
    for source in try ExaminedSource.find(data, table, runs: runs) {
      switch source {
      case .failure(let diagnostics): reasons += diagnostics.all.map(\.sentence)
      case .success(let source): reasons += try examine(source, &report)
      }
    }
    report.blocks.append(
      reasons.isEmpty ? .text("usable") : .list(title: "not usable:", reasons))
    Terminal.put(report.text)
    if let html {
      try SpecOptions.reporting(code: 1) {
        try Files.checkReplaceable(html)
        try Files.write(report.html(title: data), to: html)
      }
    }
    if !reasons.isEmpty { throw ExitCode.failure }
  }

  /// Adds what is found to `report`, and returns why it cannot be used.
  private func examine(
    _ source: ExaminedSource, _ report: inout InspectionReport
  ) throws -> [String] {
    report.blocks.append(.heading("\(source.name): \(source.files.root)"))
    var reasons: [String] = []
    for path in source.files.tables + source.files.demographicTables {
      do throws(Diagnostic) {
        report.add(try TableProfile(path: path))
      } catch {
        reasons.append(error.sentence)
      }
    }
    let (found, problems) = source.read()
    reasons += problems.map(\.sentence)
    guard let (cohort, notes, hasPictures) = found else { return reasons }
    report.add(CohortProfile(cohort), notes.sentences)
    let doubtful = DoubtfulNames(cohort).sentences
    if !doubtful.isEmpty { report.blocks.append(.list(title: "worth a look:", doubtful)) }
    reasons += CohortProfile(cohort).wrong.map(\.sentence)
    guard hasPictures, !noPictures else { return reasons }
    let survey = PictureSurvey(
      cohort.paths, root: source.files.root, threads: threads ?? ThisMachine.cores)
    report.add(survey, cohort)
    let unread = survey.problems.indices.filter { survey.problems[$0] != nil }
    reasons += unread.prefix(20).map { row in
      "picture `\(cohort.paths[row])` cannot be read: \(survey.problems[row]?.message ?? "")"
    }
    if unread.count > 20 { reasons.append("and \(unread.count - 20) more") }
    return reasons
  }
}

extension InspectionReport {
  fileprivate mutating func add(_ table: TableProfile) {
    let title =
      "\(table.path): \(counted(table.rows, "row"))"
      + (table.repeated == 0 ? "" : ", \(table.repeated) of them repeated")
    guard !table.columns.isEmpty else { return blocks.append(.text(title)) }
    blocks.append(
      .table(
        title: title, header: ["column", "missing", "values", "most frequent"],
        rows: table.columns.map { column in
          [
            column.name.isEmpty ? "(no name)" : column.name,
            Self.share(column.missing, of: table.rows), String(column.distinct),
            column.frequent.map { text, count in
              "\(Self.shortened(text)) \(count)"
            }.joined(separator: " · "),
          ]
        }))
  }

  private static func shortened(_ text: String) -> String {
    text.count > 40 ? String(text.prefix(40)) + "…" : text
  }

  fileprivate mutating func add(_ cohort: CohortProfile, _ notes: [String]) {
    blocks.append(
      .text(
        "\(counted(cohort.pictures, "picture")) of \(counted(cohort.patients, "patient"))"
          + (cohort.studies == 0 ? "" : " in \(cohort.studies) studies")))
    if !notes.isEmpty { blocks.append(.list(title: "what the reader says:", notes)) }
    blocks.append(
      .bars(
        title: "pictures per patient (the most: \(cohort.mostPictures)), patients",
        cohort.picturesPerPatient.map { ($0.range, $0.patients) }))
    if !cohort.ages.isEmpty {
      blocks.append(
        .bars(
          title: "age in years, pictures",
          cohort.ages.map { share in
            let low = Int(share.value)
            return (low.map { "\($0)–\($0 + 9)" } ?? "missing", share.pictures)
          }))
    }
    if !cohort.findings.isEmpty {
      blocks.append(
        .table(
          title: "labels, pictures",
          header: ["finding", "positive", "negative", "uncertain", "blank", "patients with it"],
          rows: cohort.findings.map { name, counts, patients in
            [name]
              + [RawLabel.positive, .negative, .uncertain, .blank].map {
                Self.share(counts[$0] ?? 0, of: cohort.pictures)
              } + [String(patients)]
          }))
    }
    for (name, values) in cohort.attributes {
      blocks.append(
        .bars(
          title: "\(name), pictures",
          values.map { ($0.value.isEmpty ? "missing" : $0.value, $0.pictures) }))
    }
    if !cohort.manyValued.isEmpty {
      blocks.append(
        .table(
          title: "attributes of many values", header: ["attribute", "values", "missing"],
          rows: cohort.manyValued.map {
            [$0.name, String($0.values), Self.share($0.missing, of: cohort.pictures)]
          }))
    }
  }

  fileprivate mutating func add(_ survey: PictureSurvey, _ cohort: Cohort) {
    let unread = survey.problems.count { $0 != nil }
    let identical = survey.identical
    let foreign = identical.filter { rows in Set(rows.map { cohort.patients[$0] }).count > 1 }
    var rows = [
      ["cannot be read", String(unread)],
      ["look like negatives", String(survey.inverted.count)],
      ["same pixels as another", String(identical.reduce(0) { $0 + $1.count })],
      ["same pixels as one of another patient", String(foreign.reduce(0) { $0 + $1.count })],
    ]
    rows += survey.sizes.prefix(8).map { ["\($0.width) × \($0.height)", String($0.pictures)] }
    if survey.sizes.count > 8 { rows.append(["other sizes", String(survey.sizes.count - 8)]) }
    blocks.append(.table(title: "pictures, decoded", header: ["", "pictures"], rows: rows))
    let examples = survey.inverted.prefix(5).map { "`\(cohort.paths[$0])` looks like a negative" }
    let pairs = foreign.prefix(5).map { rows in
      rows.prefix(2).map { "`\(cohort.paths[$0])`" }.joined(separator: " = ")
        + ", of different patients"
    }
    if !examples.isEmpty || !pairs.isEmpty {
      blocks.append(.list(title: "worth a look:", examples + pairs))
    }
  }
}
