import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs
import Reports
import Synchronization

/// `data phantom`: a cohort of which all is known, in the layout of a data set.
struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "Draw a cohort of chest pictures in the layout of a data set, of which all is known.",
    discussion: """
      A dial is written as below `cohort.dials` of a spec: \
      --signal '{attribute: race, group: Black, amplitude: 5}'. What it leaves out keeps its value.
      """)

  @Argument(help: "The folder to make; it must not exist, or be empty.", completion: .directory)
  var folder: String
  @Option(help: "The layout: \(PhantomLayout.allCases.map(\.rawValue).joined(separator: ", ")).")
  var layout = PhantomLayout.chexpert.rawValue
  @Option(help: "Patients in train.csv.") var patients = 600
  @Option(help: "Patients in valid.csv (default: one for each 322 in train, at least ten).")
  var validPatients: Int?
  @Option(help: "Height and width of the pictures in pixels.") var size = 64
  @Option(help: "The seed of every draw.") var seed = 0
  @Flag(help: "Write the tables and no picture.") var tablesOnly = false
  @Option(help: "How many patients are drawn at once (default: the cores).") var threads: Int?
  @Option(help: "A group's faint pattern: {attribute:, group:, amplitude:}.") var signal: String?
  @Option(
    help: "A group's wrong labels: {attribute:, group:, finding:, probability:, elsewhere:}.")
  var noise: String?
  @Option(help: "Devices that appear with a disease: {finding:, odds_ratio:}.")
  var shortcut: String?
  @Option(help: "How often an uncertain finding is there: {Edema: 0.9, …}.")
  var presentIfUncertain: String?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("`--threads` must be from 1 to 1024")
    }
    if PhantomLayout(rawValue: layout) == nil {
      throw ValidationError(
        "`--layout` is one of \(PhantomLayout.allCases.map(\.rawValue).quotedList)")
    }
    if seed < 0 { throw ValidationError("`--seed` must be 0 or more") }
  }

  func run() throws {
    var options = PhantomOptions(
      patients: patients, validPatients: validPatients, size: size, seed: seed)
    options.dials = try dials()
    options.layout = PhantomLayout(rawValue: layout) ?? .chexpert
    try SpecOptions.reporting {
      if !options.problems.isEmpty { throw Diagnostics(options.problems) }
      try checkFolder()
    }
    let isStopped = Stop()
    let truth = try SpecOptions.reporting(code: 1) {
      do {
        return try draw(options, isStopped: isStopped)
      } catch  where isStopped.isSet {
        Terminal.say("interrupted: nothing is left of `\(folder)`")
        throw ExitCode(130)
      }
    }
    Terminal.put(PhantomSummary(truth: truth, folder: folder, tablesOnly: tablesOnly).text)
  }

  private func dials() throws -> PhantomDials {
    let written: [(key: String, value: String?)] = [
      ("signal", signal), ("noise", noise), ("shortcut", shortcut),
      ("present_if_uncertain", presentIfUncertain),
    ]
    do {
      return try PhantomSection.dials(
        settings: written.compactMap { key, value in value.map { "\(key)=\($0)" } })
    } catch {
      Terminal.error(error.rendered, isRendered: true)
      throw ExitCode(64)
    }
  }

  private func checkFolder() throws(Diagnostic) {
    guard Files.exists(folder) else { return }
    guard Files.isFolder(folder) else { throw Diagnostic("`\(folder)` is a file") }
    guard try Files.entries(of: folder).isEmpty else {
      throw Diagnostic(
        "the folder `\(folder)` is not empty", hint: "name one that does not exist yet")
    }
  }

  /// Draws beside the folder, which appears whole or not at all.
  private func draw(
    _ options: PhantomOptions, isStopped: Stop
  ) throws(Diagnostics) -> PhantomTruth {
    var name = folder
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    let interrupts = [SIGINT, SIGTERM].map { Interrupts.source($0) { isStopped.set() } }
    defer { for source in interrupts { source.cancel() } }
    let display = ProgressDisplay()
    var counts = PlanCounts()
    counts.run = 1
    display.handle(.planned(counts))
    display.handle(.stageStarted("phantom"))
    let start = ContinuousClock.now
    let truth = try PhantomSection.make(name) { part throws(Diagnostics) in
      try writePhantom(
        options, to: part, tablesOnly: tablesOnly, threads: threads ?? ThisMachine.cores
      ) { done, total in
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        display.handle(
          .progress(
            "phantom", Pipeline.Progress(done: done, total: total, unit: "patients", after: seconds)
          ))
      } isStopped: {
        isStopped.isSet
      }
    }
    display.handle(
      .stageFinished("phantom", seconds: (ContinuousClock.now - start) / .seconds(1), .ran))
    return truth
  }
}

/// Whether somebody asked for an end.
private final class Stop: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

/// What a phantom holds and what was planted in it, in words.
private struct PhantomSummary {
  let truth: PhantomTruth
  let folder: String
  let tablesOnly: Bool

  var text: String {
    TextTable.aligned(files) + "\n\nplanted, and so true:\n" + TextTable.aligned(planted)
      + "\n\nin a spec: cohort: {source: \(layout.reader), "
      + "root: \(layout.root.isEmpty ? folder : Files.join(folder, layout.root))"
      + (layout.demographics.map { ", demographics: \(Files.join(folder, $0))" } ?? "") + "}\n"
  }

  private var layout: PhantomLayout { truth.options.layout }

  private var files: [[String]] {
    let isCheXpert = layout == .chexpert
    let dataSet = Files.join(folder, isCheXpert ? PhantomFiles.dataSet : layout.root)
    let pictures =
      tablesOnly
      ? "no pictures" : "pictures of \(truth.options.size) × \(truth.options.size) pixels"
    let train = isCheXpert ? Files.join(dataSet, "train.csv") : dataSet
    let valid = isCheXpert ? Files.join(dataSet, "valid.csv") : ""
    let demographics = layout.demographics.map {
      [Files.join(folder, $0), "what is said of the patients"]
    }
    return [
      [train, count(truth.train)], [valid, count(truth.valid) + ", labelled with the truth"],
      [dataSet, pictures],
    ] + (demographics.map { [$0] } ?? []) + [
      [Files.join(folder, PhantomFiles.pictures), "what is in each picture"],
      [Files.join(folder, PhantomFiles.truth), "what was planted and what follows from it"],
    ]
  }

  private func count(_ counts: PhantomTruth.Counts) -> String {
    "\(counted(counts.patients, "patient")), \(counts.studies) studies, "
      + counted(counts.pictures, "picture")
  }

  private var planted: [[String]] {
    let dials = truth.options.dials
    let (signal, noise, shortcut) = (dials.signal, dials.noise, dials.shortcut)
    func gap(_ name: String) -> String {
      TextTable.signed(truth.perfectClassifier[name] ?? 0)
    }
    var rows = [
      [
        "  signal",
        "a pattern of \(signal.amplitude) gray levels where \(signal.attribute) is \(signal.group)",
      ],
      [
        "  noise",
        "\(percent(noise.probability)) of the labels of \(noise.finding) are wrong where "
          + "\(noise.attribute) is \(noise.group), \(percent(noise.elsewhere)) elsewhere",
      ],
      [
        "",
        "a perfect classifier's gap: AUROC \(gap("auroc")), TPR \(gap("tpr")), FPR \(gap("fpr"))",
      ],
      [
        "  shortcut",
        "devices in \(percent(truth.devices.withFinding)) of \(shortcut.finding), "
          + "\(percent(truth.devices.withoutFinding)) otherwise (odds ratio \(shortcut.oddsRatio))",
      ],
    ]
    for finding in truth.findings where dials.presentIfUncertain[finding.name] != nil {
      rows.append([
        "  uncertain",
        "\(finding.name) is there in \(percent(finding.presentIfUncertain)) of its -1",
      ])
    }
    return rows
  }

  private func percent(_ share: Double) -> String {
    String(format: "%g %%", (share * 1000).rounded() / 10)
  }
}
