import Basics

@testable import Pipeline

/// Results in memory, for plans that need no disk.
final class TwinResults: ResultLookup {
  var results: [Digest: StageResult] = [:]
  var shapes: Set<Digest> = []
  var slots: [String: Fingerprint] = [:]
  var damaged: [Digest: [Reason]] = [:]

  func result(for fingerprint: Digest) -> StageResult? { results[fingerprint] }
  func damage(of result: StageResult) -> [Reason] { damaged[result.fingerprint] ?? [] }
  func hasResult(ofShape shape: Digest) -> Bool { shapes.contains(shape) }
  func previous(_ label: String) -> Fingerprint? { slots[label] }

  /// Does what a run would do: every stage makes bytes that `content` derives from its fingerprint.
  func run(
    _ graph: Graph, files: TwinFiles,
    content: (StageNode, Fingerprint) -> String = { $1.text }
  ) throws {
    var done: [StageResult] = []
    for node in graph.stages {
      let planner = Planner(results: self, files: files)
      let inputs = try node.declaration.inputs.compactMap { input in
        try planner.state(of: input.source) { done[$0.index] }.map { (input.name, $0.digest) }
      }
      let fingerprint = Fingerprint(
        kind: node.declaration.kind, version: node.declaration.version,
        parameters: node.declaration.parameters.leaves, inputs: inputs)
      let text = content(node, fingerprint)
      let result = StageResult(
        fingerprint: fingerprint.digest,
        outputs: node.declaration.outputs.map {
          StageOutput(name: $0, digest: Digest(of: "\($0) \(text)"), bytes: text.utf8.count)
        })
      results[fingerprint.digest] = result
      shapes.insert(fingerprint.shape)
      slots[node.label] = fingerprint
      done.append(result)
    }
  }
}

/// Files in memory; a set is known only when it was said to be.
final class TwinFiles: FileDigests {
  var contents: [String: String] = [:]
  var knownSets: [String: String] = [:]

  func file(_ path: String) throws(Diagnostic) -> FileState {
    guard let content = contents[path] else { throw Diagnostic("`\(path)` does not exist") }
    return FileState(digest: Digest(of: content), signature: content)
  }

  func listing(_ root: String) throws(Diagnostic) -> FileState {
    let below = contents.keys.filter { $0.hasPrefix(root + "/") }.sorted()
    return FileState(digest: Digest(of: below.joined(separator: "\n")), signature: "")
  }

  func set(root: String, listing: Digest) throws(Diagnostic) -> FileState? {
    knownSets[root].map { FileState(digest: Digest(of: $0 + listing.hex), signature: $0) }
  }
}

/// A small sweep: one split, one set of images, and train → predict for each arm and seed.
func exampleGraph(
  epochs: Int = 4, seed: Int = 7, archs: [String] = ["simple", "medium"], seeds: [Int] = [0, 1],
  trainVersion: Int = 1
) -> Graph {
  var builder = GraphBuilder()
  var names: [ExperimentName] = []
  for arch in archs {
    for trainSeed in seeds {
      let experiment = names.count
      names.append(
        ExperimentName(
          arm: arch, settings: [SweepSetting(path: "train.arch", name: "arch", value: arch)],
          seed: trainSeed))
      let split = builder.add(
        StageDeclaration(
          kind: "split", version: 1, parameters: .map(["split": .map(["seed": .int(seed)])]),
          inputs: [("table", .file(path: "table.csv"))], outputs: ["split.csv"]),
        experiment: experiment)
      let images = builder.add(
        StageDeclaration(
          kind: "images", version: 1, parameters: .map(["images.size": .int(224)]),
          inputs: [("pictures", .files(root: "data", listedIn: split, name: "split.csv"))],
          outputs: ["images.bin"]),
        experiment: experiment)
      let train = builder.add(
        StageDeclaration(
          kind: "train", version: trainVersion,
          parameters: .map([
            "train": .map(["arch": .string(arch), "epochs": .int(epochs)]),
            "seed": .int(trainSeed),
          ]),
          inputs: [
            ("split", .output(split, name: "split.csv")),
            ("images", .output(images, name: "images.bin")),
          ],
          outputs: ["model.safetensors"], weight: .heavy),
        experiment: experiment)
      _ = builder.add(
        StageDeclaration(
          kind: "predict", version: 1, parameters: .map([:]),
          inputs: [("model", .output(train, name: "model.safetensors"))],
          outputs: ["predictions.csv"]),
        experiment: experiment)
    }
  }
  return builder.finish(experiments: names)
}
