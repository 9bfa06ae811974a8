import ArgumentParser
import Basics
import Experiments
import Foundation
import Pipeline
import Radiographs
import Reports

/// `predict`: a trained network on new pictures.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Score new pictures with a trained network, and judge it where they are labelled.",
    discussion: """
      The network is an experiment that has run, or a safetensors file, which says itself what it \
      is when a training of this program wrote it. --data names a data set (CheXpert, NIH, or a \
      folder with metadata.csv), one table (.csv), or pictures, folders of pictures and lists with \
      a path a line. Where the tables have findings of the network, it is judged by them.
      """)

  enum Unit: String, ExpressibleByArgument, CaseIterable { case image, study, patient }
  enum Aggregate: String, ExpressibleByArgument, CaseIterable { case max, mean }
  enum BadImage: String, ExpressibleByArgument, CaseIterable { case fail, skip }

  @Option(
    parsing: .upToNextOption,
    help: "An experiment: its spec, and its name or a part of it where there are several.")
  var experiment: [String] = []
  @Option(help: "A safetensors file.", completion: .file(extensions: ["safetensors"]))
  var model: String?
  @Option(parsing: .upToNextOption, help: "What is scored.", completion: .file())
  var data: [String] = []
  @Option(name: .customLong("set"), help: "Override a key of the spec. Can be repeated.")
  var settings: [String] = []
  @Option(name: .shortAndLong, help: "The file of the scores (default: standard output).")
  var output: String?
  @Option(help: "A JSON file for the metrics and the groups.") var metrics: String?

  @OptionGroup(title: "Of a file that does not say it") var facts: NetworkOptions
  @OptionGroup(title: "Of a table") var table: TableOptions

  @Option(help: "The unit that is judged (default: the experiment's, or image).") var per: Unit?
  @Option(help: "The score of a study or patient over its pictures.") var aggregate: Aggregate?
  @Option(help: "Attributes and crossings whose groups are compared: sex, 'sex x age'.")
  var by: [String] = []
  @Option(help: "The decision threshold (default: those of the experiment).")
  var threshold: Double?
  @Option(help: "Replicates of the patient bootstrap, 0 for none.") var bootstrap: Int?
  @Option(help: "What a picture that cannot be read does.") var onBadImage = BadImage.fail
  @Option(help: "Threads (default: the cores).") var threads: Int?
  @Option(help: "The folder of the cache.", completion: .directory) var runs = "runs"

  func validate() throws {
    if experiment.isEmpty == (model == nil) {
      throw ValidationError("name the network by either `--experiment` or `--model`")
    }
    if data.isEmpty { throw ValidationError("say with `--data` what is scored") }
    if model != nil, !settings.isEmpty {
      throw ValidationError("`--set` is for the spec of `--experiment`")
    }
    if model == nil, facts.isGiven {
      throw ValidationError("an experiment says itself what its network is")
    }
    if let threshold, !(0...1).contains(threshold) {
      throw ValidationError("`--threshold` must be from 0 to 1, as scores are")
    }
    if let bootstrap, bootstrap != 0, !(100...100_000).contains(bootstrap) {
      throw ValidationError("`--bootstrap` must be 0 or from 100 to 100000")
    }
    try StageRun.check(threads: threads)
  }

  func run() throws {
    let machine = ThisMachine.detect(runs: runs)
    var prediction = try model.map { try network(in: $0, machine) } ?? trained()
    try adjust(&prediction)
    let stages = try SpecOptions.reporting {
      try ExperimentGraph.build(prediction, device: machine.device)
    }
    let summary = try StageRun(runs: runs, threads: threads).whole(
      stages.graph, sweep: "new pictures")
    try SpecOptions.reporting(code: 1) {
      let scores = PredictionOutput(
        prediction: prediction, stages: stages, results: summary.results, store: Store(runs))
      let table = try scores.table()
      if let output {
        try Files.write(table, to: output)
      } else {
        Terminal.put(String(decoding: table, as: UTF8.self))
      }
      if let metrics { try Files.write(scores.json(), to: metrics) }
      // Data goes to standard output, and there is one kind of it.
      if let words = try scores.judgement() {
        if output == nil { Terminal.say(words) } else { Terminal.put(words + "\n") }
      }
    }
  }

  /// The network in a safetensors file.
  private func network(in path: String, _ machine: Machine) throws -> Prediction {
    try SpecOptions.reporting {
      let network = try NetworkFacts(path: path).completed(by: try facts.facts())
        .network(of: path)
      return Prediction(
        network: network, model: path, precision: machine.hasBFloat16 ? "bfloat16" : "float32",
        pictures: try pictures(), judging: Judging())
    }
  }

  /// The network of an experiment that has run.
  private func trained() throws -> Prediction {
    let (spec, all) = try SpecOptions.load(
      experiment[0], .init(settings: settings), runs: runs, draws: false)
    return try SpecOptions.reporting {
      let name = experiment.count > 1 ? experiment.dropFirst().joined(separator: " ") : nil
      let index = try ExperimentSearch.index(of: name, among: all.experiments)
      let untrained = Diagnostic(
        "`\(all.experiments[index].name)` has not been trained",
        hint: "`cxr-pipeline run \(experiment[0])` does it")
      guard Files.exists(runs) else { throw untrained }
      let cache = try Cache(runs: runs, sweep: spec.name)
      defer { cache.close() }
      let plan = try cache.plan(all.graph)
      func object(_ kind: String, _ output: String) -> String? {
        guard let stage = all.stages[index][kind] else { return nil }
        if case .cached(let result) = plan.entries[stage.index].status {
          return result.digest(of: output).map(cache.store.objectPath)
        }
        // A picture that came or went since does not make another network of it.
        guard let result = cache.previousResult(of: all.graph[stage]) else { return nil }
        if kind == StageKind.train.name {
          Terminal.say("the data of `\(all.experiments[index].name)` may have changed since it ran")
        }
        return result.digest(of: output).map(cache.store.objectPath)
      }
      let chosen = all.experiments[index]
      guard let model = object(StageKind.train.name, OutputName.model) else { throw untrained }
      return Prediction(
        network: TrainedNetwork(
          arch: chosen.train.arch, channels: chosen.images.channels, form: chosen.images.form,
          findings: chosen.labels.findings, heads: chosen.labels.heads,
          normalize: chosen.images.normalize == .training
            ? try NetworkFacts(path: model).normalization : chosen.images.normalize?.fixed),
        model: model, program: chosen.network.program, precision: chosen.train.precision,
        pictures: try pictures(),
        judging: Judging(
          chosen, thresholds: object(StageKind.eval.name, OutputName.thresholds),
          groupThresholds: object(StageKind.fairness.name, OutputName.fairness)))
    }
  }

  private func pictures() throws(Diagnostics) -> NewPictures {
    try NewPictures.find(data, table.options(onBadImage: onBadImage.rawValue), runs: runs)
  }

  /// Lays the options about judging over `prediction`, and says what is and is not judged.
  private func adjust(_ prediction: inout Prediction) throws {
    var judging = prediction.judging
    judging.dropOwnData()
    if let per { judging.eval.per = per.rawValue }
    if let aggregate { judging.eval.aggregate = aggregate.rawValue }
    if let bootstrap { judging.eval.bootstrap = bootstrap }
    if let threshold { judging.fix(threshold: threshold) }
    let pictures = prediction.pictures
    if by.isEmpty {
      // What a spec asked of its own data other data may not have.
      judging.fairness.by = judging.fairness.by.filter { name in
        FairnessSection.parts(of: name).allSatisfy(pictures.header.attributes.contains)
      }
    } else {
      judging.fairness.by = by
    }
    prediction.judging = judging
    try SpecOptions.reporting {
      let wrong = judging.problems(pictures.header)
      if !wrong.isEmpty { throw Diagnostics(wrong) }
      if prediction.judged.isEmpty, metrics != nil || !by.isEmpty {
        throw Diagnostic(
          "there are no labels to judge by: no table has one of the findings "
            + prediction.network.findings.prefix(10).quotedList)
      }
    }
    let unjudged = prediction.network.findings.filter { !prediction.judged.contains($0) }
    if !prediction.judged.isEmpty, !unjudged.isEmpty {
      Terminal.say("scored and not judged, since the tables lack it: \(unjudged.quotedList)")
    }
    if !prediction.judged.isEmpty, !pictures.patientsAreKnown {
      Terminal.say("the table names no patients: each picture counts as one")
    }
  }
}

/// What a safetensors file may not say of its network.
struct NetworkOptions: ParsableArguments {
  @Option(help: "The architecture, a name of `models`.") var arch: String?
  @Option(help: "The findings in the order of the outputs, with commas between.")
  var findings: String?
  @Option(help: "The head of all findings: sigmoid, softmax or 3-class.") var head: String?
  @Option(help: "Height and width of the pictures in pixels.") var size: Int?
  @Option(help: "Input channels.") var channels: Int?

  var isGiven: Bool {
    arch != nil || findings != nil || head != nil || size != nil || channels != nil
  }

  func facts() throws(Diagnostic) -> NetworkFacts {
    var facts = NetworkFacts()
    facts.arch = arch
    facts.size = size
    facts.channels = channels
    facts.findings = findings?.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard let head else { return facts }
    guard let known = Head(rawValue: head) else {
      throw Diagnostic(
        "unknown head `\(head)`", hint: "the heads are `sigmoid`, `softmax`, `3-class`")
    }
    facts.head = known
    return facts
  }
}

/// How a table is read.
struct TableOptions: ParsableArguments {
  @Option(help: "The reader (default: recognised by the tables).") var source: String?
  @Option(help: "The folder of the pictures (default: the table's).", completion: .directory)
  var root: String?
  @Option(help: "A column of a plain table: patient=PatientID. Can be repeated.")
  var column: [String] = []
  @Option(
    help: "CheXpert's table of demographics, CSV or XLSX; for MIMIC-CXR the folder of MIMIC-IV.",
    completion: .file())
  var demographics: String?
  @Option(help: "Whose labels, where the data set ships several.") var labeler: String?
  @Option(help: "Only pictures of this view. Can be repeated.") var view: [String] = []

  func validate() throws {
    for pair in column where pair.split(separator: "=", maxSplits: 1).count != 2 {
      throw ValidationError("expected `key=column` for `--column`, found `\(pair)`")
    }
  }

  func options(onBadImage: String) -> NewPictures.Options {
    var options = NewPictures.Options()
    options.source = source
    options.root = root
    options.demographics = demographics
    options.views = view
    options.labeler = labeler
    options.onBadImage = onBadImage
    for pair in column {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      options.columns[parts[0]] = parts[1]
    }
    return options
  }
}
