import Basics
import Catalogue
import Pipeline
import Radiographs

/// A spec, read and checked: the experiments of its sweep.
package struct StudySpec: Sendable {
  /// The name of the sweep, which names its folder in `runs/`.
  package let name: String
  /// The experiments in the order of the sweep: the members of an arm stand together.
  package let experiments: [Experiment]
  /// Which arms are compared.
  package let compare: CompareSection

  /// Keys that hold lists, so that a plain item of an axis over them means a list of one.
  static let listKeys: Set<String> = [
    "labels.findings", "cohort.views", "split.stratify", "fairness.by",
  ]

  /// Reads the spec at `path`, with `--set` options over it.
  ///
  /// - Parameter machine: what `auto` means here.
  /// - Throws: everything that is wrong, as a `SpecError`.
  package static func read(
    _ path: String, settings: [String] = [], machine: Machine
  ) throws(SpecError) -> StudySpec {
    let diagnostics = DiagnosticList()
    guard let file = SpecFile.read(path: path, diagnostics: diagnostics) else {
      throw SpecError(diagnostics)
    }
    let root = SpecOverride.apply(settings, to: file.root, diagnostics: diagnostics)
    let points = Sweep.points(of: root, listKeys: listKeys, diagnostics: diagnostics)
    var headers: [ExperimentReader.HeaderKey: CohortHeader] = [:]
    var experiments: [Experiment] = []
    for point in points {
      let reader = ExperimentReader(point, diagnostics: diagnostics, machine: machine)
      if let experiment = reader.read(headers: &headers) { experiments.append(experiment) }
    }
    if points.isEmpty {
      // The sweep itself is wrong; what is wrong beside it is said all the same.
      let base = root.removing("sweep")
      for point in Sweep.points(of: base, listKeys: listKeys, diagnostics: diagnostics) {
        let reader = ExperimentReader(point, diagnostics: diagnostics, machine: machine)
        _ = reader.read(headers: &headers)
      }
    }
    let name = SectionReader(root, diagnostics: diagnostics).string("name", default: stem(path))
    if !isFolderName(name) {
      diagnostics.add(
        "`\(name.prefix(100))` cannot name a folder", at: root["name"]?.place,
        hint: Store.reservedNames.contains(name)
          ? "the cache uses this name" : "use up to 100 letters, digits, `-`, `_` and `.`")
    }
    let compare = CompareSection.read(
      SectionReader(root, diagnostics: diagnostics), arms: experiments.map(\.settings))
    for axis in root["sweep"]?.entries ?? []
    where ["name", "extends", "compare"].contains(axis.key) || axis.key.hasPrefix("compare.") {
      diagnostics.add("`\(axis.key)` cannot be an axis", at: axis.keyPlace)
    }
    guard diagnostics.isEmpty else { throw SpecError(diagnostics) }
    return StudySpec(name: name, experiments: sorted(experiments), compare: compare)
  }

  /// Arms in the order of their first member; the sort is by arm only, seeds keep their order.
  private static func sorted(_ experiments: [Experiment]) -> [Experiment] {
    var order: [String: Int] = [:]
    for experiment in experiments where order[experiment.arm] == nil {
      order[experiment.arm] = order.count
    }
    return experiments.enumerated().sorted {
      (order[$0.element.arm] ?? 0, $0.offset) < (order[$1.element.arm] ?? 0, $1.offset)
    }.map(\.element)
  }

  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func isFolderName(_ name: String) -> Bool {
    let allowed = name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
    }
    return allowed && !name.isEmpty && name.count <= 100 && !name.hasPrefix(".")
      && !Store.reservedNames.contains(name)
  }
}

/// A spec with something wrong in it.
package struct SpecError: Error {
  /// Each with its line and a caret, sorted by place.
  package let rendered: String
  /// The diagnostics.
  package let all: [Diagnostic]

  init(_ diagnostics: DiagnosticList) {
    rendered = diagnostics.rendered
    all = diagnostics.sorted
  }
}

/// What `auto` means on the machine that trains.
package struct Machine: Sendable {
  /// `cpu` or `cuda`.
  package var device: String
  /// Whether it computes in bfloat16.
  package var hasBFloat16: Bool
  /// The folder below which phantoms are drawn, and how.
  package var runs: String
  package var draw: PhantomSection.Draw

  /// A machine.
  package init(
    device: String, hasBFloat16: Bool, runs: String, draw: @escaping PhantomSection.Draw
  ) {
    self.device = device
    self.hasBFloat16 = hasBFloat16
    self.runs = runs
    self.draw = draw
  }
}
