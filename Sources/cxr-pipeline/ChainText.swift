import Basics
import Pipeline

/// `plan --why`: the way from a stage back to what changed, as text.
struct ChainText {
  private let plan: Plan
  private let spec: SpecNode?

  /// Chains of `plan`, with places in the spec that `options` name.
  init(_ plan: Plan, _ options: SpecOptions) {
    self.plan = plan
    let unheard = DiagnosticList()
    spec = SpecFile.read(path: options.spec, diagnostics: unheard).map {
      SpecOverride.apply(options.settings, to: $0.root, diagnostics: unheard)
    }
  }

  /// A stage to a paragraph, each below the one that reads it:
  ///
  /// ```text
  /// predict arch=simple  maybe
  ///   input may change: model
  ///   model is made by train arch=simple  run
  ///     option changed: train.epochs 4 → 6  (spec.yaml:12:11)
  /// ```
  func text(to stage: StageID) -> String {
    var lines: [String] = []
    for link in PlanChain(plan, to: stage).links {
      let node = plan.graph[link.entry.stage]
      let indent = String(repeating: "  ", count: link.depth)
      let linkWords =
        link.makes.isEmpty
        ? "" : "\(Self.list(link.makes)) \(link.makes.count == 1 ? "is" : "are") made by "
      let status = "\(indent)\(linkWords)\(node.label)  \(link.entry.status.name)"
      guard !link.isRepeated else {
        lines.append(status + (link.entry.reasons.isEmpty ? "" : ", see above"))
        continue
      }
      lines.append(status)
      // What other stages make is listed once more below, stage by stage.
      let made = link.entry.reasons.filter { Self.isMade($0, node) }
      if let first = made.first {
        lines.append("\(indent)  \(first.what.rawValue): \(Self.list(made.map(\.name)))")
      }
      for reason in link.entry.reasons where !Self.isMade(reason, node) {
        lines.append("\(indent)  \(words(reason, node))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Whether what may change is the output of another stage.
  private static func isMade(_ reason: Reason, _ node: StageNode) -> Bool {
    guard reason.what == .inputMayChange,
      case .output = node.declaration.inputs.first(where: { $0.name == reason.name })?.source
    else { return false }
    return true
  }

  /// At most four names: a summary reads hundreds of files.
  private static func list(_ names: [String]) -> String {
    names.prefix(4).joined(separator: ", ")
      + (names.count > 4 ? " and \(names.count - 4) more" : "")
  }

  private func words(_ reason: Reason, _ node: StageNode) -> String {
    if reason.what == .optionChanged {
      return "\(reason)" + (place(of: reason).map { "  (\($0))" } ?? "")
    }
    let source = node.declaration.inputs.first { $0.name == reason.name }?.source
    switch source {
    case .file(let path) where reason.what == .inputChanged: return "\(reason)  (\(path))"
    case .listing(let root) where reason.what == .inputChanged:
      return "\(reason)  (the names of the files in \(root))"
    case .files(let root, _, _) where reason.what == .inputMayChange:
      return "\(reason)  (files in \(root), read by the run where they are not known)"
    default: return "\(reason)"
    }
  }

  /// Where the spec sets an option: on an axis of the sweep, or in its section.
  private func place(of reason: Reason) -> String? {
    guard let spec else { return nil }
    let value =
      spec["sweep"].flatMap { Self.entry(reason.name, below: $0) }
      ?? spec.node(at: reason.name.split(separator: ".").map(String.init))
    guard let value else { return nil }
    let item = value.items?.first { $0.flow == reason.to }
    let place = item?.place ?? value.place
    return "\(place.file):\(place.line)" + (place.column.map { ":\($0)" } ?? "")
  }

  /// The value of the key `name`, wherever it stands below `node`.
  private static func entry(_ name: String, below node: SpecNode) -> SpecNode? {
    for entry in node.entries ?? [] {
      if entry.key == name { return entry.value }
      if let found = self.entry(name, below: entry.value) { return found }
    }
    for item in node.items ?? [] {
      if let found = entry(name, below: item) { return found }
    }
    return nil
  }
}
