import Basics
import Experiments
import Foundation
import Pipeline
import Reports

/// `runs/<name>/`: a folder for each experiment with links to its results.
struct ResultFolder {
  let runs: String
  let spec: StudySpec
  let stages: ExperimentStages

  /// The results that people open, by the kind of the stage that makes them.
  private static let files: [(kind: String, outputs: [String])] = [
    ("split", [OutputName.split]), ("truth", [OutputName.truth]),
    ("sample", [OutputName.sample, OutputName.classWeights]),
    ("choice", [OutputName.policies]),
    ("train", [OutputName.model, OutputName.history]), ("predict", [OutputName.predictions]),
    ("eval", [OutputName.metrics, OutputName.thresholds, OutputName.curves]),
    ("fairness", [OutputName.fairness, OutputName.groupCurves]),
  ]

  /// The folder of what is about all experiments together, and what is in it.
  private static let consistency = (
    folder: "consistency",
    outputs: [
      OutputName.consistency, OutputName.consistencyMatrix, OutputName.consistencyPairs,
      OutputName.consistencyPicture, OutputName.misses,
    ]
  )

  /// What stands beside the links.
  private static let ownFiles = ["experiment.yaml", "provenance.json"]

  /// Writes links to what there is of `results`, the resolved spec of each experiment, and where
  /// each result came from.
  func write(_ results: [StageResult?]) throws {
    guard results.count == stages.graph.stages.count else { return }
    let store = Store(runs)
    // Another run of the same sweep writes the same folders.
    let lock = try? FileLock(path: Files.join(store.root, "work/\(spec.name).lock"))
    defer { lock?.release() }
    var folders: [(folder: String, files: [(name: String, object: Digest)])] = []
    for (experiment, kinds) in zip(stages.experiments, stages.stages) {
      var files: [(name: String, object: Digest)] = []
      for (kind, outputs) in Self.files {
        guard let result = kinds[kind].flatMap({ results[$0.index] }) else { continue }
        for output in outputs {
          if let digest = result.digest(of: output) { files.append((output, digest)) }
        }
      }
      if !files.isEmpty { folders.append((experiment.folder, files)) }
    }
    let written = Set(folders.map(\.folder))
    // What `--only` leaves out stays as it was.
    var others = Set(spec.all.map(\.folder)).subtracting(stages.experiments.map(\.folder))
    if !spec.isWhole { others.insert(Self.consistency.folder) }
    let root = Files.join(store.root, spec.name)
    for stale in (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    where !written.contains(stale) && !others.contains(stale) {
      for name in Self.ownFiles { unlink(Files.join(root, "\(stale)/\(name)")) }
    }
    try Links.write(
      store: store, sweep: spec.name, experiments: folders + consistency(results), kept: others)
    let own = folders.flatMap { entry in
      Self.ownFiles.map { Files.join(root, "\(entry.folder)/\($0)") }
    }
    try Stamp(path: Files.join(root, ".experiments"), inputs: inputs(results), files: own).refresh {
      try writeOwn(results, folders: written)
    }
  }

  /// The links of `consistency`; none for a part of the sweep.
  private func consistency(
    _ results: [StageResult?]
  ) -> [(folder: String, files: [(name: String, object: Digest)])] {
    guard spec.isWhole, case .stage(let stage) = stages.consistency,
      let result = results[stage.index]
    else { return [] }
    let files = Self.consistency.outputs.compactMap { name in
      result.digest(of: name).map { (name: name, object: $0) }
    }
    return [(Self.consistency.folder, files)]
  }

  /// Writes the files that stand beside the links.
  private func writeOwn(_ results: [StageResult?], folders: Set<String>) throws {
    let store = Store(runs)
    // Experiments share most of their stages.
    var manifests: [Digest: Manifest] = [:]
    for (index, (experiment, kinds)) in zip(stages.experiments, stages.stages).enumerated()
    where folders.contains(experiment.folder) {
      let folder = "\(store.root)/\(spec.name)/\(experiment.folder)"
      let origins = stages.origins[index].compactMap {
        results[$0.index]?.digest(of: OutputName.model)
      }
      try replace(
        Files.join(folder, Self.ownFiles[0]),
        Array(
          experiment.resolvedSpec(name: spec.name, origins: origins.map(store.objectPath)).utf8))
      let used = kinds.compactMapValues { results[$0.index]?.fingerprint }
      for fingerprint in used.values where manifests[fingerprint] == nil {
        manifests[fingerprint] = store.manifest(fingerprint)
      }
      let provenance = try ResultFile.text(used.compactMapValues { manifests[$0] })
      try replace(Files.join(folder, Self.ownFiles[1]), Array(provenance.utf8))
    }
  }

  /// All that the files beside the links, and the table, are made from.
  private func inputs(_ results: [StageResult?]) -> Digest {
    var text = "\(Store(runs).root)\n"
    for experiment in stages.experiments {
      // The folder of a phantom names its options; a dictionary would be in another order each time.
      var files = experiment.files
      files.phantomOptions = [:]
      text += "\(experiment.name)\n\(files)\n"
    }
    for result in results {
      guard let result else { continue }
      text += "\(result.fingerprint.hex) \(result.outputs.map(\.digest.hex))\n"
    }
    return Digest(of: Array(text.utf8))
  }

  /// Writes `table.csv`, every metric of every arm, and `arms.json`, by which `compare` finds them; not
  /// for a part of the sweep.
  func write(_ table: RunTable, _ saved: SavedTable, of results: [StageResult?]) throws {
    guard spec.isWhole else { return }
    let folder = Files.join(Store(runs).root, spec.name)
    try Files.makeFolder(folder)
    let paths = ["table.csv", SavedTable.fileName].map { Files.join(folder, $0) }
    try Stamp(path: Files.join(folder, ".table"), inputs: inputs(results), files: paths).refresh {
      try replace(paths[0], table.csv())
      try replace(paths[1], Array(ResultFile.text(saved).utf8))
    }
  }

  /// Writes a file unless it says the same already.
  private func replace(_ path: String, _ bytes: [UInt8]) throws(Diagnostic) {
    if let old = try? Files.read(path), old == bytes { return }
    try Files.write(bytes, to: path)
  }
}

extension Experiment {
  /// The name of the folder: `arch=simple,seed=0`, without blanks and what a path cannot hold.
  var folder: String {
    let parts = name.split(whereSeparator: { $0 == " " || $0 == "," }).joined(separator: ",")
    return String(parts.map { "/\\\0".contains($0) ? "_" : $0 })
  }
}
