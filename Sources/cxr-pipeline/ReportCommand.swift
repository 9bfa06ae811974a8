import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs
import Reports

/// `report`: what a sweep found, as one page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write what has run as one HTML file; run nothing.",
    discussion: """
      The page holds the table of `compare`, the trade-off, groups and curves as plots, the error \
      consistency, and the pictures that all models miss. Agreements on data sets forbid to pass \
      these on: `--no-pictures` leaves out everything that tells of a single patient.
      """)

  @OptionGroup var options: SpecOptions
  @Option(help: "The file (default: report.html in `runs/<name>`).", completion: .file())
  var output: String?
  @Flag(help: "Leave out pictures, and all lines about single patients.") var noPictures = false

  func run() throws {
    let (spec, stages) = try options.load(draws: false)
    try SpecOptions.reporting {
      let results = try options.results(spec, stages)
      let store = Store(options.runs)
      let table = try RunTable([(try SavedTable(name: spec.name, stages, results), store)])
      guard table.rows.contains(where: { $0.summary != nil }) else {
        throw Diagnostic("nothing of `\(options.spec)` has run", hint: "`run` it first")
      }
      let report = SweepReport(
        name: spec.name, stages: stages, results: results, store: store)
      let path = output ?? Files.join(store.root, "\(spec.name)/report.html")
      try Files.checkReplaceable(path)
      try Files.makeFolder(Files.parent(of: path))
      let (html, showsPatients) = try report.html(table, pictures: !noPictures)
      try Files.write(Array(html.utf8), to: path)
      Terminal.say(
        "wrote \(path)" + (showsPatients ? ", with single patients: keep it to yourself" : ""))
    }
  }
}

/// The page of a sweep.
struct SweepReport {
  let name: String
  let stages: ExperimentStages
  let results: [StageResult?]
  let store: Store

  /// The HTML file, and whether it tells of single patients.
  ///
  /// - Parameter pictures: whether it may.
  func html(_ table: RunTable, pictures: Bool) throws -> (html: String, showsPatients: Bool) {
    var showsPatients = false
    var page = HTMLPage(title: name)
    page.add(heading: name, level: 1)
    page.add(try table.text(.html))
    page.add(heading: "Plots")
    if let figure = table.tradeOff() { page.add(figure) }
    for attribute in table.attributes {
      if let figure = table.groupDifferences(attribute) { page.add(figure) }
    }
    let curves = stages.arms.compactMap { arm -> (arm: String, path: String)? in
      arm.experiments.first.flatMap { path($0, "eval", OutputName.curves) }.map { (arm.arm, $0) }
    }
    if !curves.isEmpty {
      page.add(heading: "ROC and reliability on test, first seed of each arm")
      if curves.count > Chart.most {
        page.add(text: "The first \(Chart.most) of \(curves.count) arms.")
      }
      for figure in try CurveFigures(curves).html { page.add(figure) }
    }
    if case .stage(let stage) = stages.consistency, let result = results[stage.index] {
      if let digest = result.digest(of: OutputName.consistencyPicture) {
        page.add(heading: "Error consistency between arms")
        page.add(image(try Files.read(store.objectPath(digest)), "κ between arms"))
      }
      if pictures, let digest = result.digest(of: OutputName.misses) {
        showsPatients = try addMisses(store.objectPath(digest), to: &page)
      }
    }
    if let first = stages.experiments.first {
      page.add(heading: "\(first.name), key by key")
      page.add(text: "The others differ from it by what their names say.")
      page.add("<pre>\(HTMLPage.escaped(try first.resolvedSpec(name: name)))</pre>")
    }
    return (page.html, showsPatients)
  }

  /// Where an output of a stage of an experiment lies.
  private func path(_ experiment: Int, _ kind: String, _ output: String) -> String? {
    stages.stages[experiment][kind].flatMap { results[$0.index]?.digest(of: output) }
      .map(store.objectPath)
  }

  private func image(_ png: [UInt8], _ title: String) -> String {
    "<img alt=\"\(HTMLPage.escaped(title))\" src=\"data:image/png;base64,"
      + Data(png).base64EncodedString() + "\">"
  }

  /// The pictures that are missed most, by finding; whether there are any.
  private func addMisses(_ path: String, to page: inout HTMLPage) throws -> Bool {
    let csv = try CSV(path: path)
    let (finding, missed, models, truth, patient) = (
      try csv.requiredColumn("finding"), try csv.requiredColumn("missed_by"),
      try csv.requiredColumn("models"), try csv.requiredColumn("truth"),
      try csv.requiredColumn("patient")
    )
    let places = try csv.requiredColumn("pictures")
    let groups = (csv.column("study") ?? patient) + 1..<places
    var shown: [String: Int] = [:]
    guard csv.rowCount > 0 else { return false }
    let pack = try pictures()
    page.add(heading: "What most models miss")
    for row in 0..<csv.rowCount where shown[csv[row, finding], default: 0] < Self.most {
      shown[csv[row, finding], default: 0] += 1
      let values = groups.map { "\(csv.header[$0]) \(csv[row, $0])" }
      let words =
        ["\(csv[row, finding]) \(csv[row, truth] == "1" ? "overlooked" : "seen where none is")"]
        + ["by \(csv[row, missed]) of \(csv[row, models])", "patient \(csv[row, patient])"] + values
      let images = try csv[row, places].split(separator: ";").prefix(4).compactMap {
        try pack?(String($0)).map { image($0, "missed picture") }
      }
      page.add(HTMLPage.figure(images.joined(), HTMLPage.escaped(words.joined(separator: ", "))))
    }
    return true
  }

  /// How many missed cases of a finding are shown.
  private static let most = 12

  /// The packed pictures as PNG files by their paths; `nil` where no pack is there.
  private func pictures() throws -> ((String) throws -> [UInt8]?)? {
    guard let pixels = path(0, "images", OutputName.pack),
      let list = path(0, "images", OutputName.pictures),
      let cohort = try path(0, "cohort", OutputName.cohort).map({ try Cohort(path: $0) })
    else { return nil }
    let pack = try ImagePack(pixels: pixels, pictures: list)
    let imageAt = Dictionary(zip(cohort.paths, cohort.images)) { first, _ in first }
    return { path in
      try pack.position(of: imageAt[path] ?? path).map { try pack.png(at: $0, side: 192) }
    }
  }
}
