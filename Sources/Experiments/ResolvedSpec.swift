import Basics
import Foundation
import Pipeline

extension Experiment {
  /// The spec of this experiment alone: every default filled in, absolute paths, so that it says all
  /// and can be run from anywhere.
  ///
  /// - Parameter origins: the files of the networks of other experiments that it starts from, in the
  ///   order of `network.origins`; where there are none, the names of their arms.
  /// - Throws: never for an experiment that was read.
  package func resolvedSpec(name: String, origins: [String] = []) throws -> String {
    try resolved(name: name, origins: origins).yaml
  }

  /// Every key with its value in one line, but for `name`.
  package func resolvedSettings() throws -> [(key: String, value: String)] {
    func leaves(_ node: SpecNode, _ path: String) -> [(key: String, value: String)] {
      guard let entries = node.entries, !entries.isEmpty else { return [(path, node.flow)] }
      return entries.flatMap { leaves($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    }
    return leaves(try resolved(name: "", origins: []), "").filter { $0.key != "name" }
  }

  private func resolved(name: String, origins: [String]) throws -> SpecNode {
    func section(_ source: some Encodable, _ more: [(String, Value?)] = []) throws -> SpecNode {
      guard case .map(var entries) = try Value(encoding: source) else { return node(.null) }
      for (key, value) in more { entries[key] = value }
      return node(.map(entries))
    }
    func path(_ path: String?) -> Value? {
      path.map { .string(URL(filePath: $0).standardizedFileURL.path(percentEncoded: false)) }
    }
    func cohortNode(_ cohort: CohortSection, _ files: ExperimentFiles) throws -> SpecNode {
      if let sources = cohort.sources {
        let parts = try zip(sources, files.sources).map { try cohortNode($0, $1) }
        return SpecNode(.list(parts), at: Place(file: "experiment.yaml", line: 1))
      }
      return try section(
        cohort,
        [
          ("root", path(files.root)), ("table", path(files.table)),
          ("demographics", path(files.demographics)),
        ])
    }
    let policies = try zip(labels.findings, labels.uncertain).map {
      ($0, try Value(encoding: $1))
    }
    let uncertain = Value.map(Dictionary(policies) { first, _ in first })
    var paths = origins[...]
    let starts = network.starts.map { part, start -> (part: Int?, tag: String?, value: Value) in
      switch start {
      case .file(let file): (part, nil, path(file) ?? .string(file))
      case .pretrained(let name, _): (part, name, .string("imagenet"))
      case .experiment(let origin):
        (part, nil, paths.popFirst().flatMap(path) ?? .map(["from": .string(origin.arm)]))
      }
    }
    func start(_ part: Int?) -> (tag: String?, value: Value)? {
      starts.first { $0.part == part }.map { ($0.tag, $0.value) }
    }
    let arch: Value
    if let program = network.program {
      arch = .map(["torchscript": path(program) ?? .string(program)])
    } else if network.parts.count == 1 {
      arch = .string(start(nil)?.tag ?? network.arch)
    } else {
      arch = .map([
        "combined": .list(
          network.parts.enumerated().map { index, name in
            guard let start = start(index) else { return .string(name) }
            return .map(["arch": .string(start.tag ?? name), "weights": start.value])
          })
      ])
    }
    let weights = start(nil)?.value ?? (network.program == nil ? .string("random") : nil)
    let entries: [(String, SpecNode)] = [
      ("name", node(.string(name))), ("seed", node(.int(seed))),
      ("cohort", try cohortNode(cohort, files)),
      (
        "split",
        try section(
          split,
          [("by", files.split == nil ? .string(split.by) : nil), ("file", path(files.split))])
      ),
      (
        "labels",
        try labels.attribute == nil
          ? section(labels, [("uncertain", uncertain)])
          : section(
            labels,
            [
              ("classes", try Value(encoding: labels.findings)), ("findings", nil),
              ("uncertain", nil), ("blank", nil), ("head", nil),
            ])
      ),
      ("sample", try section(sample)), ("images", try section(images)),
      (
        "train",
        try section(
          train,
          [
            ("arch", arch), ("weights", weights),
            ("class_weights", try Value(encoding: classWeights)),
          ])
      ),
      ("eval", try section(eval, [("adjudicated", path(files.adjudicated))])),
      ("fairness", try section(fairness)),
    ]
    let place = Place(file: "experiment.yaml", line: 1)
    return SpecNode(.map(entries.map { SpecEntry($0.0, at: place, $0.1) }), at: place)
  }

  /// The value as a tree, keys sorted.
  private func node(_ value: Value) -> SpecNode {
    let place = Place(file: "experiment.yaml", line: 1)
    let content: SpecNode.Content
    switch value {
    case .null: content = .scalar("null", isPlain: true)
    case .bool, .int, .double: content = .scalar(value.text, isPlain: true)
    case .string(let text): content = .scalar(text, isPlain: false)
    case .list(let items): content = .list(items.map(node))
    case .map(let entries):
      content = .map(
        entries.sorted { $0.key < $1.key }.map { SpecEntry($0.key, at: place, node($0.value)) })
    }
    return SpecNode(content, at: place)
  }
}
