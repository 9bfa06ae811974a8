import ArgumentParser
import Basics
import Experiments
import Pipeline
import Reports

/// `diff`: two experiments, or two sweeps.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what differs between two experiments, or two sweeps.",
    discussion: """
      An experiment is `spec.yaml:'resnet18 seed=0'`, the words as in `show`; the second may leave \
      out the spec. Two specs without words are compared experiment by experiment.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A spec, or one of its experiments.", completion: .file())
  var a: String
  @Argument(help: "Another spec or experiment.", completion: .file())
  var b: String
  @Option(name: .customLong("set"), help: "Override a key of both: train.epochs=4.")
  var settings: [String] = []
  @Option(help: "The folder of the cache and the results.", completion: .directory)
  var runs = "runs"
  @Option(help: "How it is written.") var format = Format.text

  func run() throws {
    let (path, words) = Self.split(a)
    let first = try sweep(path ?? a)
    let (otherPath, otherWords) = Self.split(b)
    let isSpec = b.hasSuffix(".yaml") || b.hasSuffix(".yml")
    let second = otherPath == nil && !isSpec ? first : try sweep(otherPath ?? b)
    try SpecOptions.reporting {
      let diff: SweepDiff
      let other = otherPath == nil && !isSpec ? b : otherWords
      if words == nil, other == nil {
        diff = try Self.pairs(first, second)
      } else {
        diff = try SweepDiff([(try first.side(words), try second.side(other))])
      }
      Terminal.put(format == .json ? try ResultFile.text(diff) : diff.text)
    }
  }

  /// A spec with its results.
  private struct Loaded {
    let stages: ExperimentStages
    let results: [StageResult?]
    let store: Store

    func side(_ words: String?) throws(Diagnostic) -> ExperimentDiff.Side {
      side(at: try ExperimentSearch.index(of: words, among: stages.experiments))
    }

    func side(at index: Int) -> ExperimentDiff.Side {
      ExperimentDiff.Side(stages, index: index, results: results, store: store)
    }
  }

  private func sweep(_ path: String) throws -> Loaded {
    let (spec, stages) = try SpecOptions.load(
      path, .init(settings: settings), runs: runs, draws: false)
    return try SpecOptions.reporting {
      Loaded(
        stages: stages, results: try SpecOptions.results(spec, stages, runs: runs).found,
        store: Store(runs))
    }
  }

  /// The experiments of the same name; the only ones, whatever they are called.
  private static func pairs(_ a: Loaded, _ b: Loaded) throws -> SweepDiff {
    let (old, new) = (a.stages.experiments.map(\.name), b.stages.experiments.map(\.name))
    if old.count == 1, new.count == 1 { return try SweepDiff([(a.side(at: 0), b.side(at: 0))]) }
    let places = Dictionary(zip(new, new.indices)) { first, _ in first }
    let shared = old.enumerated().compactMap { index, name in
      places[name].map { (a: a.side(at: index), b: b.side(at: $0)) }
    }
    let names = Set(old)
    return try SweepDiff(
      shared, onlyA: old.filter { places[$0] == nil }, onlyB: new.filter { !names.contains($0) })
  }

  /// `spec.yaml:words` in two, where there is a file of that name; a spec alone has no words.
  private static func split(_ text: String) -> (path: String?, words: String?) {
    if Files.exists(text) { return (text, nil) }
    for index in text.indices where text[index] == ":" {
      let path = String(text[..<index])
      if Files.exists(path) { return (path, String(text[text.index(after: index)...])) }
    }
    return (nil, nil)
  }
}
